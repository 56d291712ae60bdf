"""Switches: whether the owner holds a connector back, and whether it is in service."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion
from tests.integration import chargers
from tests.integration.commands import (
    FAILURES,
    Act,
    Failure,
    Site,
    check_failure,
    check_snapshot,
    check_unavailable,
    make_site,
)
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import FakeProxy

ACTS = [
    Act("switch", "CP1_1_charging_allowed", "turn_on", {}, "resume", {"connectorId": 1}),
    Act("switch", "CP2_2_charging_allowed", "turn_off", {}, "pause", {"connectorId": 2}),
    Act(
        "switch",
        "CP1_1_operative",
        "turn_on",
        {},
        "availability",
        {"operative": True, "connectorId": 1},
    ),
    Act(
        "switch",
        "CP2_2_operative",
        "turn_off",
        {},
        "availability",
        {"operative": False, "connectorId": 2},
    ),
]


@pytest.fixture
async def site(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> Site:
    return await make_site(hass, proxy, entry, set_up)


@pytest.mark.snapshots
async def test_what_switches_there_are(site: Site, snapshot: SnapshotAssertion) -> None:
    check_snapshot(site, "switch", snapshot)


@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_a_switch_becomes_one_command_for_its_connector(site: Site, act: Act) -> None:
    await site.do(act)

    assert [act.command] == site.proxy.commands


@pytest.mark.parametrize("failure", FAILURES, ids=str)
@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_a_switch_that_failed_is_told_and_does_not_move(
    site: Site, act: Act, failure: Failure
) -> None:
    await check_failure(site, act, failure)


@pytest.mark.parametrize("changes", [{"mode": "monitor"}, {"connected": False}], ids=str)
@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_without_control_of_the_charger_there_is_nothing_to_switch(
    site: Site, act: Act, changes: dict[str, Any]
) -> None:
    await check_unavailable(site, act, **changes)


async def test_charging_is_allowed_unless_we_hold_it_back(site: Site) -> None:
    """Whatever the car or the operator does."""
    await site.do(Act("switch", "CP1_1_charging_allowed", "turn_off", {}, "", {}))
    commanded = site.state("switch", "CP1_1_charging_allowed")
    charger = chargers.charging(
        "CP1", limits={"paused": True, "connectors": [{"connectorId": 1, "paused": True}]}
    )
    charger["connectors"][0] |= {"status": "SuspendedEVSE"}
    await site.show(charger)
    held_back = site.state("switch", "CP1_1_charging_allowed")
    charger = chargers.charging("CP1")
    charger["connectors"][0] |= {"status": "SuspendedEV"}
    await site.show(charger)

    assert ("on", "off") == (commanded, held_back)
    assert "on" == site.state("switch", "CP1_1_charging_allowed")


@pytest.mark.parametrize(
    ("availability", "shown"),
    [("operative", "on"), ("inoperative", "off"), (None, "unknown")],
)
async def test_a_connector_is_in_service_as_the_charger_says(
    site: Site, availability: str | None, shown: str
) -> None:
    charger = chargers.charging("CP1")
    charger["connectors"][0] |= {"availability": availability}
    await site.show(charger)

    assert shown == site.state("switch", "CP1_1_operative")
