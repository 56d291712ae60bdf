"""Events: what happens, when it happens, in the words of Home Assistant."""

from typing import Any

import pytest
from custom_components.oye.const import CONF_ID_TAGS, ID_TAGS_MASKED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion
from tests.integration import chargers
from tests.integration.commands import Site, check_snapshot, make_site
from tests.integration.conftest import SetUp, until
from tests.integration.fake_proxy import FakeProxy

AUTHORIZATION = {
    "idTag": "04AABBCC2C3D",
    "idTagName": "Blue card",
    "status": "Accepted",
    "source": "card",
    "evseId": 1,
    "connectorId": 1,
}
STARTED = {
    "transactionId": "1012690501",
    "idTag": "04AABBCC2C3D",
    "idTagName": "Blue card",
    "idTagStatus": "Accepted",
    "startedAt": "2026-11-21T11:30:00Z",
    "startedBy": "local",
    "offline": False,
    "evseId": 1,
    "connectorId": 1,
    "csmsConnected": True,
}
ENDED = STARTED | {
    "stoppedAt": "2026-11-21T12:30:05Z",
    "energyWh": 7123.4,
    "reason": "EVDisconnected",
}
SESSION = {
    "transaction_id": "1012690501",
    "connector": 1,
    "id_tag": "04AABBCC2C3D",
    "tag_name": "Blue card",
    "started_by": "card",
    "offline": False,
}


@pytest.fixture
async def site(
    every_entity_enabled: None,  # noqa: ARG001 - for what it does
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
) -> Site:
    return await make_site(hass, proxy, entry, set_up)


def told(site: Site, unique_id: str) -> tuple[str | None, dict[str, Any]]:
    """Return the type of the last event and its own attributes."""
    attributes = site.attributes("event", unique_id)
    event_type = attributes.pop("event_type")
    for common in ("event_types", "friendly_name", "icon"):
        attributes.pop(common, None)
    return event_type, attributes


@pytest.mark.snapshots
async def test_what_events_there_are(site: Site, snapshot: SnapshotAssertion) -> None:
    check_snapshot(site, "event", snapshot)


@pytest.mark.parametrize(
    ("status", "event_type"),
    [
        ("Accepted", "authorized"),
        ("Blocked", "rejected"),
        ("Expired", "rejected"),
        ("Invalid", "rejected"),
        ("ConcurrentTx", "rejected"),
    ],
)
async def test_a_tag_is_authorized_or_rejected(site: Site, status: str, event_type: str) -> None:
    await site.tell("authorization", "CP2", **AUTHORIZATION | {"status": status, "evseId": 2})

    assert (
        event_type,
        {
            "id_tag": "04AABBCC2C3D",
            "tag_name": "Blue card",
            "status": status,
            "connector": 2,
            "source": "card",
        },
    ) == told(site, "CP2_authorization")
    assert "unknown" == site.state("event", "CP1_authorization")


async def test_the_same_tag_twice_is_news_twice(site: Site) -> None:
    entity_id = site.entity_id("event", "CP1_authorization")
    seen: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] == entity_id and event.data["new_state"] is not None:
            seen.append(event.data["new_state"].state)

    site.hass.bus.async_listen("state_changed", note)
    for _ in range(2):
        await site.tell("authorization", "CP1", **AUTHORIZATION)
    await site.hass.async_block_till_done()

    assert 2 == len(set(seen))


@pytest.mark.parametrize(
    ("id_tag", "shown"),
    [("04AABBCC2C3D", "…2C3D"), ("…2C3D", "…2C3D"), ("2C3D", "…"), ("", None), (None, None)],
)
async def test_tags_are_shown_by_their_end_when_the_owner_wants_that(
    site: Site, id_tag: str | None, shown: str | None
) -> None:
    """The name that the owner gave it is always told."""
    site.hass.config_entries.async_update_entry(site.entry, options={CONF_ID_TAGS: ID_TAGS_MASKED})
    await site.tell("authorization", "CP1", **AUTHORIZATION | {"idTag": id_tag})
    await site.tell("transaction_started", "CP1", **STARTED | {"idTag": id_tag})

    for unique_id in ("CP1_authorization", "CP1_1_session"):
        _, attributes = told(site, unique_id)
        assert shown == attributes["id_tag"]
        assert "Blue card" == attributes["tag_name"]


