"""What the forms of the config flow ask for: a way into a proxy, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TOKEN,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from yarl import URL

from .api import (
    OyeAnswerError,
    OyeAuthenticationError,
    OyeConnectionError,
    OyeError,
    OyeRequestError,
    OyeSslError,
)
from .const import LOGGER

SECTION_SIGN_IN: Final = "sign_in"
FORBIDDEN: Final = 403


class RefusedError(Exception):
    """What was typed cannot be used; the text is the key of the error."""


@dataclass(frozen=True, slots=True)
class Access:
    """An address and one way to get in: a token, or a user with a password."""

    url: str
    verify_ssl: bool
    token: str | None
    username: str | None = None
    password: str | None = None


class Refusals:
    """Turns what goes wrong between us and the proxy into the key of an error."""

    def __enter__(self) -> None:
        """Begin to watch."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raise RefusedError in place of an exception."""
        if not isinstance(error, Exception):
            return
        if not isinstance(error, OyeError):
            LOGGER.error("Unexpected error in the config flow", exc_info=error)
        raise RefusedError(_key_of(error)) from error


def read_access(user_input: Mapping[str, Any], present_token: str | None = None) -> Access:
    """Read what was typed; raise RefusedError. Without credentials the present token stays."""
    url = _clean_url(user_input[CONF_URL])
    sign_in = user_input.get(SECTION_SIGN_IN) or {}
    token = (user_input.get(CONF_TOKEN) or "").strip()
    username, password = sign_in.get(CONF_USERNAME) or "", sign_in.get(CONF_PASSWORD) or ""
    if not (token or username or password) and present_token:
        token = present_token
    if bool(token) == bool(username or password) or bool(username) != bool(password):
        raise RefusedError("credentials_required")
    return Access(url, user_input[CONF_VERIFY_SSL], token or None, username, password)


def _key_of(error: Exception) -> str:
    match error:
        case OyeAuthenticationError():
            return "invalid_auth"
        case OyeRequestError() if error.status == FORBIDDEN:
            return "insufficient_scope"
        case OyeSslError():
            return "ssl_error"
        case OyeAnswerError():
            return "not_oye"
        case OyeConnectionError() | OyeRequestError():
            return "cannot_connect"
        case _:
            return "unknown"


def _clean_url(text: str) -> str:
    """Return the address without a last slash, with the path of a reverse proxy."""
    try:
        url = URL(text.strip())
        usable = url.scheme in {"http", "https"} and bool(url.host)
        bare = not (url.user or url.password or url.query_string or url.fragment)
    except ValueError:
        raise RefusedError("invalid_url") from None
    if not usable or not bare:
        raise RefusedError("invalid_url")
    return f"{url.origin()}{url.raw_path.rstrip('/')}"
