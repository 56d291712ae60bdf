"""The state of a proxy follows its live stream, survives its loss, and is never older than it."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from custom_components.oye.coordinator import OyeCoordinator
from custom_components.oye.models import Event
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from tests.integration import chargers
from tests.integration.conftest import SetUp, until
from tests.integration.fake_proxy import FakeProxy, issue

ANOTHER = "11111111-2222-4333-8444-555555555555"
CONNECTED = "binary_sensor.cp3_connected"


@pytest.fixture
async def coordinator(proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp) -> OyeCoordinator:
    proxy.put(chargers.idle("CP3"))
    await set_up(entry)
    coordinator: OyeCoordinator = entry.runtime_data
    return coordinator


@pytest.fixture
def no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every wait be as long as its middle."""
    monkeypatch.setattr("random.uniform", lambda low, high: (low + high) / 2)


def states(proxy: FakeProxy) -> int:
    return proxy.requests.count("GET /api/state")


def streams(proxy: FakeProxy) -> int:
    return proxy.requests.count("GET /api/live")


def has_asked(proxy: FakeProxy, count: int) -> bool:
    return streams(proxy) == count


def is_shown(hass: HomeAssistant, entity_id: str, text: str) -> bool:
    state = hass.states.get(entity_id)
    return state is not None and text == state.state


