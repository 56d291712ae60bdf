"""What Supervisor and Core say of this installation; none of it is worth waiting for."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from oye_proxy.errors import SupervisorError
from oye_proxy.ha_app.home_assistant import HomeAssistant
from oye_proxy.ha_app.names import hostname_of, machine_name

PLAIN: Final = "9080/tcp"
TLS: Final = "9443/tcp"


class Surroundings(Struct, frozen=True, kw_only=True):
    """
    What is known of the machine; None is what nobody told.

    A port is that of the host, None when it is not published.
    """

    hostname: str | None = None
    internal_host: str | None = None
    plain_port: int | None = 9080
    tls_port: int | None = 9443
    asked: bool = False

    @property
    def lan_host(self) -> str:
        """The name under which chargers in the house find this machine."""
        return self.internal_host or f"{self.hostname or 'homeassistant'}.local"


NOT_ASKED: Final = Surroundings()


async def look_around(home_assistant: HomeAssistant) -> Surroundings:
    """Return what can be found out now."""
    app, machine, core = await asyncio.gather(
        _object(home_assistant, "/addons/self/info"),
        _object(home_assistant, "/info"),
        _object(home_assistant, "/core/api/config"),
    )
    # Core answers bare, Supervisor wraps.
    network = _member(_member(app, "data"), "network")
    plain, tls = NOT_ASKED.plain_port, NOT_ASKED.tls_port
    if network:
        plain, tls = _port(network.get(PLAIN)), _port(network.get(TLS))
    return Surroundings(
        hostname=machine_name(_member(machine, "data").get("hostname")),
        internal_host=hostname_of(core.get("internal_url")),
        plain_port=plain,
        tls_port=tls,
        asked=bool(app),
    )


async def _object(home_assistant: HomeAssistant, path: str) -> Mapping[str, Any]:
    """Return an answer's object; empty when there is none."""
    try:
        return msgspec.json.decode(await home_assistant.get(path), type=dict[str, Any])
    except (SupervisorError, ValueError, RecursionError):
        return {}


def _member(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    member = value.get(name)
    return member if isinstance(member, Mapping) else {}


def _port(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 < value < 65536 else None  # noqa: PLR2004
