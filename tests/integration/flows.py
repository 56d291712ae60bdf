"""How tests go through the config flow."""

from typing import Any

from custom_components.oye.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from tests.integration.fake_proxy import TOKEN, FakeProxy

type Flow = Any

ANOTHER = "11111111-2222-4333-8444-555555555555"


async def submit(hass: HomeAssistant, flow: Flow, user_input: dict[str, Any]) -> Flow:
    """Fill in a form; return what comes then."""
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], user_input)
    await hass.async_block_till_done()
    return result


async def begin(hass: HomeAssistant) -> Flow:
    """Add the integration as a user does."""
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})


def by_token(proxy: FakeProxy, token: str = TOKEN, **changes: Any) -> dict[str, Any]:
    """Return what is typed to sign in by a token."""
    typed = {CONF_URL: proxy.url, CONF_VERIFY_SSL: True, CONF_TOKEN: token, "sign_in": {}}
    return typed | changes


def by_password(proxy: FakeProxy, password: str | None = None) -> dict[str, Any]:
    """Return what is typed to sign in by name and password."""
    sign_in = {"username": proxy.username, "password": password or proxy.password}
    return {CONF_URL: proxy.url, CONF_VERIFY_SSL: True, "sign_in": sign_in}


def break_proxy(proxy: FakeProxy, trouble: str) -> None:
    """Let the proxy answer so that this trouble is named."""
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
    """Let the proxy answer well again."""
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
