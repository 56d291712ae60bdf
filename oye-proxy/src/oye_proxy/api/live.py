"""
`/api/live`: a snapshot, then what changes.

The listener is attached before the snapshot is taken, so nothing falls between the two. One task
writes, the handler reads; what waits between hub and client is in the `LiveQueue`.
"""

import asyncio
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from oye_proxy.accounts import Scope
from oye_proxy.api.auth import Gate
from oye_proxy.api.frame_filter import parse_filter
from oye_proxy.api.info import live_state
from oye_proxy.api.keys import DEPENDENCIES, GATE, Dependencies
from oye_proxy.api.live_messages import ClientMessage, LiveMessage, SnapshotMessage
from oye_proxy.api.live_queue import LiveQueue
from oye_proxy.api.problems import code_of
from oye_proxy.api.reading import decode
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.shown_tags import charger_shown_to, check_filter, event_shown_to
from oye_proxy.errors import (
    AccessError,
    InvalidRequestError,
    NotPermittedError,
    StorageError,
    TooManyRequestsError,
)
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.events import LiveEvent
from oye_proxy.tasks import cancel, spawn

PING_SECONDS: Final = 30.0
SEND_SECONDS: Final = 30.0
CLOSE_SECONDS: Final = 5.0
IDENTIFY_SECONDS: Final = 60.0
CLIENT_MESSAGE_BYTES: Final = 16_384


async def open_live(exchange: Exchange) -> web.StreamResponse:
    """Serve one live client until it leaves, is too slow or loses its access."""
    dependencies = exchange.app[DEPENDENCIES]
    socket = web.WebSocketResponse(
        heartbeat=PING_SECONDS,
        max_msg_size=CLIENT_MESSAGE_BYTES,
        compress=False,
        timeout=CLOSE_SECONDS,
    )
    if not socket.can_prepare(exchange.request).ok:
        raise web.HTTPUpgradeRequired
    with dependencies.live.admit(socket) as doubted:
        await socket.prepare(exchange.request)
        client = _Client(
            exchange.request,
            socket,
            dependencies,
            exchange.app[GATE],
            exchange.caller.scope,
            doubted,
        )
        await client.serve()
    return socket


class _Client:
    """One open live connection."""

    def __init__(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        dependencies: Dependencies,
        gate: Gate,
        scope: Scope,
        doubted: asyncio.Event,
    ) -> None:
        self._request = request
        self._socket = socket
        self._dependencies = dependencies
        self._gate = gate
        self._scope = scope
        self._doubted = doubted
        self._queue = LiveQueue(self._charger)
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def serve(self) -> None:
        """Read what the client says while two tasks write and look after its access."""
        unsubscribe = self._dependencies.hub.subscribe(self._offer)
        tasks = (
            spawn(self._write(), name="live writer"),
            spawn(self._keep_identified(), name="live access"),
        )
        for task in tasks:
            task.add_done_callback(self._end_after_crash)
        try:
            async for message in self._socket:
                self._read(message)
        finally:
            unsubscribe()
            await cancel(*tasks)

    def _end_after_crash(self, task: asyncio.Task[None]) -> None:
        """End a connection on which nobody would write any more; the client comes again."""
        crashed = not task.cancelled() and task.exception() is not None
        if crashed and self._request.transport is not None:
            self._request.transport.abort()

    def _offer(self, event: LiveEvent) -> None:
        due = self._queue.due
        self._queue.offer(event_shown_to(self._scope, event), self._loop.time())
        if self._queue.due != due:
            self._wake.set()

    def _read(self, message: WSMessage) -> None:
        try:
            self._obey(message)
        except (InvalidRequestError, NotPermittedError) as error:
            self._queue.complain(str(error), code_of(type(error)), self._loop.time())
            self._wake.set()

    def _obey(self, message: WSMessage) -> None:
        if message.type is not WSMsgType.TEXT:
            raise InvalidRequestError("A message must be text")
        wanted = decode(message.data.encode("utf-8", "replace"), ClientMessage)
        if wanted.subscribe is not msgspec.UNSET:
            frame_filter = parse_filter(wanted.filter, datetime.now(UTC))
            check_filter(self._scope, frame_filter)
            self._queue.subscribe_frames(frame_filter)
        elif wanted.unsubscribe is not msgspec.UNSET:
            self._queue.unsubscribe_frames()
        else:
            raise InvalidRequestError("A message needs subscribe or unsubscribe")

    async def _write(self) -> None:
        try:
            await self._send(self._snapshot())
            while not self._queue.overflowed:
                await self._wait()
                for message in self._queue.take(self._loop.time()):
                    await self._send(message)
        except TimeoutError:
            pass
        except ConnectionError:
            return
        await self._close(WSCloseCode.TRY_AGAIN_LATER, "too slow")

    def _snapshot(self) -> SnapshotMessage:
        state = live_state(self._dependencies, self._scope)
        return SnapshotMessage(
            seq=state.seq,
            epoch=state.epoch,
            proxy=state.proxy,
            chargers=state.chargers,
            issues=state.issues,
        )

    def _charger(self, charge_point_id: str) -> ChargerState:
        return charger_shown_to(self._scope, self._dependencies.hub.charger(charge_point_id))

    async def _wait(self) -> None:
        """Wait until something is due; an event may bring that moment forward."""
        while True:
            self._wake.clear()
            due = self._queue.due
            if due is not None and due <= self._loop.time():
                return
            try:
                async with asyncio.timeout_at(due):
                    await self._wake.wait()
            except TimeoutError:
                return

    async def _send(self, message: LiveMessage) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await self._socket.send_str(msgspec.json.encode(message).decode())

    async def _keep_identified(self) -> None:
        """End the connection when its user, login or token is gone; look now and then by itself."""
        while True:
            await self._wait_for_doubt()
            try:
                await self._gate.identify(self._request)
            except StorageError:
                continue
            except TooManyRequestsError as error:
                # Else whoever lost the access would keep this by guessing on.
                await self._close(WSCloseCode.TRY_AGAIN_LATER, str(error))
                return
            except AccessError as error:
                await self._close(WSCloseCode.POLICY_VIOLATION, str(error))
                return

    async def _wait_for_doubt(self) -> None:
        try:
            async with asyncio.timeout(IDENTIFY_SECONDS):
                await self._doubted.wait()
        except TimeoutError:
            pass
        self._doubted.clear()

    async def _close(self, code: int, reason: str) -> None:
        transport = self._request.transport
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.close(code=code, message=reason.encode())
        except TimeoutError:
            pass
        finally:
            # aiohttp waits for a peer that reads nothing until everything is sent.
            if transport is not None:
                transport.abort()


ROUTES = (
    Route(
        method="GET",
        path="/api/live",
        handler=open_live,
        scope=Scope.READ,
        summary="The live stream, a WebSocket",
        media="",
        success=HTTPStatus.SWITCHING_PROTOCOLS,
        errors=(HTTPStatus.UPGRADE_REQUIRED,),
    ),
)
