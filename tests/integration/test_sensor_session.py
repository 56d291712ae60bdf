"""What the sensors of a connector tell of its state, its limit and its charging session."""

import json
from pathlib import Path
from typing import Any

import pytest
from custom_components.oye.const import CONF_ID_TAGS, ID_TAGS_FULL, ID_TAGS_MASKED
from custom_components.oye.models import Party
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.chargers import Json
from tests.integration.conftest import SetUp
from tests.integration.contract import complete
from tests.integration.fake_proxy import FakeProxy
from tests.integration.shown import entity_id, shown, state_of, tell

pytestmark = pytest.mark.usefixtures("every_entity_enabled")

FOLDER = Path(__file__).parents[2] / "custom_components/oye"
SESSION = ("session_start", "session_duration", "transaction_id", "id_tag", "stop_reason")


@pytest.fixture(autouse=True)
def _no_other_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.oye.PLATFORMS", [Platform.SENSOR])


def told(**changes: Any) -> Json:
    """Return a charger with one connector."""
    charger = chargers.charger("CP1", [chargers.connector(1, **changes)])
    return complete("ChargerState", charger)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Available", "available"),
        ("Preparing", "preparing"),
        ("Charging", "charging"),
        ("SuspendedEV", "suspended_ev"),
        ("SuspendedEVSE", "suspended_evse"),
        ("Finishing", "finishing"),
        ("Reserved", "reserved"),
        ("Unavailable", "inoperative"),
        ("Faulted", "faulted"),
        (None, "unknown"),
    ],
)
async def test_the_status_keeps_the_words_of_ocpp(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    status: str | None,
    expected: str,
) -> None:
    """Except one: `unavailable` is Home Assistant's own state."""
    proxy.put(told(status=status))
    await set_up(entry)

    assert expected == shown(hass, "CP1_1_status")


@pytest.mark.parametrize(
    ("status", "paused_by", "expected"),
    [
        ("SuspendedEVSE", "owner", "owner"),
        ("SuspendedEVSE", "csms", "csms"),
        ("SuspendedEVSE", "charger", "charger"),
        # A pause that ends the session leaves another status.
        ("Finishing", "owner", "owner"),
        ("SuspendedEV", None, None),
    ],
)
async def test_the_status_tells_who_keeps_the_car_from_charging(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    status: str,
    paused_by: str | None,
    expected: str | None,
) -> None:
    """That the car itself pauses is a status."""
    proxy.put(told(status=status))
    await set_up(entry)
    before = state_of(hass, "CP1_1_status").attributes["paused_by"]
    charger = told(status=status)
    charger["limits"]["connectors"][0]["pausedBy"] = paused_by
    await tell(hass, proxy, entry, charger)

    assert before is None
    assert expected == state_of(hass, "CP1_1_status").attributes["paused_by"]


def test_each_party_that_can_pause_has_a_text_in_every_language() -> None:
    for path in sorted((FOLDER / "translations").glob("*.json")):
        status = json.loads(path.read_text())["entity"]["sensor"]["status"]
        told_by = status["state_attributes"]["paused_by"]

        assert (path.stem, set(Party) - {Party.NO_LIMIT}) == (path.stem, set(told_by["state"]))
        assert all([told_by["name"], *told_by["state"].values()])


async def test_a_session_is_told_while_it_runs_and_until_the_next_starts(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    proxy.put(told())
    await set_up(entry)

    def seen() -> list[str]:
        return [shown(hass, f"CP1_1_{key}") for key in SESSION]

    states = [seen()]
    await tell(hass, proxy, entry, chargers.charging("CP1"))
    states.append(seen())
    ended = chargers.transaction(stoppedAt="2026-11-21T13:00:00Z", reason="EVDisconnected")
    await tell(hass, proxy, entry, told(lastTransaction=ended))
    states.append(seen())
    following = chargers.transaction(
        transactionId="77", idTag=None, startedAt="2026-11-21T14:00:00Z"
    )
    await tell(
        hass, proxy, entry, told(status="Preparing", transaction=following, lastTransaction=ended)
    )
    states.append(seen())

    began = "2026-11-21T11:30:00+00:00"
    assert [
        ["unknown"] * 5,
        [began, "30.0", "1012690501", "…2C3D", "unknown"],
        [began, "90.0", "1012690501", "…2C3D", "ev_disconnected"],
        ["2026-11-21T14:00:00+00:00", "0.0", "77", "unknown", "ev_disconnected"],
    ] == states


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("DeAuthorized", "de_authorized"),
        ("SOCLimitReached", "soc_limit_reached"),
        ("StoppedByEV", "stopped_by_ev"),
        ("ReqEnergyTransferRejected", "req_energy_transfer_rejected"),
        ("Whatever", "unknown"),
        (None, "unknown"),
    ],
)
async def test_a_reason_is_one_that_ocpp_knows(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    reason: str | None,
    expected: str,
) -> None:
    """`DeAuthorized` is 1.6, most others came with 2.x."""
    ended = chargers.transaction(stoppedAt="2026-11-21T13:00:00Z", reason=reason)
    proxy.put(told(lastTransaction=ended))
    await set_up(entry)

    assert expected == shown(hass, "CP1_1_stop_reason")


async def test_a_session_without_a_known_start_has_no_duration(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    proxy.put(told(transaction=chargers.transaction(startedAt=None)))
    await set_up(entry)

    assert "unknown" == shown(hass, "CP1_1_session_duration")
    assert "unknown" == shown(hass, "CP1_1_session_start")


@pytest.mark.parametrize(
    ("choice", "id_tag", "expected"),
    [
        (ID_TAGS_FULL, "04A1B2C3D4", "04A1B2C3D4"),
        (ID_TAGS_MASKED, "04A1B2C3D4", "…C3D4"),
        (ID_TAGS_MASKED, "…2C3D", "…2C3D"),
        (ID_TAGS_MASKED, "1234", "…"),
        (ID_TAGS_MASKED, None, "unknown"),
    ],
)
async def test_the_owner_chooses_how_much_of_a_tag_is_shown(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    choice: str,
    id_tag: str | None,
    expected: str,
) -> None:
    """Its name is always told."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_ID_TAGS: choice})
    proxy.put(told(transaction=chargers.transaction(idTag=id_tag)))
    await set_up(entry)

    assert expected == shown(hass, "CP1_1_id_tag")
    assert "Blue card" == state_of(hass, "CP1_1_id_tag").attributes["tag_name"]


async def test_a_limit_is_told_once_there_was_one(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    proxy.put(told())
    await set_up(entry)
    keys = ("effective_limit", "limit_source")
    before = [entity_id(hass, f"CP1_1_{key}") for key in keys]
    states = []
    for limit in (
        {"effectiveLimitA": None, "limitSource": "csms"},
        {"effectiveLimitA": 16.0, "limitSource": "charger"},
        {"effectiveLimitA": None, "limitSource": "no_limit"},
    ):
        charger = told()
        charger["limits"]["connectors"][0] |= limit
        await tell(hass, proxy, entry, charger)
        states.append([shown(hass, f"CP1_1_{key}") for key in keys])

    assert [None, None] == before
    assert [["unknown", "csms"], ["16.0", "charger"], ["unknown", "no_limit"]] == states
