"""What the request of a handshake says: who comes from where, and how it wants to speak."""

import re

from aiohttp import web
from msgspec import Struct

from oye_proxy.errors import AdmissionError
from oye_proxy.ocppj.versions import OcppVersion, choose_subprotocol, version_of
from oye_proxy.settings import ChargerSettings, Secret
from oye_proxy.transport.charger_socket import check_handshake
from oye_proxy.transport.identity import identify, offered_subprotocols
from oye_proxy.transport.ports import Arrival, Hello


class Client(Struct, frozen=True):
    """Where a request comes from, as far as we trust what we see."""

    address: str
    port: int
    secure: bool


def peer_of(request: web.Request) -> Client:
    """Return the other end of the TCP connection."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    if isinstance(peer, tuple):
        return Client(str(peer[0]), int(peer[1]), request.secure)
    return Client("", 0, request.secure)


class ArrivalReader:
    """Reads handshakes by the rules that the owner set."""

    def __init__(self, charger: ChargerSettings) -> None:
        self._charger = charger
        self._id_pattern = re.compile(charger.id_pattern) if charger.id_pattern else None

    def read(self, request: web.Request, client: Client) -> tuple[Arrival, Hello]:
        """Return who comes and what goes to the CSMS; raise AdmissionError, PathScanError."""
        headers = request.headers
        offered = offered_subprotocols(headers.getall("Sec-WebSocket-Protocol", ()))
        identity = identify(request.raw_path, offered)
        check_handshake(request)
        if self._id_pattern and not self._id_pattern.fullmatch(identity.charge_point_id):
            raise AdmissionError(404, "The charger's id is not of the expected form")
        subprotocol = choose_subprotocol(offered)
        spoken = version_of(subprotocol)
        if self._charger.require_subprotocol and not offered:
            raise AdmissionError(400, "Missing Sec-WebSocket-Protocol")
        contradicts = identity.version_hint is not None and spoken != identity.version_hint
        if self._charger.strict_version_path and offered and contradicts:
            raise AdmissionError(400, "Invalid Sec-WebSocket-Protocol")
        arrival = Arrival(
            charge_point_id=identity.charge_point_id,
            raw_id=identity.raw_id,
            remote_address=client.address,
            remote_port=client.port,
            secure=client.secure,
            offered=offered,
            version=spoken or identity.version_hint or OcppVersion.V1_6,
            subprotocol=subprotocol,
            warnings=identity.warnings,
        )
        authorization = _sendable(headers.get("Authorization"))
        hello = Hello(
            raw_id=identity.raw_id,
            query=identity.query,
            offered=offered,
            authorization=Secret(authorization) if authorization is not None else None,
            user_agent=_sendable(headers.get("User-Agent")),
        )
        return arrival, hello


def _sendable(value: str | None) -> str | None:
    """Return a header's value; None when it is not UTF-8 and could not be sent on."""
    try:
        return None if value is None else value.encode().decode()
    except UnicodeEncodeError:
        return None
