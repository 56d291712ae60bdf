"""Numbers: the owner's limits, as the chargers accepted them."""

from typing import Any

import pytest
from custom_components.oye.number import highest_current, maximum_in_force, rated_current
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
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

MAXIMUM = Act(
    "number",
    "CP1_max_current",
    "set_value",
    {"value": 13},
    "limit",
    {"limitA": 13, "scope": "maximum"},
    wait=90.0,
)
LIMIT = Act(
    "number",
    "CP2_2_charge_limit",
    "set_value",
    {"value": 8},
    "limit",
    {"limitA": 8, "scope": "session", "connectorId": 2},
)
ACTS = [MAXIMUM, LIMIT]


@pytest.fixture
async def site(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> Site:
    return await make_site(hass, proxy, entry, set_up)


def limited(limits: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return CP1 with other limits on its connector; `whole` are those on the charger."""
    whole = changes.pop("whole", {})
    return chargers.charging(
        "CP1", limits={**whole, "connectors": [{"connectorId": 1} | limits]}, **changes
    )


@pytest.mark.snapshots
async def test_what_numbers_there_are(site: Site, snapshot: SnapshotAssertion) -> None:
    check_snapshot(site, "number", snapshot)


@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_a_limit_becomes_one_command(site: Site, act: Act) -> None:
    """What the charger keeps may have to wait for a minute before it is sent."""
    await site.do(act)

    assert [act.command] == site.proxy.commands


@pytest.mark.parametrize("failure", FAILURES, ids=str)
@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_a_limit_that_failed_is_told_and_not_shown(
    site: Site, act: Act, failure: Failure
) -> None:
    await check_failure(site, act, failure)


@pytest.mark.parametrize("changes", [{"mode": "monitor"}, {"connected": False}], ids=str)
@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_without_control_of_the_charger_there_is_no_limit_to_set(
    site: Site, act: Act, changes: dict[str, Any]
) -> None:
    await check_unavailable(site, act, **changes)


@pytest.mark.parametrize("value", [5, 33])
async def test_a_limit_outside_the_range_reaches_nobody(site: Site, value: int) -> None:
    """Less than 6 A means pause, which belongs to the switch."""
    act = Act("number", "CP1_1_charge_limit", "set_value", {"value": value}, "", {})
    with pytest.raises(ServiceValidationError):
        await site.do(act)

    assert [] == site.proxy.commands


async def test_a_limit_is_shown_when_the_charger_accepted_it(site: Site) -> None:
    await site.do(Act("number", "CP1_1_charge_limit", "set_value", {"value": 8}, "", {}))
    commanded = site.state("number", "CP1_1_charge_limit")
    await site.show(limited({"sessionLimitA": 8.0, "sessionAcceptedA": 10.0}))
    on_its_way = site.state("number", "CP1_1_charge_limit")
    await site.show(limited({"sessionLimitA": 8.0, "sessionAcceptedA": 8.0}))

    assert ("10.0", "10.0") == (commanded, on_its_way)
    assert "8.0" == site.state("number", "CP1_1_charge_limit")


@pytest.mark.parametrize(
    ("limits", "whole", "shown"),
    [
        ({}, {}, "32.0"),
        ({}, {"maxCurrentAcceptedA": 20.0}, "20.0"),
        ({"sessionLimitA": 8.0}, {}, "32.0"),
        ({"defaultAcceptedA": 12.0}, {"defaultAcceptedA": 14.0}, "12.0"),
        ({}, {"defaultAcceptedA": 14.0}, "14.0"),
        ({"sessionAcceptedA": 9.0, "defaultAcceptedA": 12.0}, {}, "9.0"),
        ({"sessionAcceptedA": 9.9999}, {}, "10.0"),
        ({"sessionAcceptedA": 0.0, "sessionLimitA": 9.0, "paused": True}, {}, "9.0"),
        ({"sessionAcceptedA": 0.0, "paused": True}, {}, "32.0"),
    ],
)
async def test_the_nearest_limit_of_the_owner_counts_else_the_maximum(
    site: Site, limits: dict[str, Any], whole: dict[str, Any], shown: str
) -> None:
    await site.show(limited(limits, whole=whole))

    assert shown == site.state("number", "CP1_1_charge_limit")


async def test_without_a_session_the_limit_is_the_one_kept_for_the_next(site: Site) -> None:
    charger = limited({"sessionLimitA": 8.0})
    charger["connectors"][0] |= {"transaction": None, "status": "Available", "plugged": False}
    await site.show(charger)

    assert "8.0" == site.state("number", "CP1_1_charge_limit")


@pytest.mark.parametrize(
    ("rated", "accepted", "own", "maximum", "highest"),
    [
        (None, None, 32.0, 32.0, 32.0),
        (16.0, None, 16.0, 16.0, 16.0),
        (16.0, 10.0, 16.0, 10.0, 10.0),
        (16.0, 20.0, 16.0, 20.0, 16.0),
        (16.0, 2.0, 16.0, 2.0, 6.0),
        (3.0, None, 6.0, 6.0, 6.0),
    ],
)
async def test_the_range_ends_where_the_charger_or_its_maximum_does(
    site: Site,
    rated: float | None,
    accepted: float | None,
    own: float,
    maximum: float,
    highest: float,
) -> None:
    await site.show(limited({}, whole={"maxCurrentAcceptedA": accepted}, ratedCurrentA=rated))
    charger = site.entry.runtime_data.data.chargers["CP1"]

    assert own == rated_current(charger) == site.attributes("number", "CP1_max_current")["max"]
    assert str(maximum) == site.state("number", "CP1_max_current")
    assert maximum == maximum_in_force(charger)
    assert highest == highest_current(charger)
    assert highest == site.attributes("number", "CP1_1_charge_limit")["max"]
