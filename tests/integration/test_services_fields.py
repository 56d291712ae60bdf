"""What Home Assistant takes for a field, and what it refuses before anything is sent."""

from datetime import timedelta
from typing import Any

import probatio
import pytest
from custom_components.oye.services import ACTIONS
from custom_components.oye.services_fields import MOMENT, amount, duration, setting_value, whole
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.actions import act, device_id, furnish
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import FakeProxy

PERIOD = {"start": 0, "limit": 6}


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("set_charge_limit", {"current": 10, "power": 2300}),
        ("set_charge_limit", {"current": -1}),
        ("set_charge_limit", {"current": 2001}),
        ("set_charge_limit", {"current": "nan"}),
        ("set_charge_limit", {"current": "much"}),
        ("set_charge_limit", {"current": 10, "scope": "ever"}),
        ("set_charge_limit", {"current": 10, "duration": 0}),
        ("set_charge_limit", {"current": 10, "duration": {"days": 366}}),
        ("set_charge_limit", {"current": 10, "phases": 4}),
        ("set_charge_limit", {"current": 10, "phases": 1.5}),
        ("set_charge_limit", {"current": 10, "connector_id": 0}),
        ("set_charge_limit", {"current": 10, "connector_id": True}),
        ("set_charge_limit", {}),
        ("set_charge_limit", {"scope": "session"}),
        ("set_charge_limit", {"current": 10, "other": 1}),
        ("set_charging_schedule", {}),
        ("set_charging_schedule", {"periods": []}),
        ("set_charging_schedule", {"periods": [{"start": 5, "limit": 6}]}),
        ("set_charging_schedule", {"periods": [PERIOD, PERIOD]}),
        ("set_charging_schedule", {"periods": [{**PERIOD, "phases": 1}]}),
        ("set_charging_schedule", {"periods": [PERIOD] * 101}),
        ("set_charging_schedule", {"periods": "all"}),
        ("set_charging_schedule", {"periods": [PERIOD], "unit": "V"}),
        ("set_charging_schedule", {"periods": [PERIOD], "recurrence": "yearly"}),
        ("set_charging_schedule", {"periods": [PERIOD], "start": "soon"}),
        ("get_charging_schedule", {"duration": {"days": 8}}),
        ("start_charging", {"id_tag": ""}),
        ("start_charging", {"id_tag": "x" * 256}),
        ("stop_charging", {"transaction_id": "x" * 37}),
        ("reserve", {"id_tag": "04AA"}),
        ("cancel_reservation", {}),
        ("trigger_message", {}),
        ("trigger_message", {"message": "x" * 51}),
        ("reset", {"type": "cold"}),
        ("set_availability", {}),
        ("get_configuration", {"keys": [""]}),
        ("set_configuration", {"key": "A"}),
        ("set_configuration", {"key": "A", "value": "x" * 2501}),
        ("get_report", {"report_base": "all"}),
        ("update_firmware", {}),
        ("update_firmware", {"location": "x" * 2001}),
        ("update_firmware", {"location": "x", "retries": 101}),
        ("get_diagnostics", {"location": "x", "log_type": "other"}),
        ("data_transfer", {}),
        ("send_local_list", {"entries": [{"status": "Accepted"}]}),
        ("send_local_list", {"entries": [{"id_tag": "04AA", "status": "accepted?"}]}),
        ("send_local_list", {"update_type": "half"}),
        ("send_local_list", {"version": 0}),
        ("get_sessions", {"limit": 0}),
        ("inject", {}),
        ("inject", {"action": "Reset", "payload": "text"}),
    ],
)
def test_what_is_refused(action: str, fields: dict[str, Any]) -> None:
    with pytest.raises(probatio.Invalid):
        ACTIONS[action].schema({"device_id": "any", **fields})


async def test_what_is_refused_is_not_sent(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    furnish(proxy)
    await set_up(entry)
    with pytest.raises(probatio.Invalid):
        await act(hass, "set_charge_limit", device_id(hass, entry, "OLD1"), {"current": -1})

    assert [] == proxy.commands


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("2026-12-24 20:00:00", "2026-12-25T04:00:00+00:00"),
        ("2026-12-24T20:00:00+01:00", "2026-12-24T19:00:00+00:00"),
    ],
)
async def test_a_time_without_a_zone_is_the_homes(
    hass: HomeAssistant, given: str, sent: str
) -> None:
    await hass.config.async_set_time_zone("America/Los_Angeles")

    assert sent == MOMENT(given)


@pytest.mark.parametrize(
    ("given", "seconds"), [(90, 90), ("01:30:00", 5400), ({"days": 1, "seconds": 1}, 86401)]
)
def test_a_duration_is_sent_in_seconds(given: Any, seconds: int) -> None:
    assert seconds == duration(timedelta(days=2))(given)


@pytest.mark.parametrize(("given", "number"), [(6, 6), (6.0, 6), ("6", 6)])
def test_a_whole_number_comes_in_many_forms(given: Any, number: int) -> None:
    assert number == whole(0, 9)(given)
    assert float(number) == amount(9)(given)


@pytest.mark.parametrize(
    ("given", "text"), [(True, "true"), (False, "false"), (30, "30"), ("", ""), ("x", "x")]
)
def test_the_value_of_a_setting_is_text(given: Any, text: str) -> None:
    assert text == setting_value(given)
