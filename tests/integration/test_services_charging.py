"""What the actions about charging ask of the proxy."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.actions import act, device_id, furnish
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import FakeProxy

SCHEDULE = {"periods": [{"start": 0, "limit": 6}, {"start": 3600, "limit": 16}]}


@pytest.fixture
def device(hass: HomeAssistant, loaded: MockConfigEntry) -> str:
    return device_id(hass, loaded, "OLD1")


@pytest.mark.parametrize("recurrence", ["daily", "weekly"])
async def test_a_schedule_that_recurs_goes_by_the_clocks_of_the_home(
    hass: HomeAssistant, proxy: FakeProxy, device: str, recurrence: str
) -> None:
    """Seven in the morning stays seven in the morning when the clocks there change."""
    await hass.config.async_set_time_zone("Europe/Copenhagen")
    await act(hass, "set_charging_schedule", device, {**SCHEDULE, "recurrence": recurrence})
    body = proxy.commands[-1].body

    assert (recurrence, "Europe/Copenhagen") == (body["recurrence"], body["timeZone"])


@pytest.mark.parametrize("fields", [{}, {"recurrence": "none"}])
async def test_a_schedule_that_does_not_recur_needs_no_clock(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    fields: dict[str, Any],
) -> None:
    """So a proxy that knows of no time zones takes it."""
    furnish(proxy)
    proxy.features = tuple(one for one in proxy.features if one != "time_zones")
    await set_up(entry)
    device = device_id(hass, entry, "OLD1")
    await act(hass, "set_charging_schedule", device, SCHEDULE | fields)

    assert {"periods", "unit", "scope"} == set(proxy.commands[-1].body)
