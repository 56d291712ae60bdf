"""Selects: who is in charge of a charger, and on how many phases it charges."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion
from tests.integration import chargers
from tests.integration.commands import (
    FAILURES,
    OF_THE_PROXY,
    Act,
    Failure,
    Site,
    check_failure,
    check_snapshot,
    check_unavailable,
    make_site,
)
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import Command, FakeProxy

MODE = Act(
    "select",
    "CP1_mode",
    "select_option",
    {"option": "standalone"},
    "mode",
    {"mode": "standalone"},
    wait=None,
)
PHASES = Act(
    "select",
    "CP2_1_phases",
    "select_option",
    {"option": "1"},
    "limit",
    {"phases": 1, "connectorId": 1},
)


@pytest.fixture
async def site(
    every_entity_enabled: None,  # noqa: ARG001 - for what it does
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
) -> Site:
    return await make_site(hass, proxy, entry, set_up)


@pytest.mark.snapshots
async def test_what_selects_there_are(site: Site, snapshot: SnapshotAssertion) -> None:
    check_snapshot(site, "select", snapshot)


@pytest.mark.parametrize("act", [MODE, PHASES], ids=str)
async def test_a_choice_becomes_one_command(site: Site, act: Act) -> None:
    await site.do(act)

    assert [act.command] == site.proxy.commands


@pytest.mark.parametrize(
    ("act", "failure"),
    [
        *((PHASES, failure) for failure in FAILURES),
        *((MODE, failure) for failure in OF_THE_PROXY),
    ],
    ids=str,
)
async def test_a_choice_that_failed_is_told_and_not_shown(
    site: Site, act: Act, failure: Failure
) -> None:
    await check_failure(site, act, failure)


@pytest.mark.parametrize("changes", [{"mode": "monitor"}, {"connected": False}], ids=str)
async def test_without_control_of_the_charger_its_phases_cannot_be_chosen(
    site: Site, changes: dict[str, Any]
) -> None:
    await check_unavailable(site, PHASES, **changes)


@pytest.mark.parametrize(
    ("modes", "mode", "options"),
    [
        (["forward", "monitor", "standalone"], "forward", ["forward", "monitor", "standalone"]),
        (["forward", "monitor"], "standalone", ["forward", "monitor", "standalone"]),
        (["standalone"], "standalone", ["standalone"]),
    ],
)
async def test_the_mode_can_be_what_the_proxy_offers_and_is_what_is_in_force(
    site: Site, modes: list[str], mode: str, options: list[str]
) -> None:
    await site.show(chargers.charging("CP1", modes=modes, mode=mode))

    assert options == site.attributes("select", "CP1_mode")["options"]
    assert mode == site.state("select", "CP1_mode")


async def test_the_mode_can_be_changed_while_the_charger_is_away(site: Site) -> None:
    await site.show(
        chargers.charging("CP1", connected=False, mode="monitor", modes=["forward", "monitor"])
    )
    shown = site.state("select", "CP1_mode")
    await site.do(Act("select", "CP1_mode", "select_option", {"option": "forward"}, "", {}))

    assert "monitor" == shown
    assert [Command("CP1", "mode", {"mode": "forward"})] == site.proxy.commands


async def test_a_mode_that_is_not_offered_reaches_nobody(site: Site) -> None:
    act = Act("select", "CP1_mode", "select_option", {"option": "monitor"}, "", {})
    with pytest.raises(ServiceValidationError):
        await site.do(act)

    assert [] == site.proxy.commands


@pytest.mark.parametrize(
    ("phases", "shown"), [(None, "auto"), (0, "auto"), (1, "1"), (3, "3"), (2, "unknown")]
)
async def test_the_phases_are_those_that_the_owner_wishes(
    site: Site, phases: int | None, shown: str
) -> None:
    await site.show(
        chargers.charging(
            "CP1", limits={"connectors": [{"connectorId": 1, "sessionPhases": phases}]}
        )
    )

    assert shown == site.state("select", "CP1_1_phases")


@pytest.mark.parametrize(
    ("features", "found"),
    [((), set()), (("charger_mode",), {"CP1_mode"}), (("phases",), {"CP1_1_phases"})],
)
async def test_a_select_needs_its_feature(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    features: tuple[str, ...],
    found: set[str],
) -> None:
    proxy.features = features
    proxy.put(chargers.idle("CP1"))
    await set_up(entry)

    assert found == set(Site(hass, proxy, entry).registered("select"))


async def test_a_select_is_on_or_off_as_it_is_meant(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    site = await make_site(hass, proxy, entry, set_up)
    enabled = {key for key, one in site.registered("select").items() if one.disabled_by is None}

    assert {"CP1_mode", "CP2_mode"} == enabled
