"""
A charger's way to its CSMS over time: one link, and the dialling while there is none.

It never gives up (3.6); a refusal met while dialling again only raises an alert. Where chargers are
not kept without a CSMS (`on_loss: close`), one dial decides, for example after a new address.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from msgspec.structs import replace

from oye_proxy.errors import (
    CsmsLoopError,
    CsmsRefusedError,
    CsmsUnreachableError,
    TransportError,
)
from oye_proxy.settings import CsmsSettings, OnCsmsLoss, OnCsmsRefusal
from oye_proxy.tasks import cancel, spawn
from oye_proxy.transport import close_codes
from oye_proxy.transport.backoff import Backoff, retry_after_seconds
from oye_proxy.transport.keepalive import KeepAlive
from oye_proxy.transport.ports import CsmsTarget, Dialer, Hello, LinkChange, LinkReason, Socket


class UplinkUser(Protocol):
    """Who hears of the link; none of these may raise."""

    def csms_opened(self) -> None:
        """A link is up; its messages follow."""
        ...

    def csms_said(self, data: str | bytes) -> None:
        """The CSMS sent a message."""
        ...

    def csms_closed(self, link: Socket, code: int, reason: str) -> bool:
        """The link is lost; return whether to dial again."""
        ...

    def csms_lost(self) -> None:
        """There is no link for now."""
        ...

    def csms_given_up(self) -> None:
        """There is no link, and chargers are not kept without one; the user must end this."""
        ...

    def csms_off(self) -> None:
        """There is no CSMS any more."""
        ...

    def link_changed(self, change: LinkChange) -> None:
        """What people want to know of it."""
        ...


class Uplink:
    """Keeps one charger connected to `target`; None means that the proxy stands in."""

    def __init__(
        self,
        user: UplinkUser,
        dialer: Dialer,
        settings: CsmsSettings,
        spread: Callable[[], float],
        *,
        name: str,
        hello: Hello,
        subprotocol: str | None,
        target: CsmsTarget | None,
    ) -> None:
        self.link: Socket | None = None
        self.target = target
        self._user = user
        self._dialer = dialer
        self._settings = settings
        self._name = name
        self._subprotocol = subprotocol
        # The charger cannot switch any more, so nothing else is offered when we dial again.
        self._hello = replace(hello, offered=(subprotocol,)) if subprotocol else hello
        self._loop = asyncio.get_running_loop()
        self._life: KeepAlive | None = None
        self._redialling: asyncio.Task[None] | None = None
        self._over = False
        self._backoff = Backoff(
            first=settings.reconnect_delay, cap=settings.reconnect_delay_max, spread=spread
        )

    def start(self, link: Socket | None, failure: TransportError | None) -> None:
        """Begin with the link of the handshake, or with the reason why there is none."""
        if link is not None:
            self._adopt(link)
        elif self.target is not None:
            self._user.csms_lost()
            why = failure or CsmsUnreachableError("the CSMS was not asked")
            self._redial_after(self._note_failure(why))

    async def retarget(self, target: CsmsTarget | None) -> None:
        """Go to another CSMS, or to none; the old link ends before the new one is dialled."""
        if self._over or target == self.target:
            return
        self.target = target
        await cancel(self._redialling)
        link = self._drop()
        if target is None:
            self._user.csms_off()
            self._user.link_changed(LinkChange(reason=LinkReason.OFF))
        else:
            self._user.csms_lost()
        if link is not None:
            link.close(close_codes.GOING_AWAY, "")
            await link.wait_closed()
        if target is not None and self.target is target:
            self._redial_after(0.0)

    def broken(self, link: Socket) -> None:
        """Give up a link that shows no sign of life or takes nothing."""
        link.abort()
        self._closed(link, close_codes.ABNORMAL, "")

    def end(self, code: int, reason: str) -> None:
        """Close the link, and dial no more (LC 6.3)."""
        self._over = True
        if self._redialling is not None:
            self._redialling.cancel()
        link = self._drop()
        if link is not None:
            link.close(code, reason)

    def _adopt(self, link: Socket) -> None:
        self.link = link
        self._backoff.opened(self._loop.time())
        self._life = KeepAlive(
            link,
            self._loop,
            interval=self._settings.ping_interval,
            timeout=self._settings.ping_timeout,
            on_dead=lambda: self.broken(link),
        )
        self._life.start()
        self._user.link_changed(LinkChange(reason=LinkReason.CONNECTED))
        self._user.csms_opened()
        link.start(self._user.csms_said, lambda code, reason: self._closed(link, code, reason))

    def _drop(self) -> Socket | None:
        """Forget the link, and return it to be closed."""
        link, self.link = self.link, None
        if self._life is not None:
            self._life.stop()
            self._life = None
        return link

    def _closed(self, link: Socket, code: int, reason: str) -> None:
        if link is not self.link:
            return
        self._drop()
        if not self._user.csms_closed(link, code, reason):
            return
        delay = self._backoff.lost(self._loop.time(), code)
        change = LinkChange(
            reason=LinkReason.CLOSED,
            detail=reason,
            close_code=code,
            attempt=self._backoff.attempt,
            next_delay=delay,
        )
        self._user.link_changed(change)
        self._user.csms_lost()
        self._redial_after(delay)

    def _redial_after(self, delay: float) -> None:
        if not self._over:
            self._redialling = spawn(self._redial(delay), name=f"redial {self._name}")

    async def _redial(self, delay: float) -> None:
        """Dial until a link is up; the owner of the task cancels it."""
        target = self.target
        assert target is not None  # noqa: S101 - without one nobody dials
        while True:
            await asyncio.sleep(delay)
            error: TransportError
            try:
                link = await self._dialer.dial(target, self._hello)
            except (CsmsRefusedError, CsmsUnreachableError) as failure:
                error = failure
                delay = self._note_failure(error)
            else:
                if link.subprotocol in {None, self._subprotocol}:
                    self._redialling = None
                    self._adopt(link)
                    return
                link.close(close_codes.PROTOCOL_ERROR, "")
                error = CsmsUnreachableError(f"the CSMS answered with {link.subprotocol}")
                delay = self._note_failure(error, LinkReason.SUBPROTOCOL)
            if not self._is_endured(error):
                self._redialling = None
                self._user.csms_given_up()
                return

    def _is_endured(self, error: TransportError) -> bool:
        """Tell whether the charger stays without a link for this reason."""
        if isinstance(error, CsmsRefusedError) and (
            self._settings.on_refusal is OnCsmsRefusal.STANDALONE
        ):
            return True
        return self._settings.on_loss is OnCsmsLoss.STANDALONE

    def _note_failure(
        self, error: TransportError, reason: LinkReason = LinkReason.UNREACHABLE
    ) -> float:
        """Tell about a dial that failed and return the seconds until the next one."""
        status, retry_after = None, None
        if isinstance(error, CsmsRefusedError):
            reason, status = LinkReason.REFUSED, error.status
            said = error.headers.get("Retry-After", "")
            retry_after = retry_after_seconds(said, datetime.now(UTC))
        elif isinstance(error, CsmsLoopError):
            reason = LinkReason.LOOP
        elif isinstance(error, CsmsUnreachableError):
            retry_after = error.retry_after
        delay = self._backoff.failed(retry_after)
        change = LinkChange(
            reason=reason,
            detail=str(error),
            attempt=self._backoff.attempt,
            next_delay=delay,
            status=status,
        )
        self._user.link_changed(change)
        return delay
