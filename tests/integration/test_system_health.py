"""The page of system information tells how each proxy does."""

from typing import Any

import pytest
from custom_components.oye.const import DOMAIN
from homeassistant.components.system_health import get_info
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.conftest import SetUp, until
from tests.integration.fake_proxy import FakeProxy

# Home Assistant's own web server.
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web.NotAppKeyWarning")


async def information(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the page shows of OYE."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    return (await get_info(hass)).get(DOMAIN, {})


async def test_a_proxy_that_works(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """Without a CSMS nothing is amiss in the mode stand-alone."""
    proxy.put(chargers.idle("CP1", mode="forward", csmsConnected=True))
    proxy.put(chargers.idle("CP2", mode="monitor", connected=False))
    proxy.put(chargers.idle("CP3", mode="standalone"))
    await set_up(entry)
    found = await information(hass)
    age = found.pop("snapshot_age")

    assert {
        "proxy_version": "0.1.0",
        "api_version": "1",
        "stream": "connected",
        "chargers_connected": "2/3",
        "csms_links": "1/2",
        "reachable": "ok",
    } == found
    assert age.startswith("0:00:")


async def test_a_stream_that_never_came(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    gate = proxy.hold("live")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await gate.reached.wait()
    found = await information(hass)
    await hass.config_entries.async_unload(entry.entry_id)

    assert ("disconnected", "-") == (found["stream"], found["snapshot_age"])


@pytest.mark.parametrize(
    ("answer", "token", "expected"),
    [
        ((502, ""), None, "Failed: unreachable"),
        ((200, "<html>"), None, "Failed: unreachable"),
        # Who refuses the token can be reached.
        (None, "revoked", "ok"),
    ],
)
async def test_what_cannot_be_reached_is_said(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    answer: tuple[int, str] | None,
    token: str | None,
    expected: str,
) -> None:
    await set_up(entry)
    proxy.interference = answer
    if token is not None:
        proxy.tokens = {}

    assert expected == (await information(hass))["reachable"]


async def test_each_of_several_entries_is_named(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """Also when they have the same title; one that is not loaded says nothing but its absence."""
    other = FakeProxy(instance_id="another", version="0.2.0")
    await other.start()
    second = MockConfigEntry(
        domain=DOMAIN, title="OYE", unique_id="another", data={**entry.data, "url": other.url}
    )
    await set_up(entry)
    await set_up(second)
    both = await information(hass)
    await hass.config_entries.async_unload(second.entry_id)
    await until(hass, lambda: not other.listeners)
    await other.stop()
    one = await information(hass)

    assert ("OYE: 0.1.0, OYE: 0.2.0", "ok") == (both["proxy_version"], both["reachable"])
    assert ("OYE: 0.1.0", "Failed: unreachable") == (one["proxy_version"], one["reachable"])


async def test_nothing_loaded_and_nothing_there(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp
) -> None:
    await set_up(entry)
    await hass.config_entries.async_unload(entry.entry_id)
    unloaded = await information(hass)
    await hass.config_entries.async_remove(entry.entry_id)

    assert {"reachable": "ok"} == unloaded
    assert {} == await information(hass)
