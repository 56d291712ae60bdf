"""
Where chargers come in; with `arrivals.py` and `charger_socket.py` all that knows aiohttp here.

The order of a handshake is fixed: local refusals, an older connection of the same id, the CSMS,
and only then 101. So no charger sees 101 before its CSMS agreed, and no frame is lost in between.
"""

import asyncio
import contextlib
import logging
import random
from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from aiohttp import web

from oye_proxy.errors import (
    AdmissionError,
    CsmsLoopError,
    CsmsRefusedError,
    CsmsUnreachableError,
    TransportError,
)
from oye_proxy.ocppj.commands import Notice, NoticeName
from oye_proxy.ocppj.versions import version_of
from oye_proxy.settings import (
    ChargerAuth,
    ChargerSettings,
    CsmsSettings,
    OnCsmsLoss,
    OnCsmsRefusal,
)
from oye_proxy.transport import close_codes
from oye_proxy.transport.arrivals import ArrivalReader, Client, peer_of
from oye_proxy.transport.bridge import Bridge, BridgeContext
from oye_proxy.transport.charger_socket import SERVER_NAME, accept
from oye_proxy.transport.credentials import WWW_AUTHENTICATE, CredentialChecker
from oye_proxy.transport.handshakes import Handshake, Handshakes
from oye_proxy.transport.identity import PathScanError
from oye_proxy.transport.outbox import Outbox
from oye_proxy.transport.ports import (
    Admission,
    Arrival,
    ChargerInfo,
    Dialer,
    Directory,
    FrameSink,
    Hello,
    LinkChange,
    LinkReason,
    Socket,
)

OLD_PONG_TIMEOUT = 2.0
RETRY_AFTER = 30.0
REFUSAL_LOG_INTERVAL = 300.0
REFUSAL_LOG_CAUSES = 1000

_logger = logging.getLogger(__name__)


