"""Buttons: one command each, for the owner who asked for it."""

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
    Act("button", "CP1_restart", "press", {}, "reset", {"type": "soft"}),
    Act("button", "CP1_refresh", "press", {}, "refresh", {}),
    Act("button", "CP2_2_start_charging", "press", {}, "start", {"connectorId": 2}),
    Act("button", "CP1_1_stop_charging", "press", {}, "stop", {"connectorId": 1}),
    Act("button", "CP2_1_unlock", "press", {}, "unlock", {"confirm": True, "connectorId": 1}),
]


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
async def test_what_buttons_there_are(site: Site, snapshot: SnapshotAssertion) -> None:
    check_snapshot(site, "button", snapshot)


@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_a_button_sends_its_command(site: Site, act: Act) -> None:
    await site.do(act)

    assert [act.command] == site.proxy.commands


@pytest.mark.parametrize("failure", FAILURES, ids=str)
@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_a_command_that_failed_is_told(site: Site, act: Act, failure: Failure) -> None:
    await check_failure(site, act, failure)


@pytest.mark.parametrize("changes", [{"mode": "monitor"}, {"connected": False}], ids=str)
@pytest.mark.parametrize("act", ACTS, ids=str)
async def test_without_control_of_the_charger_there_is_nothing_to_press(
    site: Site, act: Act, changes: dict[str, Any]
) -> None:
    await check_unavailable(site, act, **changes)


@pytest.mark.parametrize(
    ("socket", "unlock"), [(True, {"CP1_1_unlock"}), (False, set()), (None, set())]
)
async def test_buttons_that_can_do_harm_are_off_until_the_owner_wants_them(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    socket: object,
    unlock: set[str],
) -> None:
    """A cable can be unlocked where there is a socket."""
    charger = chargers.idle("CP1")
    charger["connectors"][0] |= {"socket": socket}
    proxy.put(charger)
    await set_up(entry)
    buttons = Site(hass, proxy, entry).registered("button")

    enabled = {unique_id for unique_id, one in buttons.items() if one.disabled_by is None}

    assert {"CP1_1_start_charging", "CP1_1_stop_charging"} | unlock == enabled
    assert {"CP1_restart", "CP1_refresh", "CP1_1_unlock"} <= buttons.keys()
