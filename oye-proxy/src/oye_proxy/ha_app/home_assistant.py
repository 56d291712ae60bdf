"""
What the app asks of Home Assistant: of Supervisor, and of Core through it.

Every failure is a SupervisorError whose text says who did not do what, and why. Nothing here is
tried twice; `errands.py` does that.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import aiohttp
import msgspec
from msgspec import Struct

from oye_proxy.errors import SupervisorError
from oye_proxy.ha_app.remarks import quoted
from oye_proxy.ha_app.wording import ENGLISH
from oye_proxy.settings import Secret

T = TypeVar("T")

BASE: Final = "http://supervisor"
TOKEN: Final = "SUPERVISOR_TOKEN"  # noqa: S105 - the name of a variable
TIMEOUT: Final = 10.0

_CORE: Final = "/core/"
_NOTIFICATIONS: Final = "/core/api/services/persistent_notification"
_OK: Final = 200
_REFUSED: Final = (401, 403)
# Supervisor says 502 for a Core that is down; while it starts itself, nobody or 503 answers.
_AWAY: Final = (502, 503, 504)


class AppInfo(Struct, frozen=True):
    """Who we are, in Supervisor's words."""

    slug: str
    hostname: str


class Announcement(Struct, frozen=True):
    """A message of discovery that Supervisor keeps."""

    uuid: str


class CoreConfig(Struct, frozen=True):
    """What Core has loaded, and the language that it was set to."""

    components: frozenset[str]
    language: str = ENGLISH


class HomeAssistant:
    """Speaks to Supervisor with the token of this start."""

    def __init__(self, token: Secret | None, base: str = BASE, timeout: float = TIMEOUT) -> None:
        self._token = token
        self._base = base
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def get(self, path: str) -> bytes:
        """Return the answer at a path as it is."""
        return await self._ask("GET", path)

    async def app_info(self) -> AppInfo:
        """Return our own slug and host name."""
        path = "/addons/self/info"
        return _wrapped(path, await self._ask("GET", path), AppInfo)

    async def announce(self, service: str, config: Mapping[str, Any]) -> str:
        """Tell Core of a service through Supervisor; return the message's uuid."""
        path = "/discovery"
        content = await self._ask("POST", path, {"service": service, "config": config})
        return _wrapped(path, content, Announcement).uuid

    async def core_config(self) -> CoreConfig:
        """Return what Core says of itself."""
        path = "/core/api/config"
        content = await self._ask("GET", path)
        # Core answers bare.
        return _understood(path, lambda: msgspec.json.decode(content, type=CoreConfig))

    async def notify(self, notification_id: str, title: str, message: str) -> None:
        """Show a notification, in place of an older one of the same id."""
        body = {"notification_id": notification_id, "title": title, "message": message}
        await self._ask("POST", f"{_NOTIFICATIONS}/create", body)

    async def dismiss(self, notification_id: str) -> None:
        """Take a notification away, if it is there."""
        await self._ask("POST", f"{_NOTIFICATIONS}/dismiss", {"notification_id": notification_id})

    async def _ask(self, method: str, path: str, body: Any = None) -> bytes:
        """Return the content of a good answer; raise SupervisorError for any other."""
        if self._token is None:
            raise SupervisorError("there is no Supervisor: SUPERVISOR_TOKEN is not set")
        headers = {"Authorization": f"Bearer {self._token.reveal()}"}
        try:
            async with (
                aiohttp.ClientSession(headers=headers, timeout=self._timeout) as session,
                session.request(method, f"{self._base}{path}", json=body) as response,
            ):
                content = await response.read()
                status = response.status
        except TimeoutError:
            raise SupervisorError("Supervisor does not answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise SupervisorError(f"Supervisor does not answer ({reason})") from error
        if status != _OK:
            raise SupervisorError(_refusal(method, path, status, content))
        return content


def _wrapped(path: str, content: bytes, kind: type[T]) -> T:
    """Read what Supervisor wraps into `data`."""

    def read() -> T:
        data = msgspec.json.decode(content, type=dict[str, Any]).get("data")
        return msgspec.convert(data, kind)

    return _understood(path, read)


def _understood(path: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except (ValueError, RecursionError) as error:
        raise SupervisorError(f"the answer of {path} cannot be understood ({error})") from error


def _refusal(method: str, path: str, status: int, content: bytes) -> str:
    who = "Home Assistant Core" if path.startswith(_CORE) else "Supervisor"
    if status in _AWAY:
        return f"{who} is not up (HTTP {status})"
    what = f"{who} refuses {method} {path}"
    if status in _REFUSED:
        what = f"{who} does not let the app do {method} {path}"
    reason = _message(content)
    return f"{what} (HTTP {status})" if reason is None else f"{what}: {quoted(reason)}"


def _message(content: bytes) -> str | None:
    try:
        message = msgspec.json.decode(content, type=dict[str, Any]).get("message")
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, str) and message else None
