"""The addresses to type into a charger, and what keeps chargers out."""

from collections.abc import Iterator

from msgspec import Struct

from oye_proxy.ha_app.names import NameKind
from oye_proxy.ha_app.options import Options
from oye_proxy.ha_app.remarks import Remark
from oye_proxy.ha_app.supervisor import Surroundings
from oye_proxy.settings import LogLevel

_STANDARD = {"ws": 80, "wss": 443}


class ChargerUrl(Struct, frozen=True):
    """One address, without the charger's id; the note is for people."""

    url: str
    note: str = ""


def charger_urls(options: Options, surroundings: Surroundings) -> list[ChargerUrl]:
    """Return an address for the LAN and for each trusted name, as far as ports are published."""
    plain, tls = surroundings.plain_port, surroundings.tls_port
    found: list[ChargerUrl] = []
    if options.allow_lan and plain is not None:
        found.append(ChargerUrl(_url("ws", surroundings.lan_host, plain)))
    for name in options.trusted_names:
        host = name.text
        if name.kind is NameKind.WILDCARD:
            host = f"<name>{host.removeprefix('*')}"
        if tls is not None:
            found.append(ChargerUrl(_url("wss", host, tls)))
        if plain is not None:
            found.append(ChargerUrl(_url("ws", host, plain), "not encrypted"))
    return found


def url_remarks(options: Options, surroundings: Surroundings) -> Iterator[Remark]:
    """Say which port is missing, and what was guessed."""
    if not surroundings.asked:
        yield Remark(
            "Supervisor did not answer: the ports and the name of this machine are guessed",
            LogLevel.NOTICE,
        )
    if surroundings.plain_port is None and surroundings.tls_port is None:
        yield Remark("no port is published, no charger can come in: set one under Network")
        return
    if surroundings.tls_port is None and options.trusted_names:
        yield Remark("port 9443/tcp is not published, so there is no wss://: set it under Network")
    if surroundings.plain_port is None and options.allow_lan:
        yield Remark("port 9080/tcp is not published, so there is no ws://: set it under Network")


def _url(scheme: str, host: str, port: int) -> str:
    shown = "" if port == _STANDARD[scheme] else f":{port}"
    return f"{scheme}://{host}{shown}/ocpp/"
