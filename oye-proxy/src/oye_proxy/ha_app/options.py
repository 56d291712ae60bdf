"""
The options of the app, as Supervisor writes them to `options.json`.

Supervisor checks them loosely, this module exactly. An entry or a value that cannot be used is
named and replaced by what is safe, so that the app starts; a file of an older or newer version is
read as far as it goes. The one value that stops the start is `database_url`: another database than
the one that was meant would hide what is stored there.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from oye_proxy.errors import InvalidRequestError, SettingsError
from oye_proxy.ha_app.names import TrustedName, read_names
from oye_proxy.ha_app.networks import read_networks
from oye_proxy.ha_app.remarks import Remark, quoted
from oye_proxy.settings import LogLevel, Secret, parse_database_url
from oye_proxy.state import check_csms_url

_FILE_NAME: Final = re.compile(r"\w[\w./-]*", re.ASCII)


class Options(Struct, frozen=True, kw_only=True):
    """What the owner set; every value is checked."""

    trusted_names: tuple[TrustedName, ...] = ()
    allow_lan: bool = True
    trusted_proxies: tuple[str, ...] = ()
    certfile: str = "fullchain.pem"
    keyfile: str = "privkey.pem"
    hsts: bool = False
    csms_url: str | None = None
    database_url: Secret | None = None
    install_integration: bool = True
    log_level: LogLevel = LogLevel.INFO


DEFAULTS: Final = Options()

# When the file says nothing that can be understood, nobody is let in who was not meant.
_CLOSED: Final = Options(allow_lan=False, install_integration=False)


def read_options(path: Path) -> tuple[Options, list[Remark]]:
    """Read the options and what is to be said about them; raise SettingsError."""
    try:
        given = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except OSError as error:
        return _CLOSED, [Remark(f"{path} cannot be read ({error.strerror}): nobody is let in")]
    except (ValueError, RecursionError):
        return _CLOSED, [Remark(f"{path} is no JSON object: nobody is let in")]
    remarks: list[Remark] = []
    names, said = read_names(_entries("trusted_domains", given, remarks))
    remarks += said
    proxies, said = read_networks(_entries("trusted_proxies", given, remarks))
    remarks += said

    def value(name: str, read: Callable[[Any], Any], otherwise: Any) -> Any:
        return _value(name, given, read, otherwise, remarks)

    options = Options(
        trusted_names=names,
        trusted_proxies=proxies,
        allow_lan=value("allow_lan", _boolean, otherwise=False),
        certfile=value("certfile", _file_name, DEFAULTS.certfile),
        keyfile=value("keyfile", _file_name, DEFAULTS.keyfile),
        hsts=value("hsts", _boolean, otherwise=False),
        csms_url=value("csms_url", _csms_url, None),
        database_url=_database_url(given.get("database_url")),
        install_integration=value("install_integration", _boolean, otherwise=False),
        log_level=value("log_level", _log_level, DEFAULTS.log_level),
    )
    return options, remarks


class _UnusableError(ValueError):
    """A value cannot be used; the text says what is expected."""


def _entries(name: str, given: Mapping[str, Any], remarks: list[Remark]) -> list[object]:
    entries = given.get(name)
    if entries is None:
        return []
    if not isinstance(entries, list):
        remarks.append(Remark(f"{name}: {quoted(entries)} is ignored: it must be a list"))
        return []
    return entries


def _value(
    name: str,
    given: Mapping[str, Any],
    read: Callable[[Any], Any],
    otherwise: Any,
    remarks: list[Remark],
) -> Any:
    """Return an option; its default when it is absent, `otherwise` when it cannot be used."""
    raw = given.get(name)
    if raw is None:
        return getattr(DEFAULTS, name)
    try:
        return read(raw)
    except _UnusableError as error:
        instead = msgspec.json.encode(otherwise).decode()
        remarks.append(Remark(f"{name}: {error}; {instead} is used instead"))
        return otherwise


def _boolean(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise _UnusableError(f"{quoted(raw)} is neither true nor false")
    return raw


def _file_name(raw: Any) -> str:
    usable = isinstance(raw, str) and _FILE_NAME.fullmatch(raw) and ".." not in raw.split("/")
    if not usable:
        raise _UnusableError(f"{quoted(raw)} is no name of a file below /ssl")
    return str(raw)


def _log_level(raw: Any) -> LogLevel:
    try:
        return LogLevel(raw)
    except ValueError:
        raise _UnusableError(f"{quoted(raw)} is none of {', '.join(LogLevel)}") from None


def _csms_url(raw: Any) -> str | None:
    """The value may hold a password and is not repeated."""
    text = raw if isinstance(raw, str) else ""
    if not text.strip() and isinstance(raw, str):
        return None
    try:
        return check_csms_url(text)
    except InvalidRequestError:
        raise _UnusableError("write an address such as wss://csms.example.com/ocpp/") from None


def _database_url(raw: Any) -> Secret | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise SettingsError("database_url: write an address or leave it empty")
    url = Secret(raw)
    try:
        parse_database_url(url)
    except SettingsError as error:
        sentence = str(error).partition(": ")[2]
        raise SettingsError(f"database_url: {sentence}, or leave it empty for SQLite") from None
    return url
