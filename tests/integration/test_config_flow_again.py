"""How an entry gets other credentials, another address or other options."""

from custom_components.oye.const import CONF_APP_SLUG, DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.conftest import SLUG, SetUp
from tests.integration.fake_proxy import INSTANCE, TOKEN, FakeProxy
from tests.integration.flows import ANOTHER, Flow, by_password, by_token, submit


async def ask_again(hass: HomeAssistant, entry: MockConfigEntry) -> Flow:
    entry.add_to_hass(hass)
    return await entry.start_reauth_flow(hass)


def without_app(entry: MockConfigEntry) -> MockConfigEntry:
    data = {key: value for key, value in entry.data.items() if key != CONF_APP_SLUG}
    return MockConfigEntry(domain=DOMAIN, title="Garage", unique_id=INSTANCE, data=data)


async def test_the_owner_of_an_app_is_told_to_restart_first(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    proxy.tokens = {"oye_made": "control"}
    flow = await ask_again(hass, entry)
    result = await submit(hass, flow, {CONF_TOKEN: "oye_made", "sign_in": {}})

    assert "reauth_confirm_app" == flow["step_id"]
    assert (FlowResultType.ABORT, "reauth_successful") == (result["type"], result["reason"])
    assert "oye_made" == entry.data[CONF_TOKEN]
    assert SLUG == entry.data[CONF_APP_SLUG]


async def test_other_credentials_are_taken_after_an_error(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    manual = without_app(entry)
    proxy.tokens.clear()
    flow = await ask_again(hass, manual)
    empty = await submit(hass, flow, {"sign_in": {}})
    wrong = await submit(hass, flow, {CONF_TOKEN: "oye_wrong", "sign_in": {}})
    sign_in = {"username": proxy.username, "password": proxy.password}
    result = await submit(hass, flow, {"sign_in": sign_in})

    assert ("reauth_confirm", "Garage") == (
        flow["step_id"],
        flow["description_placeholders"]["name"],
    )
    assert {"base": "credentials_required"} == empty["errors"]
    assert {"base": "invalid_auth"} == wrong["errors"]
    assert "reauth_successful" == result["reason"]
    assert manual.data[CONF_TOKEN] in proxy.tokens


async def test_signing_in_again_does_not_change_to_another_proxy(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    proxy.instance_id = ANOTHER
    flow = await ask_again(hass, entry)
    result = await submit(hass, flow, {CONF_TOKEN: TOKEN, "sign_in": {}})

    assert (FlowResultType.ABORT, "wrong_instance") == (result["type"], result["reason"])


async def test_a_token_that_is_not_in_force_asks_the_owner(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    proxy.tokens.clear()
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    flows = hass.config_entries.flow.async_progress()

    assert [SOURCE_REAUTH] == [flow["context"]["source"] for flow in flows]


async def test_the_address_can_be_changed_and_the_token_stays(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_URL: "http://127.0.0.1:1"}
    )
    flow = await entry.start_reconfigure_flow(hass)
    wrong = await submit(hass, flow, {**by_token(proxy, ""), CONF_URL: "garage"})
    result = await submit(hass, flow, {**by_token(proxy, ""), CONF_VERIFY_SSL: False})

    assert (FlowResultType.FORM, "reconfigure") == (flow["type"], flow["step_id"])
    assert {CONF_URL: "invalid_url"} == wrong["errors"]
    assert "reconfigure_successful" == result["reason"]
    assert (proxy.url, TOKEN, False) == (
        entry.data[CONF_URL],
        entry.data[CONF_TOKEN],
        entry.data[CONF_VERIFY_SSL],
    )


async def test_reconfiguring_takes_other_credentials_too(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    proxy.tokens.clear()
    flow = await entry.start_reconfigure_flow(hass)
    wrong = await submit(hass, flow, by_token(proxy))
    result = await submit(hass, flow, by_password(proxy))

    assert {"base": "invalid_auth"} == wrong["errors"]
    assert "reconfigure_successful" == result["reason"]
    assert entry.data[CONF_TOKEN] in proxy.tokens


async def test_reconfiguring_does_not_change_to_another_proxy(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    proxy.instance_id = ANOTHER
    flow = await entry.start_reconfigure_flow(hass)
    result = await submit(hass, flow, by_token(proxy))

    assert (FlowResultType.ABORT, "wrong_instance") == (result["type"], result["reason"])


async def test_options_are_taken_and_reload_the_entry(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp
) -> None:
    await set_up(entry)
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"meter_interval": 20, "id_tags": "masked"}
    )
    await hass.async_block_till_done()

    assert (FlowResultType.FORM, "init") == (flow["type"], flow["step_id"])
    assert FlowResultType.CREATE_ENTRY == result["type"]
    assert {"meter_interval": 20, "id_tags": "masked"} == entry.options
    assert 20.0 == entry.runtime_data.meter_interval
    assert entry.runtime_data.mask_id_tags
    assert ConfigEntryState.LOADED is entry.state