async def test_a_charger_that_changes_is_replaced_and_no_other(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    await proxy.push(chargers.two_evses("CP2"))
    await until(hass, lambda: "CP2" in coordinator.data.chargers)
    before = coordinator.data.chargers
    await proxy.push(chargers.idle("CP3", connected=False))
    await until(hass, lambda: not coordinator.data.chargers["CP3"].connected)

    assert before["CP2"] is coordinator.data.chargers["CP2"]
    assert before["CP3"].boot is coordinator.data.chargers["CP3"].boot


async def test_a_charger_that_cannot_be_read_is_left_as_it_was(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    await proxy.send_garbage('{"type": "charger", "seq": 1, "charger": {"chargePointId": ""}}')
    await proxy.send_garbage('{"type": "charger", "seq": 2, "charger": 7}')
    await proxy.send_garbage('{"type": "new_kind", "seq": 3}')
    await proxy.send_garbage('{"type": "event", "seq": 4}')
    await until(hass, lambda: coordinator.statistics.messages == 4)

    assert ["CP3"] == list(coordinator.data.chargers)
    assert 1 == streams(proxy)


async def test_a_charger_that_is_deleted_is_gone(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    await proxy.remove("CP3")
    await until(hass, lambda: not coordinator.data.chargers)

    assert hass.states.get(CONNECTED) is None


async def test_a_message_that_is_missing_brings_a_new_snapshot(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    proxy.put(chargers.idle("CP4"))
    proxy.skip()
    await proxy.push_event("boot", "CP3")
    await until(hass, lambda: "CP4" in coordinator.data.chargers)

    assert 1 == coordinator.statistics.gaps
    assert 2 == streams(proxy)


async def test_a_proxy_that_restarts_is_followed_at_once(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    """And nothing becomes unavailable, or is asked for, meanwhile."""
    proxy.put(chargers.idle("CP4"))
    before = states(proxy)
    await proxy.restart()
    await until(hass, lambda: "CP4" in coordinator.data.chargers)

    assert proxy.epoch == coordinator.data.epoch
    assert before == states(proxy)


async def test_a_message_of_another_life_ends_the_stream(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    await proxy.send_garbage('{"type": "issues", "seq": 1, "epoch": "another", "issues": []}')
    await until(hass, lambda: streams(proxy) == 2 and proxy.listeners == 1)

    assert "the proxy has restarted" == coordinator.statistics.last_error


async def test_garbage_ends_the_stream(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    await proxy.send_garbage("{")
    await until(hass, lambda: streams(proxy) == 2 and coordinator.statistics.connected)

    assert 1 == coordinator.statistics.failures


async def advance(hass: HomeAssistant, seconds: float) -> None:
    """Let end what waits no longer than this from now."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await asyncio.sleep(0)


@pytest.mark.usefixtures("no_jitter")
async def test_a_proxy_that_is_gone_is_tried_ever_more_seldom(
    hass: HomeAssistant,
    proxy: FakeProxy,
    coordinator: OyeCoordinator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Once at once, then after 1, 2, 4 s; unavailable is logged once, and so is the recovery."""
    proxy.interference = (502, "Bad gateway")
    await proxy.drop()
    await until(hass, lambda: streams(proxy) == 2 and not coordinator.last_update_success)
    unavailable = hass.states.get(CONNECTED)
    for count, wait in enumerate((1, 2, 4, 8), start=3):
        await advance(hass, wait * 0.5)
        early = streams(proxy)
        await advance(hass, wait + 0.5)
        await until(hass, partial(has_asked, proxy, count))
        assert count - 1 == early
    proxy.interference = None
    await advance(hass, 17)
    await until(hass, lambda: coordinator.statistics.connected)
    recovered = hass.states.get(CONNECTED)

    assert unavailable is not None
    assert STATE_UNAVAILABLE == unavailable.state
    assert recovered is not None
    assert "on" == recovered.state
    assert 1 == caplog.text.count("Error fetching oye data")
    assert 1 == caplog.text.count("Fetching oye data recovered")


async def test_a_stream_that_ends_over_and_over_is_not_opened_in_a_hurry(
    hass: HomeAssistant,
    proxy: FakeProxy,
    coordinator: OyeCoordinator,
) -> None:
    await proxy.drop()
    await until(hass, lambda: streams(proxy) == 2 and proxy.listeners == 1)
    await proxy.drop()
    await until(hass, lambda: not coordinator.statistics.connected)
    waiting = streams(proxy)
    await advance(hass, 1.5)
    await until(hass, lambda: proxy.listeners == 1)

    assert (2, 3) == (waiting, streams(proxy))
    assert coordinator.last_update_success


async def test_a_socket_without_a_snapshot_is_no_stream(
    hass: HomeAssistant,
    proxy: FakeProxy,
    coordinator: OyeCoordinator,
) -> None:
    """The state is asked for meanwhile, and stays available."""
    proxy.silent = True
    await proxy.drop()
    await until(hass, lambda: streams(proxy) == 2 and proxy.listeners == 1)
    asked = states(proxy)
    await advance(hass, 10.5)
    await until(hass, lambda: states(proxy) > asked)

    assert coordinator.last_update_success
    assert not coordinator.statistics.connected


async def test_a_stream_that_begins_with_something_else_is_no_stream(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    proxy.silent = True
    await proxy.drop()
    await until(hass, lambda: streams(proxy) == 2 and proxy.listeners == 1)
    await proxy.send_garbage('{"type": "issues", "seq": 0, "issues": []}')
    await until(hass, lambda: coordinator.statistics.failures == 1)

    assert "the stream does not begin with a snapshot" == coordinator.statistics.last_error


async def test_an_answer_that_the_stream_overtook_is_ignored(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    gate = proxy.hold("state")
    asking = hass.async_create_task(coordinator.async_refresh())
    await gate.reached.wait()
    await proxy.push(chargers.idle("CP4"))
    await proxy_seen(coordinator, "CP4")
    proxy.chargers.pop("CP4")
    gate.open.set()
    await asking

    assert {"CP3", "CP4"} == set(coordinator.data.chargers)


async def proxy_seen(coordinator: OyeCoordinator, wanted: str) -> None:
    async with asyncio.timeout(5):
        while wanted not in coordinator.data.chargers:  # noqa: ASYNC110 - a task waits at the gate
            await asyncio.sleep(0.005)


async def test_another_proxy_at_the_address_is_not_taken_for_ours(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    proxy.instance_id = ANOTHER
    proxy.chargers.clear()
    await proxy.drop()
    await until(hass, lambda: not coordinator.last_update_success)

    assert ["CP3"] == list(coordinator.data.chargers)


async def test_a_token_that_is_revoked_ends_the_stream_and_asks_the_owner(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    proxy.tokens.clear()
    await proxy.drop(1008)
    await until(hass, hass.config_entries.flow.async_progress)
    flows = hass.config_entries.flow.async_progress()

    assert [SOURCE_REAUTH] == [flow["context"]["source"] for flow in flows]
    assert 2 == streams(proxy)
    assert coordinator.config_entry.state is ConfigEntryState.LOADED


async def test_what_a_revoked_token_told_is_not_shown_any_longer(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    """Nobody follows the chargers any more: what is known of them gets older."""
    proxy.tokens.clear()
    await proxy.drop(1008)
    await until(hass, lambda: is_shown(hass, CONNECTED, STATE_UNAVAILABLE))

    assert 1 == len(hass.config_entries.flow.async_progress())
    assert not coordinator.last_update_success


async def test_events_reach_those_who_follow_the_charger(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    heard: list[Event] = []
    unsubscribe = coordinator.async_subscribe_events("CP3", heard.append)
    await proxy.push_event("fault", "CP3", errorCode="GroundFailure")
    await proxy.push_event("fault", "CP3", errorCode="GroundFailure")
    await proxy.push_event("fault", "CP9")
    await until(hass, lambda: coordinator.statistics.messages == 3)
    unsubscribe()
    await proxy.push_event("fault", "CP3")
    await until(hass, lambda: coordinator.statistics.messages == 4)

    assert ["fault", "fault"] == [event.event for event in heard]
    assert {"errorCode": "GroundFailure"} == heard[0].data


async def test_issues_are_those_that_the_proxy_told_last(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator
) -> None:
    await proxy.push_issues(issue("limit_conflict", "CP3"))
    await until(hass, lambda: coordinator.statistics.messages == 1)
    told = [one.key for one in coordinator.data.issues]
    await proxy.push_issues()
    await until(hass, lambda: coordinator.statistics.messages == 2)

    assert ["limit_conflict"] == told
    assert () == coordinator.data.issues


@pytest.mark.expected_log("Error setting up entry")
@pytest.mark.parametrize(
    ("api_version", "key"), [(0, "proxy_outdated"), (2, "integration_outdated")]
)
async def test_a_proxy_that_cannot_be_understood_is_said_in_repairs(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, api_version: int, key: str
) -> None:
    proxy.api_version = api_version
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    issues = [one.translation_key for one in ir.async_get(hass).issues.values()]
    before = entry.state
    proxy.api_version = 1
    await hass.config_entries.async_reload(entry.entry_id)
    await until(hass, lambda: proxy.listeners)

    assert ConfigEntryState.SETUP_ERROR is before
    assert [key] == issues
    assert ConfigEntryState.LOADED is entry.state
    assert {} == ir.async_get(hass).issues


@pytest.mark.expected_log("Error setting up entry")
@pytest.mark.parametrize("told_by", ["stream", "poll"])
async def test_a_proxy_that_is_updated_beyond_us_is_said_in_repairs(
    hass: HomeAssistant, proxy: FakeProxy, coordinator: OyeCoordinator, told_by: str
) -> None:
    """At once, and not only after a restart of Home Assistant; its words may mean other things."""
    entry = coordinator.config_entry
    proxy.api_version = 2
    if told_by == "stream":
        await proxy.drop(1012)
    else:
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=6))
    await until(hass, lambda: entry.state is ConfigEntryState.SETUP_ERROR)
    issues = [one.translation_key for one in ir.async_get(hass).issues.values()]

    assert ["integration_outdated"] == issues
    assert is_shown(hass, CONNECTED, STATE_UNAVAILABLE)


@pytest.mark.expected_log("Error setting up entry")
async def test_another_proxy_is_not_set_up(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    proxy.instance_id = ANOTHER
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)

    assert ConfigEntryState.SETUP_ERROR is entry.state
    assert "wrong_instance" == entry.error_reason_translation_key