async def test_a_session_that_starts_is_told_with_its_tag(site: Site) -> None:
    await site.tell("transaction_started", "CP1", **STARTED)

    assert ("started", SESSION) == told(site, "CP1_1_session")


async def test_a_session_that_ends_is_told_with_its_energy(site: Site) -> None:
    await site.tell("transaction_ended", "CP1", **ENDED)

    assert (
        "ended",
        SESSION
        | {
            "energy_kwh": 7.123,
            "duration_s": 3605,
            "reason": "EVDisconnected",
            "acknowledged_by_csms": True,
        },
    ) == told(site, "CP1_1_session")


@pytest.mark.parametrize(
    ("started_by", "shown"),
    [
        ("operator", "csms"),
        ("owner", "owner"),
        ("automation", "owner"),
        ("local", "card"),
        ("somebody new", "unknown"),
        (None, "unknown"),
    ],
)
async def test_who_started_a_session_is_told(
    site: Site, started_by: str | None, shown: str
) -> None:
    await site.tell("transaction_started", "CP1", **STARTED | {"startedBy": started_by})
    _, attributes = told(site, "CP1_1_session")

    assert shown == attributes["started_by"]


async def test_what_nobody_knows_of_a_session_is_none(site: Site) -> None:
    """The start was not seen, and the rest makes no sense."""
    nonsense = {"transactionId": 7, "stoppedAt": "soon", "energyWh": "much", "csmsConnected": 1}
    await site.tell("transaction_ended", "CP1", evseId=None, **nonsense)

    assert (
        "ended",
        {
            "transaction_id": None,
            "connector": 1,
            "id_tag": None,
            "tag_name": None,
            "started_by": "unknown",
            "offline": False,
            "energy_kwh": None,
            "duration_s": None,
            "reason": None,
            "acknowledged_by_csms": None,
        },
    ) == told(site, "CP1_1_session")


async def test_a_clock_that_was_set_back_gives_no_negative_duration(site: Site) -> None:
    await site.tell("transaction_ended", "CP1", **ENDED | {"stoppedAt": "2026-11-21T11:00:00Z"})
    _, attributes = told(site, "CP1_1_session")

    assert 0 == attributes["duration_s"]


@pytest.mark.parametrize(("evse_id", "at"), [(1, ["1"]), (2, ["2"]), (None, []), (3, [])])
async def test_a_session_is_told_at_its_connector_alone(
    site: Site, evse_id: int | None, at: list[str]
) -> None:
    """Of several connectors nobody can guess the one that is meant."""
    await site.tell("transaction_started", "CP2", **STARTED | {"evseId": evse_id})

    assert at == [
        number for number in ("1", "2") if site.state("event", f"CP2_{number}_session") != "unknown"
    ]


@pytest.mark.parametrize(
    ("event", "data", "attributes"),
    [
        ("boot", {"vendor": "V", "reason": "PowerUp"}, {"detail": "PowerUp"}),
        ("boot", {"vendor": "V", "reason": None}, {}),
        ("connected", {"remoteAddress": "192.0.2.10"}, {}),
        ("disconnected", {}, {}),
        ("csms_lost", {"reason": "closed"}, {"detail": "closed", "csms": "csms.example"}),
        ("csms_restored", {}, {"csms": "csms.example"}),
        (
            "fault",
            {"errorCode": "GroundFailure", "info": "Call\nsomebody", "evseId": 1},
            {"error_code": "GroundFailure", "detail": "Callsomebody"},
        ),
        (
            "security_event",
            {"type": "TamperDetectionActivated", "techInfo": "x"},
            {"detail": "TamperDetectionActivated"},
        ),
        ("command_blocked", {"action": "UnlockConnector"}, {"action": "UnlockConnector"}),
    ],
)
async def test_what_else_happens_is_told(
    site: Site, event: str, data: dict[str, Any], attributes: dict[str, Any]
) -> None:
    """Of the CSMS its host alone: the rest of its address may hold secrets."""
    await site.show(chargers.charging("CP1", csmsUrl="wss://user:secret@csms.example/ocpp?key=1"))
    await site.tell(event, "CP1", **data)

    assert (event, attributes) == told(site, "CP1_activity")
    assert "unknown" == site.state("event", "CP1_authorization")


