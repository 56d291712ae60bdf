from datetime import UTC, datetime
from typing import Any

import pytest
from tests.proxy.api.conftest import Api, MemoryHub, bearer

from oye_proxy.accounts import Scope
from oye_proxy.api.shown_tags import shown_to
from oye_proxy.hub.events import ChargerChanged, News


def news(**data: Any) -> News:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return News(event="authorization", charge_point_id="CP1", time=at, data=data)


@pytest.mark.parametrize(
    ("scope", "shown"),
    [(Scope.READ, "…B2C3"), (Scope.CONTROL, "04A1B2C3"), (Scope.ADMIN, "04A1B2C3")],
)
def test_a_tag_is_whole_for_those_who_may_command(scope: Scope, shown: str) -> None:
    event = news(idTag="04A1B2C3", status="Accepted")

    assert news(idTag=shown, status="Accepted") == shown_to(scope, event)
    assert "04A1B2C3" == event.data["idTag"]


@pytest.mark.parametrize(
    "event", [news(idTag=None), news(idTag="…B2C3"), news(), ChargerChanged("CP1")]
)
def test_what_holds_no_whole_tag_stays(event: Any) -> None:
    assert event is shown_to(Scope.READ, event)


@pytest.mark.parametrize(
    ("token", "shown"), [("token-of-read", "…B2C3"), ("token-of-control", "04A1B2C3")]
)
async def test_each_live_client_sees_what_it_may(
    api: Api, hub: MemoryHub, token: str, shown: str
) -> None:
    async with api.session.ws_connect(f"{api.url}/api/live", headers=bearer(token)) as socket:
        await socket.receive_json()
        hub.bus.publish(news(idTag="04A1B2C3"))
        message = await socket.receive_json()

    assert ("authorization", shown) == (message["event"], message["data"]["idTag"])
