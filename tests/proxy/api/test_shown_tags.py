from datetime import UTC, datetime
from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer
from tests.proxy.api.memory import MemoryHub, charger_state

from oye_proxy.accounts import Scope
from oye_proxy.api.shown_tags import charger_shown_to, event_shown_to
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.events import ChargerChanged, News
from oye_proxy.ocppj.facts import ConnectorFacts, ReservationFacts, TransactionFacts

TAG = "04A1B2C3"
SHOWN = [("token-of-read", "…B2C3"), ("token-of-control", TAG)]


def news(**data: Any) -> News:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return News(event="authorization", charge_point_id="CP1", time=at, data=data)


def facts(id_tag: str | None) -> dict[str, Any]:
    """Return a running transaction, one that ended and a reservation, all with the same tag."""
    running = TransactionFacts(transaction_id="8", id_tag=id_tag, id_tag_name="Ann")
    ended = TransactionFacts(transaction_id="7", id_tag=id_tag, id_tag_name="Ann")
    return {
        "reservations": [ReservationFacts(reservation_id=5, id_tag=id_tag)],
        "connectors": [
            ConnectorFacts(evse_id=1, transaction=running, last_transaction=ended),
            ConnectorFacts(evse_id=2),
        ],
    }


def tags_in(charger: dict[str, Any]) -> list[str | None]:
    """Return the tags in a charger's JSON, and check that each has its name."""
    connector = charger["connectors"][0]
    transactions = [connector["transaction"], connector["lastTransaction"]]
    assert ["Ann", "Ann"] == [one["idTagName"] for one in transactions]
    return [one["idTag"] for one in [*transactions, *charger["reservations"]]]


@pytest.mark.parametrize(
    ("scope", "shown"), [(Scope.READ, "…B2C3"), (Scope.CONTROL, TAG), (Scope.ADMIN, TAG)]
)
def test_a_tag_is_whole_for_those_who_may_command(scope: Scope, shown: str) -> None:
    event = news(idTag=TAG, status="Accepted")
    charger = charger_state("CP1", **facts(TAG))

    assert news(idTag=shown, status="Accepted") == event_shown_to(scope, event)
    assert charger_state("CP1", **facts(shown)) == charger_shown_to(scope, charger)
    assert (TAG, TAG) == (event.data["idTag"], charger.reservations[0].id_tag)


@pytest.mark.parametrize("event", [news(idTag=None), news(), ChargerChanged("CP1")])
def test_an_event_without_a_tag_stays(event: Any) -> None:
    assert event is event_shown_to(Scope.READ, event)


@pytest.mark.parametrize("charger", [charger_state("CP1"), charger_state("CP1", **facts(None))])
def test_a_charger_without_a_tag_stays(charger: ChargerState) -> None:
    assert charger == charger_shown_to(Scope.READ, charger)


def test_those_who_may_command_get_the_state_without_a_copy() -> None:
    charger = charger_state("CP1", **facts(TAG))

    assert charger is charger_shown_to(Scope.CONTROL, charger)


@pytest.mark.parametrize(("token", "shown"), SHOWN)
async def test_each_caller_sees_what_it_may(
    api: Api, hub: MemoryHub, token: str, shown: str
) -> None:
    hub.change("CP1", **facts(TAG))
    header = bearer(token)
    _, state = await api.ask("GET", "/api/state", headers=header)
    _, rows = await api.ask("GET", "/api/chargers", headers=header)
    _, charger = await api.ask("GET", "/api/chargers/CP1", headers=header)

    for seen in (state["chargers"][0], rows[0]["state"], charger):
        assert [shown, shown, shown] == tags_in(seen)


@pytest.mark.parametrize(("token", "shown"), SHOWN)
async def test_each_live_client_sees_what_it_may(
    api: Api, hub: MemoryHub, token: str, shown: str
) -> None:
    """In the snapshot, in what changes and in the news."""
    hub.change("CP1", **facts(TAG))
    async with api.session.ws_connect(f"{api.url}/api/live", headers=bearer(token)) as socket:
        snapshot = await socket.receive_json()
        hub.change("CP1", name="Garage")
        change = await socket.receive_json()
        hub.bus.publish(news(idTag=TAG))
        message = await socket.receive_json()

    assert [shown, shown, shown] == tags_in(snapshot["chargers"][0])
    assert ("Garage", [shown, shown, shown]) == (
        change["charger"]["name"],
        tags_in(change["charger"]),
    )
    assert ("authorization", shown) == (message["event"], message["data"]["idTag"])