@pytest.mark.parametrize("url", [None, "", "wss://[", "no address"])
async def test_a_csms_without_a_host_is_not_named(site: Site, url: str | None) -> None:
    await site.show(chargers.charging("CP1", csmsUrl=url))
    await site.tell("csms_restored", "CP1")

    assert ("csms_restored", {}) == told(site, "CP1_activity")


@pytest.mark.parametrize("event", ["injection", "caught_up", "something new", "authorization"])
async def test_other_news_are_not_told(site: Site, event: str) -> None:
    """An authorization without an outcome is none."""
    await site.tell(event, "CP1", state="sent")

    assert {"unknown"} == {site.state("event", unique_id) for unique_id in site.registered("event")}


async def test_what_a_snapshot_tells_is_no_news(site: Site) -> None:
    site.proxy.put(chargers.faulted("CP1"))
    await site.proxy.restart()
    charger = site.entry.runtime_data.data.chargers
    await until(site.hass, lambda: site.entry.runtime_data.data.chargers["CP1"].fault)

    assert not charger["CP1"].fault
    assert {"unknown"} == {site.state("event", unique_id) for unique_id in site.registered("event")}


async def test_the_loss_of_a_charger_is_told_while_it_is_away(site: Site) -> None:
    await site.show(chargers.charging("CP1", connected=False))
    await site.tell("disconnected", "CP1")

    assert ("disconnected", {}) == told(site, "CP1_activity")
    assert "unavailable" == site.state("event", "CP1_authorization")
    assert "unavailable" == site.state("event", "CP1_1_session")


async def test_events_are_told_in_any_mode(site: Site) -> None:
    await site.show(chargers.charging("CP1", mode="monitor"))
    await site.tell("authorization", "CP1", **AUTHORIZATION)

    assert "authorized" == told(site, "CP1_authorization")[0]


async def test_nobody_listens_for_what_is_removed(site: Site) -> None:
    coordinator = site.entry.runtime_data
    await site.proxy.remove("CP1")
    await until(site.hass, lambda: "CP1_authorization" not in site.registered("event"))
    of_chargers = {charge_point_id for charge_point_id, _ in coordinator._event_listeners}
    await site.hass.config_entries.async_unload(site.entry.entry_id)

    assert {"CP2"} == of_chargers
    assert [] == coordinator._event_listeners


async def test_the_activity_is_off_until_the_owner_wants_it(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    site = await make_site(hass, proxy, entry, set_up)
    enabled = {key for key, one in site.registered("event").items() if one.disabled_by is None}

    assert {
        "CP1_authorization",
        "CP1_1_session",
        "CP2_authorization",
        "CP2_1_session",
        "CP2_2_session",
    } == enabled


@pytest.mark.parametrize(
    ("trigger", "unique_id", "news"),
    [
        ("oye.tag_presented", "CP1_authorization", ("authorization", AUTHORIZATION)),
        ("oye.session_started", "CP1_1_session", ("transaction_started", STARTED)),
        ("oye.session_ended", "CP1_1_session", ("transaction_ended", ENDED)),
        ("oye.csms_lost", "CP1_activity", ("csms_lost", {"reason": "closed"})),
    ],
)
async def test_an_automation_starts_with_the_news(
    site: Site, trigger: str, unique_id: str, news: tuple[str, dict[str, Any]]
) -> None:
    """From the proxy's message to the action, with the charger as the target."""
    noted: list[str] = []
    site.hass.services.async_register(
        "test", "note", lambda call: noted.append(call.data["entity_id"])
    )
    target = {"device_id": site.registered("event")[unique_id].device_id}
    automation = {
        "triggers": {"trigger": trigger, "target": target},
        "actions": {
            "action": "test.note",
            "data": {"entity_id": "{{ trigger.entity_id }}"},
        },
    }
    assert await async_setup_component(site.hass, "automation", {"automation": automation})
    await site.hass.async_block_till_done()
    for event, data in (
        ("authorization", AUTHORIZATION),
        ("transaction_started", STARTED),
        ("transaction_ended", ENDED),
        ("csms_lost", {"reason": "closed"}),
        ("boot", {}),
    ):
        await site.tell(event, "CP1", **data)
    await site.tell(news[0], "CP1", **news[1])
    await site.tell(news[0], "CP2", **news[1])
    await until(site.hass, lambda: len(noted) >= 2)

    assert [site.entity_id("event", unique_id)] * 2 == noted
