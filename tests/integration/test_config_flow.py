"""How an owner gets OYE into Home Assistant, and what is said when something is in the way."""

from typing import Any

import pytest
from custom_components.oye.const import CONF_APP_SLUG, DOMAIN
from homeassistant.config_entries import (
    SOURCE_HASSIO,
    SOURCE_IGNORE,
    SOURCE_REAUTH,
    SOURCE_USER,
    ConfigEntryState,
)
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.conftest import SLUG, SetUp
from tests.integration.fake_proxy import INSTANCE, TOKEN, FakeProxy

type Flow = Any

ANOTHER = "11111111-2222-4333-8444-555555555555"


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


async def submit(hass: HomeAssistant, flow: Flow, user_input: dict[str, Any]) -> Flow:
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], user_input)
    await hass.async_block_till_done()
    return result


async def begin(hass: HomeAssistant) -> Flow:
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})


def by_token(proxy: FakeProxy, token: str = TOKEN, **changes: Any) -> dict[str, Any]:
    typed = {CONF_URL: proxy.url, CONF_VERIFY_SSL: True, CONF_TOKEN: token, "sign_in": {}}
    return typed | changes


def by_password(proxy: FakeProxy, password: str | None = None) -> dict[str, Any]:
    sign_in = {"username": proxy.username, "password": password or proxy.password}
    return {CONF_URL: proxy.url, CONF_VERIFY_SSL: True, "sign_in": sign_in}


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


async def test_an_owner_gives_an_address_and_a_token(hass: HomeAssistant, proxy: FakeProxy) -> None:
    proxy.name = "Garage"
    flow = await begin(hass)
    typed = by_token(proxy, f" {TOKEN} ", url=f" {proxy.url}/ ", verify_ssl=False)
    result = await submit(hass, flow, typed)

    assert (FlowResultType.FORM, "user", {}) == (flow["type"], flow["step_id"], flow["errors"])
    assert (FlowResultType.CREATE_ENTRY, "Garage") == (result["type"], result["title"])
    assert INSTANCE == result["result"].unique_id
    assert {CONF_URL: proxy.url, CONF_TOKEN: TOKEN, CONF_VERIFY_SSL: False} == result["data"]


async def test_a_password_is_exchanged_for_a_token_and_not_kept(
    hass: HomeAssistant, proxy: FakeProxy
) -> None:
    result = await submit(hass, await begin(hass), by_password(proxy))
    token = result["data"][CONF_TOKEN]

    assert {CONF_URL: proxy.url, CONF_TOKEN: token, CONF_VERIFY_SSL: True} == result["data"]
    assert "control" == proxy.tokens[token]
    assert proxy.password not in str(result["data"])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "garage",
        "ws://garage:8080",
        "http://",
        "http://garage:port",
        "http://garage:8080?token=1",
        "http://garage:8080/#/chargers",
        "http://admin:secret@garage:8080",
    ],
)
async def test_an_address_that_cannot_be_is_refused_then_mended(
    hass: HomeAssistant, proxy: FakeProxy, url: str
) -> None:
    flow = await submit(hass, await begin(hass), by_token(proxy, url=url))
    result = await submit(hass, flow, by_token(proxy))

    assert {CONF_URL: "invalid_url"} == flow["errors"]
    assert FlowResultType.CREATE_ENTRY == result["type"]


async def test_the_path_of_a_reverse_proxy_is_kept(hass: HomeAssistant, proxy: FakeProxy) -> None:
    flow = await submit(hass, await begin(hass), by_token(proxy, url=f"{proxy.url}/oye/"))

    assert {"base": "not_oye"} == flow["errors"]


@pytest.mark.parametrize(
    ("token", "sign_in"),
    [
        (None, {}),
        ("", {"username": "", "password": ""}),
        (TOKEN, {"username": "admin", "password": "x"}),
        (TOKEN, {"username": "admin"}),
        (None, {"username": "admin"}),
        (None, {"password": "x"}),
    ],
)
async def test_exactly_one_way_to_sign_in_is_needed(
    hass: HomeAssistant, proxy: FakeProxy, token: str | None, sign_in: dict[str, str]
) -> None:
    typed = by_token(proxy, sign_in=sign_in)
    if token is None:
        del typed[CONF_TOKEN]
    else:
        typed[CONF_TOKEN] = token
    flow = await submit(hass, await begin(hass), typed)
    result = await submit(hass, flow, by_token(proxy))

    assert {"base": "credentials_required"} == flow["errors"]
    assert FlowResultType.CREATE_ENTRY == result["type"]


