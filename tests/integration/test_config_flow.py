"""How an owner gets OYE into Home Assistant, and what is said when something is in the way."""

import pytest
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.fake_proxy import INSTANCE, TOKEN, FakeProxy
from tests.integration.flows import (
    TROUBLES,
    begin,
    break_proxy,
    by_password,
    by_token,
    mend_proxy,
    submit,
)


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
