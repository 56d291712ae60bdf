"""How the app of Home Assistant is found, and what a later announcement of it changes."""

from typing import Any

import pytest
from custom_components.oye.const import CONF_APP_SLUG, DOMAIN
from homeassistant.config_entries import SOURCE_HASSIO, SOURCE_IGNORE, ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.conftest import SLUG, SetUp
from tests.integration.fake_proxy import INSTANCE, TOKEN, FakeProxy
from tests.integration.flows import ANOTHER, TROUBLES, Flow, begin, break_proxy, mend_proxy, submit


def announcement(proxy: FakeProxy, **changes: Any) -> HassioServiceInfo:
    config = {
        "host": "127.0.0.1",
        "port": proxy.port,
        "token": TOKEN,
        "instance_id": INSTANCE,
        "api_version": 1,
        "version": "0.1.0",
        "addon": "OYE",
    }
    return HassioServiceInfo(config=config | changes, name="OYE", slug=SLUG, uuid="1234")


async def discover(hass: HomeAssistant, proxy: FakeProxy, **changes: Any) -> Flow:
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_HASSIO}, data=announcement(proxy, **changes)
    )


async def test_an_app_is_discovered_and_confirmed(hass: HomeAssistant, proxy: FakeProxy) -> None:
    flow = await discover(hass, proxy)
    context = hass.config_entries.flow.async_progress()[0]["context"]
    result = await submit(hass, flow, {})

    assert (FlowResultType.FORM, "hassio_confirm") == (flow["type"], flow["step_id"])
    assert {"app": "OYE"} == flow["description_placeholders"]
    assert f"homeassistant://config/app/{SLUG}/info" == context["configuration_url"]
    assert FlowResultType.CREATE_ENTRY == result["type"]
    assert INSTANCE == result["result"].unique_id
    assert {
        CONF_URL: proxy.url,
        CONF_TOKEN: TOKEN,
        CONF_VERIFY_SSL: True,
        CONF_APP_SLUG: SLUG,
    } == result["data"]


@pytest.mark.parametrize(
    "changes",
    [
        {"port": "8098"},
        {"host": ""},
        {"host": None},
        {"token": None},
        {"token": ""},
        {"instance_id": 7},
        {"api_version": "1"},
        {"version": None},
    ],
)
async def test_an_announcement_that_is_garbage_is_refused(
    hass: HomeAssistant, proxy: FakeProxy, changes: dict[str, Any]
) -> None:
    result = await discover(hass, proxy, **changes)

    assert (FlowResultType.ABORT, "invalid_discovery_info") == (result["type"], result["reason"])


async def test_an_app_that_is_another_proxy_waits_for_the_right_one(
    hass: HomeAssistant, proxy: FakeProxy
) -> None:
    flow = await discover(hass, proxy, instance_id=ANOTHER)
    proxy.instance_id = ANOTHER
    result = await submit(hass, flow, {})

    assert {"base": "wrong_instance"} == flow["errors"]
    assert FlowResultType.CREATE_ENTRY == result["type"]


@pytest.mark.parametrize(
    "state",
    [
        ConfigEntryState.LOADED,
        ConfigEntryState.SETUP_ERROR,
        ConfigEntryState.SETUP_RETRY,
    ],
)
async def test_a_rotated_token_takes_effect_whatever_the_entry_does(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, state: ConfigEntryState
) -> None:
    """An entry in SETUP_ERROR would never be reloaded by Home Assistant's own helper."""
    entry.add_to_hass(hass)
    if state is ConfigEntryState.SETUP_ERROR:
        proxy.tokens.clear()
    if state is ConfigEntryState.SETUP_RETRY:
        proxy.interference = (502, "")
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    before = entry.state
    proxy.tokens = {"oye_second": "control"}
    proxy.interference = None
    result = await discover(hass, proxy, token="oye_second")
    await hass.async_block_till_done()

    assert state is before
    assert (FlowResultType.ABORT, "already_configured") == (result["type"], result["reason"])
    assert "oye_second" == entry.data[CONF_TOKEN]
    assert ConfigEntryState.LOADED is entry.state
    assert [] == hass.config_entries.flow.async_progress()


async def test_the_same_announcement_again_does_not_disturb(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    await set_up(entry)
    before = len(proxy.requests)
    result = await discover(hass, proxy)
    await hass.async_block_till_done()

    assert "already_configured" == result["reason"]
    assert before == len(proxy.requests)


@pytest.mark.expected_log("Error setting up entry")
async def test_an_app_that_was_updated_as_asked_is_set_up(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    """Its address and its token are as before; nothing but the announcement tells of it."""
    proxy.api_version = 0
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    before = entry.state
    proxy.api_version = 1
    await discover(hass, proxy, version="0.2.0")
    await hass.async_block_till_done()

    assert ConfigEntryState.SETUP_ERROR is before
    assert ConfigEntryState.LOADED is entry.state


async def test_an_entry_that_is_not_set_up_only_learns_the_address(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    result = await discover(hass, proxy, token="oye_second")

    assert "already_configured" == result["reason"]
    assert "oye_second" == entry.data[CONF_TOKEN]
    assert ConfigEntryState.NOT_LOADED is entry.state


async def test_a_proxy_that_is_ignored_stays_ignored(hass: HomeAssistant, proxy: FakeProxy) -> None:
    ignored = MockConfigEntry(domain=DOMAIN, unique_id=INSTANCE, source=SOURCE_IGNORE)
    ignored.add_to_hass(hass)
    result = await discover(hass, proxy)

    assert "already_configured" == result["reason"]
    assert {} == ignored.data


async def test_a_discovery_does_not_disturb_who_is_typing(
    hass: HomeAssistant, proxy: FakeProxy
) -> None:
    await begin(hass)
    result = await discover(hass, proxy)

    assert (FlowResultType.ABORT, "already_in_progress") == (result["type"], result["reason"])


async def test_a_newer_announcement_replaces_the_one_that_waits(
    hass: HomeAssistant, proxy: FakeProxy
) -> None:
    await discover(hass, proxy)
    proxy.tokens = {"oye_second": "control"}
    flow = await discover(hass, proxy, token="oye_second")
    result = await submit(hass, flow, {})

    assert "oye_second" == result["data"][CONF_TOKEN]
    assert [] == hass.config_entries.flow.async_progress()


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_an_error_of_a_discovery_is_named_and_submitting_again_succeeds(
    hass: HomeAssistant, proxy: FakeProxy, trouble: str
) -> None:
    break_proxy(proxy, trouble)
    flow = await discover(hass, proxy)
    again = await submit(hass, flow, {})
    mend_proxy(proxy)
    result = await submit(hass, flow, {})

    assert {"base": trouble} == flow["errors"]
    assert {"base": trouble} == again["errors"]
    assert FlowResultType.CREATE_ENTRY == result["type"]
