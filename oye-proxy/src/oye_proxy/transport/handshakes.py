"""One handshake at a time for each charger; the newer one of the same charger wins."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from oye_proxy.errors import AdmissionError, TransportError
from oye_proxy.tasks import cancel, spawn
from oye_proxy.transport.close_codes import REPLACED
from oye_proxy.transport.ports import Socket

# The library that accepts chargers tells nobody that one has left before its 101.
LEFT_LOOK_INTERVAL = 0.25


class Handshakes:
    """The handshakes in progress, by charger."""

    def __init__(self) -> None:
        self._pending: dict[str, Handshake] = {}

    @contextlib.asynccontextmanager
    async def turn(
        self, charge_point_id: str, address: str, *, proved: bool, retry_after: float
    ) -> AsyncIterator["Handshake"]:
        """
        Let one handshake go on, and end an older one.

        Raise AdmissionError 503 when the older one comes from elsewhere and this one's identity is
        not `proved`.
        """
        while (older := self._pending.get(charge_point_id)) is not None:
            if not proved and older.address != address:
                raise AdmissionError(503, "Charge point already connected", retry_after)
            await older.supersede()
        handshake = self._pending[charge_point_id] = Handshake(address)
        try:
            yield handshake
        finally:
            del self._pending[charge_point_id]
            handshake.over.set()

    async def stop(self) -> None:
        """End all of them."""
        await asyncio.gather(*(pending.supersede() for pending in self._pending.values()))


class Handshake:
    """A handshake in progress, which a newer one of the same charger can end."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.over = asyncio.Event()
        self._superseded = False
        self._dialling: asyncio.Task[Socket | TransportError] | None = None

    async def dial(
        self, dial: Callable[[], Awaitable[Socket]], has_left: Callable[[], bool]
    ) -> Socket:
        """
        Wait for a link; raise TransportError, or AdmissionError when superseded.

        Raise ConnectionResetError when the charger has left: its CSMS sees that too.
        """
        self._dialling = spawn(_outcome(dial), name="dial for a handshake")
        try:
            await _wait(self._dialling, has_left)
        except (asyncio.CancelledError, ConnectionResetError):
            await cancel(self._dialling)
            if not self._dialling.cancelled():
                link = self._dialling.result()
                if not isinstance(link, TransportError):
                    link.abort()
            raise
        if self._dialling.cancelled():
            raise AdmissionError(503, REPLACED)
        outcome = self._dialling.result()
        if isinstance(outcome, TransportError):
            raise outcome
        return outcome

    def check(self) -> None:
        """Raise AdmissionError when a newer handshake has taken over."""
        if self._superseded:
            raise AdmissionError(503, REPLACED)

    async def supersede(self) -> None:
        """End this handshake and wait until it has ended."""
        self._superseded = True
        await cancel(self._dialling)
        await self.over.wait()


async def _wait(
    dialling: asyncio.Task[Socket | TransportError], has_left: Callable[[], bool]
) -> None:
    while not dialling.done():
        if has_left():
            raise ConnectionResetError("the charger left during the handshake")
        await asyncio.wait([dialling], timeout=LEFT_LOOK_INTERVAL)


async def _outcome(dial: Callable[[], Awaitable[Socket]]) -> Socket | TransportError:
    """Return an expected failure instead of raising it, which would be logged as a crash."""
    try:
        return await dial()
    except TransportError as error:
        return error
