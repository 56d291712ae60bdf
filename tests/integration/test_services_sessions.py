"""Recorded charging sessions, of a charger or of one connector."""

from typing import Any

import pytest
from custom_components.oye.const import CONF_ID_TAGS, ID_TAGS_MASKED
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.actions import act, device_id, furnish
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import FakeProxy


def recorded(row: int, charge_point_id: str, evse_id: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a transaction as the proxy lists it."""
    return {
        "id": row,
        "chargePointId": charge_point_id,
        "transactionId": f"t{row}",
        "csmsTransactionId": None,
        "evseId": evse_id,
        "connectorId": 1,
        "ocppVersion": "1.6",
        "state": "ended",
        "begunAt": "2026-11-20T08:00:00Z",
        "startedAt": "2026-11-20T08:00:00Z",
        "stoppedAt": "2026-11-20T10:00:00Z",
        "durationSeconds": 7200.0,
        "idTag": "04AABBCCDD",
        "idTagName": "Family",
        "idTagType": None,
        "idTagStatus": "Accepted",
        "stopIdTag": None,
        "startedBy": "owner",
        "remoteStartId": None,
        "reason": "Local",
        "meterStartWh": 1000.0,
        "meterStopWh": 13345.6,
        "energyWh": 12345.6,
        "startAcknowledgedAt": "2026-11-20T08:00:01Z",
        "startRefusal": None,
        "stopAcknowledgedAt": "2026-11-20T10:00:01Z",
        "stopRefusal": None,
        "gap": False,
        "adopted": False,
        "offline": False,
        "updatedAt": "2026-11-20T10:00:01Z",
        **changes,
    }


async def test_a_session_is_told_in_the_words_of_the_event(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    proxy.transactions = [recorded(1, "OLD1")]
    answer = await act(hass, "get_sessions", device_id(hass, loaded, "OLD1"))

    assert {
        "sessions": [
            {
                "transaction_id": "t1",
                "connector": 1,
                "state": "ended",
                "started_at": "2026-11-20T08:00:00+00:00",
                "stopped_at": "2026-11-20T10:00:00+00:00",
                "duration_s": 7200.0,
                "energy_kwh": 12.346,
                "meter_start_kwh": 1.0,
                "meter_stop_kwh": 13.346,
                "id_tag": "04AABBCCDD",
                "tag_name": "Family",
                "id_tag_status": "Accepted",
                "started_by": "owner",
                "reason": "Local",
                "acknowledged_by_csms": True,
                "offline": False,
                "gap": False,
            }
        ]
    } == answer


async def test_a_session_that_runs_has_no_end(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    open_ended: dict[str, Any] = dict.fromkeys(
        ("stoppedAt", "energyWh", "meterStopWh", "stopAcknowledgedAt", "startedAt")
    )
    proxy.transactions = [recorded(1, "OLD1", state="open", **open_ended)]
    answer = await act(hass, "get_sessions", device_id(hass, loaded, "OLD1"))
    (session,) = answer["sessions"]

    assert ("open", None, None, False) == (
        session["state"],
        session["stopped_at"],
        session["energy_kwh"],
        session["acknowledged_by_csms"],
    )
    assert "2026-11-20T08:00:00+00:00" == session["started_at"]


async def test_sessions_are_chosen_by_charger_time_and_number(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    proxy.transactions = [recorded(row, "OLD1" if row % 2 else "NEW1") for row in range(9, 0, -1)]
    answer = await act(
        hass,
        "get_sessions",
        device_id(hass, loaded, "OLD1"),
        {"start": "2026-11-01T00:00:00Z", "end": "2026-12-01T00:00:00Z", "limit": 2},
    )

    assert ["t9", "t7"] == [one["transaction_id"] for one in answer["sessions"]]
    assert (
        "GET /api/transactions?chargePointId=OLD1&from=2026-11-01T00:00:00%2B00:00"
        "&to=2026-12-01T00:00:00%2B00:00&limit=2"
    ) == proxy.requests[-1]


@pytest.mark.parametrize("identifier", ["OLD2#2", "OLD2"])
async def test_sessions_of_one_connector(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry, identifier: str
) -> None:
    """The device of a connector shows its own, that of the charger shows all."""
    proxy.transactions = [recorded(row, "OLD2", 1 + row % 2) for row in range(6, 0, -1)]
    device = device_id(hass, loaded, identifier)
    answer = await act(hass, "get_sessions", device, {"limit": 2})
    rows = ["t5", "t3"] if "#" in identifier else ["t6", "t5"]

    assert rows == [one["transaction_id"] for one in answer["sessions"]]


async def test_a_long_list_is_read_page_by_page(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    proxy.transactions = [recorded(row, "OLD1") for row in range(450, 0, -1)]
    device = device_id(hass, loaded, "OLD1")
    some = await act(hass, "get_sessions", device, {"limit": 300})
    whole = await act(hass, "get_sessions", device, {"limit": 1000})

    assert ("t450", "t151", 300) == (
        some["sessions"][0]["transaction_id"],
        some["sessions"][-1]["transaction_id"],
        len(some["sessions"]),
    )
    assert 450 == len({one["transaction_id"] for one in whole["sessions"]})


async def test_tags_are_shown_as_the_owner_wants_them(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    furnish(proxy)
    proxy.transactions = [recorded(1, "OLD1")]
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_ID_TAGS: ID_TAGS_MASKED})
    await set_up(entry)
    answer = await act(hass, "get_sessions", device_id(hass, entry, "OLD1"))

    assert "…CCDD" == answer["sessions"][0]["id_tag"]


async def test_a_proxy_that_does_not_answer(
    hass: HomeAssistant, proxy: FakeProxy, loaded: MockConfigEntry
) -> None:
    proxy.interference = (502, "Bad gateway")
    with pytest.raises(HomeAssistantError) as failed:
        await act(hass, "get_sessions", device_id(hass, loaded, "OLD1"))

    assert "communication_error" == failed.value.translation_key