async def test_the_form_keeps_what_was_typed_but_secrets(
    hass: HomeAssistant, proxy: FakeProxy
) -> None:
    typed = by_token(proxy, "oye_wrong", sign_in={"username": "admin", "password": "secret"})
    flow = await submit(hass, await begin(hass), typed)
    shown = {
        str(key): (key.description or {}).get("suggested_value")
        for key in flow["data_schema"].schema
    }

    assert proxy.url == shown[CONF_URL]
    assert shown[CONF_TOKEN] is None
    assert "oye_wrong" not in str(shown)


def break_proxy(proxy: FakeProxy, trouble: str) -> None:
    match trouble:
        case "cannot_connect":
            proxy.interference = (502, "Bad gateway")
        case "invalid_auth":
            proxy.tokens.clear()
        case "insufficient_scope":
            proxy.tokens = {TOKEN: "read"}
        case "unsupported_version":
            proxy.api_version = 2
        case "not_oye":
            proxy.interference = (200, "<html>Router</html>")
        case _:
            raise AssertionError(trouble)


def mend_proxy(proxy: FakeProxy) -> None:
    proxy.interference = None
    proxy.tokens = {TOKEN: "control"}
    proxy.api_version = 1


TROUBLES = [
    "cannot_connect",
    "invalid_auth",
    "insufficient_scope",
    "unsupported_version",
    "not_oye",
]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_an_error_is_named_and_the_next_attempt_succeeds(
    hass: HomeAssistant, proxy: FakeProxy, trouble: str
) -> None:
    break_proxy(proxy, trouble)
    flow = await submit(hass, await begin(hass), by_token(proxy))
    mend_proxy(proxy)
    result = await submit(hass, flow, by_token(proxy))

    assert {"base": trouble} == flow["errors"]
    assert FlowResultType.CREATE_ENTRY == result["type"]


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


async def test_a_server_without_tls_is_an_ssl_error(hass: HomeAssistant, proxy: FakeProxy) -> None:
    secure = proxy.url.replace("http:", "https:")
    flow = await submit(hass, await begin(hass), by_token(proxy, url=secure))
    result = await submit(hass, flow, by_token(proxy))

    assert {"base": "ssl_error"} == flow["errors"]
    assert FlowResultType.CREATE_ENTRY == result["type"]


async def test_nobody_at_the_address_is_said(hass: HomeAssistant, proxy: FakeProxy) -> None:
    await proxy.stop()
    flow = await submit(hass, await begin(hass), by_token(proxy))
    await proxy.start()
    result = await submit(hass, flow, by_token(proxy))

    assert {"base": "cannot_connect"} == flow["errors"]
    assert FlowResultType.CREATE_ENTRY == result["type"]


async def test_a_wrong_password_leaves_no_token_behind(
    hass: HomeAssistant, proxy: FakeProxy
) -> None:
    flow = await submit(hass, await begin(hass), by_password(proxy, "wrong"))
    tokens = dict(proxy.tokens)
    result = await submit(hass, flow, by_password(proxy))

    assert {"base": "invalid_auth"} == flow["errors"]
    assert {TOKEN: "control"} == tokens
    assert FlowResultType.CREATE_ENTRY == result["type"]


@pytest.mark.expected_log("Unexpected error in the config flow")
async def test_what_nobody_thought_of_is_logged(
    hass: HomeAssistant, proxy: FakeProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("aiohttp.ClientSession.request", fail)
        flow = await submit(hass, await begin(hass), by_token(proxy))
    result = await submit(hass, flow, by_token(proxy))

    assert {"base": "unknown"} == flow["errors"]
    assert FlowResultType.CREATE_ENTRY == result["type"]


async def test_a_proxy_is_set_up_once(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    result = await submit(hass, await begin(hass), by_password(proxy))

    assert (FlowResultType.ABORT, "already_configured") == (result["type"], result["reason"])
    assert [TOKEN] == list(proxy.tokens)


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
