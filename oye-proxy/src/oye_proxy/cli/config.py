"""`oye-proxy config`: the stored state."""

import argparse
from collections.abc import Callable
from typing import Any

from oye_proxy.app import database_of, unserved_database_of
from oye_proxy.app.listening import tcp_port
from oye_proxy.cli.options import add_command, add_group, add_storage, run_loop, settings_of
from oye_proxy.errors import InvalidRequestError
from oye_proxy.settings import Settings
from oye_proxy.state import State
from oye_proxy.storage.config import ConfigStore
from oye_proxy.transport.own_address import OwnAddress


def add_to(commands: Any) -> None:
    """Add the group of commands."""
    config = add_group(commands, "config", "what the API's /api/config holds")
    get = add_command(config, "get", "print one value or all", _get)
    get.add_argument("key", nargs="?", choices=sorted(_KEYS))
    add_storage(get)
    change = add_command(config, "set", "change a value while the proxy is stopped", _set)
    change.add_argument("key", choices=sorted(_KEYS))
    change.add_argument("value")
    add_storage(change)


def _get(parsed: argparse.Namespace) -> int:
    values = run_loop(_read(settings_of(parsed)))
    if parsed.key is not None:
        print(values[parsed.key])
        return 0
    for key, value in values.items():
        print(f"{key}={value}")
    return 0


async def _read(settings: Settings) -> dict[str, str]:
    async with database_of(settings) as database:
        state = State(ConfigStore(database))
        await state.load(None)
        return state.config()


def _set(parsed: argparse.Namespace) -> int:
    field, read = _KEYS[parsed.key]
    run_loop(_write(settings_of(parsed), {field: read(parsed.value)}))
    return 0


async def _write(settings: Settings, changes: dict[str, Any]) -> None:
    async with unserved_database_of(settings, create=True) as database:
        server = settings.server
        state = State(ConfigStore(database), OwnAddress(server.host, tcp_port(server)))
        await state.load(None)
        await state.update(**changes)


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise InvalidRequestError(f"{text}: expected true or false")
    return text == "true"


# The key, the name that State.update has for it, and how its text is read.
_KEYS: dict[str, tuple[str, Callable[[str], object]]] = {
    "targetCsmsUrl": ("csms_url", str),
    "csmsForwardingEnabled": ("forwarding", _boolean),
    "autoChargeEnabled": ("auto_charge", _boolean),
    "defaultIdTag": ("default_id_tag", str),
}
