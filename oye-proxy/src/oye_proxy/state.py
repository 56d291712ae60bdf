"""
What changes while the proxy runs: the CSMS address, forwarding, automatic charging, the id tag.

It lives in the table `config` under the names of the Node oye-proxy, as strings. The setting
`csms.url` seeds it: an address that differs from the one taken over last is taken over, and
forwarding is switched on.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.errors import InvalidRequestError, OwnAddressError
from oye_proxy.transport.own_address import OwnAddress
from oye_proxy.transport.upstream import (
    DEFAULT_PORTS,
    HIDDEN_CHARACTER,
    NO_WEBSOCKET,
    PLACEHOLDER,
    parse_url,
)

SEEDED_URL: Final = "seededCsmsUrl"


class ConfigStorage(Protocol):
    """Where the state is kept."""

    async def all(self) -> dict[str, str]:
        """Return every key with its value."""

    async def set(self, values: Mapping[str, str]) -> None:
        """Store the values."""


class ProxyState(Struct, frozen=True, kw_only=True):
    """The values that are in force."""

    csms_url: str = "ws://localhost/ocpp"
    forwarding: bool = False
    auto_charge: bool = False
    default_id_tag: str = "ADMIN_TAG"


Listener = Callable[[ProxyState], None]


class State:
    """
    The proxy's state: one owner, every change checked, stored, then told.

    `own_address` tells which addresses of a CSMS lead back to this proxy.
    """

    def __init__(self, storage: ConfigStorage, own_address: OwnAddress | None = None) -> None:
        self._storage = storage
        self._own_address = own_address
        self._listeners: list[Listener] = []
        self.current = ProxyState()

    async def load(self, seed_url: str | None) -> None:
        """Read what is stored; take over the CSMS address of the settings when it is a new one."""
        stored = await self._storage.all()
        self.current = _from_config(stored)
        if seed_url is not None and stored.get(SEEDED_URL) != seed_url:
            csms_url = await self.check_csms_url(seed_url)
            self.current = replace(self.current, csms_url=csms_url, forwarding=True)
            await self._storage.set(_to_config(self.current) | {SEEDED_URL: seed_url})

    def config(self) -> dict[str, str]:
        """Return the values under the names of the Node oye-proxy."""
        return _to_config(self.current)

    async def update(
        self,
        *,
        csms_url: str | None = None,
        forwarding: bool | None = None,
        auto_charge: bool | None = None,
        default_id_tag: str | None = None,
    ) -> None:
        """Change what is given; raise InvalidRequestError for a value that cannot be."""
        if csms_url is not None and csms_url != self.current.csms_url:
            csms_url = await self.check_csms_url(csms_url)
        if default_id_tag is not None and not default_id_tag.strip():
            raise InvalidRequestError("defaultIdTag must not be empty")
        present = self.current
        changed = ProxyState(
            csms_url=present.csms_url if csms_url is None else csms_url,
            forwarding=present.forwarding if forwarding is None else forwarding,
            auto_charge=present.auto_charge if auto_charge is None else auto_charge,
            default_id_tag=present.default_id_tag if default_id_tag is None else default_id_tag,
        )
        if changed == present:
            return
        await self._storage.set(_to_config(changed))
        self.current = changed
        for listener in tuple(self._listeners):
            listener(changed)

    async def check_csms_url(self, url: str) -> str:
        """Do as the function; raise InvalidRequestError also for an address of our own."""
        address = check_csms_url(url)
        if self._own_address is not None and await self._own_address.leads_here(address):
            raise OwnAddressError
        return address

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each new state until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def check_csms_url(url: str) -> str:
    """
    Return the address without the blanks around it.

    Raise InvalidRequestError, which says what is wrong, unless a WebSocket server can be there.
    """
    address = url.strip()
    if address.partition("://")[0].lower() not in DEFAULT_PORTS:
        raise InvalidRequestError(NO_WEBSOCKET)
    if not address.isprintable():
        raise InvalidRequestError(HIDDEN_CHARACTER)
    if "#" in address:
        raise InvalidRequestError("The CSMS address must not hold a #; in a password write %23")
    try:
        parse_url(address.replace(PLACEHOLDER, "ID"))
    except ValueError as error:
        raise InvalidRequestError(str(error)) from None
    return address


def _from_config(stored: Mapping[str, str]) -> ProxyState:
    defaults = ProxyState()
    return ProxyState(
        csms_url=stored.get("targetCsmsUrl", defaults.csms_url),
        forwarding=stored.get("csmsForwardingEnabled") == "true",
        auto_charge=stored.get("autoChargeEnabled") == "true",
        default_id_tag=stored.get("defaultIdTag", defaults.default_id_tag),
    )


def _to_config(state: ProxyState) -> dict[str, str]:
    return {
        "targetCsmsUrl": state.csms_url,
        "csmsForwardingEnabled": _text(state.forwarding),
        "autoChargeEnabled": _text(state.auto_charge),
        "defaultIdTag": state.default_id_tag,
    }


def _text(value: bool) -> str:  # noqa: FBT001
    return "true" if value else "false"