class ChargerListener:
    """Takes the handshakes of chargers and keeps their connections."""

    def __init__(
        self,
        *,
        directory: Directory,
        sink: FrameSink,
        dialer: Dialer,
        checker: CredentialChecker,
        csms: CsmsSettings,
        charger: ChargerSettings,
        client_of: Callable[[web.Request], Client] = peer_of,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._directory = directory
        self._sink = sink
        self._dialer = dialer
        self._checker = checker
        self._csms = csms
        self._charger = charger
        self._client_of = client_of
        self._spread = spread
        self._context = BridgeContext(
            directory=directory,
            sink=sink,
            dialer=dialer,
            csms=csms,
            charger=charger,
            spread=spread,
            outbox=Outbox(),
        )
        self._reader = ArrivalReader(charger)
        self._handshakes = Handshakes()
        self._in_progress = 0
        self._bridges: set[Bridge] = set()
        self._stopping = False
        self._logged: OrderedDict[tuple[str, str], float] = OrderedDict()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection, from the handshake's request to the end of the WebSocket."""
        client = self._client_of(request)
        try:
            self._refuse_own_dial(request)
            arrival, hello = self._reader.read(request, client)
            with self._room():
                opened = await self._open(request, arrival, hello)
        except PathScanError as error:
            if self._is_new("scan", client.address):
                _logger.warning(
                    "path scan from %s refused; more of them is not logged", client.address
                )
            return self._refusal(error)
        except AdmissionError as error:
            return self._refusal(error)
        except CsmsRefusedError as error:
            # A decision of the CSMS: the charger sees it as if there were no proxy.
            return web.Response(
                status=error.status, headers={**error.headers, "Server": SERVER_NAME}
            )
        except ConnectionError:
            return web.Response(status=503)  # nobody is there to read it
        response, bridge = opened
        if bridge is not None:
            try:
                await bridge.wait_closed()
            finally:
                self._bridges.discard(bridge)
        return response

    async def stop(self) -> None:
        """Refuse newcomers and close every connection with 1001."""
        self._stopping = True
        await self._handshakes.stop()
        bridges = list(self._bridges)
        await asyncio.gather(*(bridge.close(close_codes.GOING_AWAY, "") for bridge in bridges))
        await asyncio.gather(*(bridge.wait_closed() for bridge in bridges))

    # Local decisions

    def _refuse_own_dial(self, request: web.Request) -> None:
        """Raise AdmissionError when we are the one at the door, called by our CSMS's address."""
        if self._dialer.is_own(request.headers.get("Sec-WebSocket-Key", "").strip()):
            raise AdmissionError(508, "The address of the CSMS leads back to this proxy")

    @contextlib.contextmanager
    def _room(self) -> Iterator[None]:
        """Count this handshake; raise AdmissionError 503 when there are too many."""
        total = len(self._bridges) + self._in_progress
        if self._stopping:
            raise AdmissionError(503, "The proxy is stopping", self._soon())
        if self._in_progress >= self._charger.max_handshakes:
            raise AdmissionError(503, "Too many handshakes in progress", self._soon())
        if total >= self._charger.max_connections:
            raise AdmissionError(503, "Too many chargers are connected", self._soon())
        self._in_progress += 1
        try:
            yield
        finally:
            self._in_progress -= 1

    async def _authenticate(
        self, arrival: Arrival, admission: Admission, hello: Hello
    ) -> tuple[Hello, str | None]:
        """Return what goes to the CSMS and the hash that matched, in local authentication."""
        if admission.auth is not ChargerAuth.LOCAL:
            return hello, None
        header = hello.authorization.reveal() if hello.authorization else None
        matched = await self._checker.check(
            header, arrival.charge_point_id, arrival.version, admission.credential_hashes
        )
        if matched is None:
            self._directory.auth_failed(arrival)
            raise AdmissionError(401, "The charger's credentials are wrong")
        # The CSMS gets what its address says, not the password that only concerns us.
        own = Hello(
            raw_id=hello.raw_id,
            query=hello.query,
            offered=hello.offered,
            user_agent=hello.user_agent,
        )
        return own, matched

    # The way to 101

    async def _open(
        self, request: web.Request, arrival: Arrival, hello: Hello
    ) -> tuple[web.StreamResponse, Bridge | None]:
        admission = await self._directory.admit(arrival)
        hello, matched = await self._authenticate(arrival, admission, hello)
        proved = matched is not None
        async with self._handshakes.turn(
            arrival.charge_point_id,
            arrival.remote_address,
            proved=proved,
            retry_after=self._soon(),
        ) as handshake:
            await self._replace_older(arrival, proved=proved)
            handshake.check()
            link, failure = await self._dial(request, handshake, arrival, admission, hello)
            subprotocol = link.subprotocol if link is not None else arrival.subprotocol
            try:
                handshake.check()
                response, charger = await accept(
                    request,
                    subprotocol=subprotocol,
                    max_frame=self._charger.max_frame,
                    compression=self._charger.compression,
                )
            except (AdmissionError, ConnectionError):
                if link is not None:
                    link.close(close_codes.GOING_AWAY, "")
                    await link.wait_closed()
                raise
            except BaseException:
                if link is not None:
                    link.abort()
                raise
            if link is None and arrival.offered and subprotocol is None:
                # J16 3.2, P4 3.2, Q4 3.3: not HTTP 400.
                charger.start(_ignore_message, _ignore_end)
                charger.close(close_codes.PROTOCOL_ERROR, "No subprotocol in common")
                await charger.wait_closed()
                return response, None
            info = ChargerInfo(
                charge_point_id=arrival.charge_point_id,
                version=version_of(subprotocol) if subprotocol else arrival.version,
                remote_address=arrival.remote_address,
                remote_port=arrival.remote_port,
                secure=arrival.secure,
                hello=hello,
                warnings=arrival.warnings,
                credential_hash=matched,
                no_pong=admission.no_pong,
            )
            bridge = Bridge(self._context, info, charger, target=admission.target)
            try:
                bridge.start(link, failure)
            except BaseException:
                charger.abort()
                if link is not None:
                    link.abort()
                raise
            self._bridges.add(bridge)
            return response, bridge

    async def _replace_older(self, arrival: Arrival, *, proved: bool) -> None:
        """Close an older connection of this id, its upstream first; or refuse the newcomer."""
        older = self._directory.bridge(arrival.charge_point_id)
        if older is None:
            return
        same_place = older.remote_address == arrival.remote_address
        if not (proved or same_place) and await older.is_alive(OLD_PONG_TIMEOUT):
            data = {
                "remoteAddress": older.remote_address,
                "otherAddress": arrival.remote_address,
            }
            notice = Notice(NoticeName.DUPLICATE_CHARGER, data)
            self._sink.observe(older, notice, datetime.now(UTC))
            raise AdmissionError(503, "Charge point already connected", self._soon())
        await older.close(close_codes.POLICY, close_codes.REPLACED)

    async def _dial(
        self,
        request: web.Request,
        handshake: Handshake,
        arrival: Arrival,
        admission: Admission,
        hello: Hello,
    ) -> tuple[Socket | None, TransportError | None]:
        """Return the link, or why the proxy stands in; raise when the charger must go."""
        target = admission.target
        if target is None:
            return None, None
        try:
            link = await handshake.dial(
                lambda: self._dialer.dial(target, hello), lambda: request.transport is None
            )
        except CsmsRefusedError as error:
            if self._csms.on_refusal is OnCsmsRefusal.MIRROR:
                if self._is_new("refused", hello.raw_id):
                    _logger.warning(
                        "%s is refused: its CSMS answers HTTP %d", hello.raw_id, error.status
                    )
                change = LinkChange(reason=LinkReason.REFUSED, status=error.status)
                self._directory.turned_away(arrival, change)
                raise
            return None, error
        except CsmsUnreachableError as error:
            if self._csms.on_loss is OnCsmsLoss.CLOSE:
                if self._is_new("away", str(error)):
                    _logger.warning("chargers are sent away for now: %s", error)
                looped = isinstance(error, CsmsLoopError)
                reason = LinkReason.LOOP if looped else LinkReason.UNREACHABLE
                change = LinkChange(reason=reason, detail=str(error))
                self._directory.turned_away(arrival, change)
                retry_after = max(self._soon(), error.retry_after or 0.0)
                raise AdmissionError(503, "The CSMS is away", retry_after) from error
            return None, error
        return link, None

    # Answers

    def _refusal(self, error: AdmissionError) -> web.Response:
        headers = {"Server": SERVER_NAME}
        if error.retry_after is not None:
            headers["Retry-After"] = str(round(error.retry_after))
        if error.status == 401:  # noqa: PLR2004 - HTTP's own number
            headers["WWW-Authenticate"] = WWW_AUTHENTICATE
        body = {"error": error.reason, "code": "handshake_refused"}
        return web.json_response(body, status=error.status, headers=headers)

    def _soon(self) -> float:
        """Return 30 to 60 seconds, so that chargers do not come back all at once."""
        return RETRY_AFTER * (1 + self._spread())

    def _is_new(self, kind: str, cause: str) -> bool:
        """Tell whether this was not logged a while ago: who is refused comes again and again."""
        key = kind, cause
        now = asyncio.get_running_loop().time()
        if now - self._logged.get(key, -REFUSAL_LOG_INTERVAL) < REFUSAL_LOG_INTERVAL:
            return False
        self._logged[key] = now
        self._logged.move_to_end(key)
        if len(self._logged) > REFUSAL_LOG_CAUSES:
            self._logged.popitem(last=False)
        return True


def _ignore_message(_data: str | bytes) -> None:
    """Nobody wants it: the connection is being closed."""


def _ignore_end(_code: int, _reason: str) -> None:
    """Nobody waits for it: the connection is being closed."""
