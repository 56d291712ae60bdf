"""
The data path: two sockets and one Conversation.

    charger ──► receive ──► Send ──► csms        no await, no task, no lock in between: a socket
    charger ◄── Send ◄── receive ◄── csms        calls, the other writes at the end of the pass

Everything else that a conversation tells (records, progress, notices) goes to the FrameSink.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from oye_proxy.errors import ChargerNotConnectedError, TransportError
from oye_proxy.ocppj.commands import Command, Notice, NoticeName, Peer, Send
from oye_proxy.settings import ChargerSettings, CsmsSettings, OnCsmsLoss
from oye_proxy.transport import close_codes
from oye_proxy.transport.brake import Brake
from oye_proxy.transport.frame_rate import FrameRate
from oye_proxy.transport.keepalive import KeepAlive
from oye_proxy.transport.outbox import Outbox
from oye_proxy.transport.ports import (
    Charger,
    ChargerInfo,
    ConversationPort,
    CsmsTarget,
    Dialer,
    Directory,
    Event,
    FrameSink,
    LinkChange,
    Socket,
)
from oye_proxy.transport.uplink import Uplink

# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CHARGER, _CSMS = Peer.CHARGER, Peer.CSMS

_logger = logging.getLogger(__name__)


class BridgeContext(Struct, frozen=True, kw_only=True):
    """What all bridges share."""

    directory: Directory
    sink: FrameSink
    dialer: Dialer
    csms: CsmsSettings
    charger: ChargerSettings
    spread: Callable[[], float]
    outbox: Outbox


class Bridge:
    """One connection of one charger, from its 101 to its end."""

    def __init__(
        self,
        context: BridgeContext,
        info: ChargerInfo,
        charger: Charger,
        *,
        target: CsmsTarget | None,
    ) -> None:
        self.info = info
        self.charge_point_id = info.charge_point_id
        self.version = info.version
        self.subprotocol = charger.subprotocol
        self.remote_address = info.remote_address
        self.remote_port = info.remote_port
        self.connected_at = datetime.now(UTC)
        self.frames_out = 0
        self.injected = 0
        self.conversation: ConversationPort
        self._context = context
        self._charger = charger
        self._loop = asyncio.get_running_loop()
        self._started_at = self._loop.time()
        self._over = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._brakes: dict[Peer, Brake] = {}
        self._uplink = Uplink(
            self,
            context.dialer,
            context.csms,
            context.spread,
            name=info.charge_point_id,
            hello=info.hello,
            subprotocol=charger.subprotocol,
            target=target,
        )
        self._charger_life = KeepAlive(
            charger,
            self._loop,
            interval=context.charger.ping_interval,
            timeout=context.charger.ping_timeout,
            on_dead=self._charger_dead,
            no_pong=info.no_pong,
        )
        self._rate = FrameRate(context.charger.frames_per_second, self._started_at)
        self._burst_end = self._rate.burst

    # What the layers above use

    @property
    def frames_in(self) -> int:
        """Messages that the charger sent."""
        return self._charger.messages_received

    @property
    def last_seen(self) -> datetime:
        """When the charger sent anything at all."""
        return self.connected_at + timedelta(seconds=self._charger.last_heard - self._started_at)

    @property
    def target(self) -> CsmsTarget | None:
        """Where the charger is sent; None when the proxy stands in."""
        return self._uplink.target

    @property
    def csms_connected(self) -> bool:
        """Whether a link to the CSMS is up."""
        return self._uplink.link is not None

    @property
    def no_pong(self) -> bool:
        """Whether this charger sends frames but does not answer pings."""
        return self._charger_life.no_pong

    def set_heartbeat_interval(self, seconds: float) -> None:
        """Tell how often this charger sends Heartbeats, to judge its silence by."""
        self._charger_life.heartbeat_interval = seconds

    def inject(self, message_id: str, action: str, payload: Any) -> None:
        """Send a CALL of the owner; raise what the conversation raises."""
        if self._over:
            raise ChargerNotConnectedError
        commands = self.conversation.inject(message_id, action, payload, self._loop.time())
        self.injected += 1
        self._carry_out(commands)

    def tell(self, event: Event) -> None:
        """Tell the conversation of an event and carry out what it says, unless it is over."""
        if self._over:
            return
        try:
            self._carry_out(event(self._loop.time()))
        except Exception as error:  # noqa: BLE001 - a bug here must not touch another charger
            self._crashed(error)

    async def retarget(self, target: CsmsTarget | None) -> None:
        """Go to another CSMS, or to none, at once; the charger keeps its connection."""
        self._release_brakes()
        self._context.outbox.flush()
        await self._uplink.retarget(target)

    async def close(self, code: int, reason: str) -> None:
        """
        End the connection; return when the link to the CSMS is gone.

        The charger gets its Close frame at once, and as long as it needs for its answer.
        """
        link = self._uplink.link
        self._close_charger(code, reason)
        self._finish(code, reason, "proxy", to_csms=(close_codes.GOING_AWAY, ""))
        if link is not None:
            await link.wait_closed()

    # What the listener uses

    async def is_alive(self, seconds: float) -> bool:
        """Ping the charger and tell whether anything comes within this time."""
        return not self._over and await self._charger.is_alive(seconds)

    def start(self, link: Socket | None, failure: TransportError | None = None) -> None:
        """Register, and let the frames pass; `failure` is why there is no link."""
        self.conversation = self._context.directory.attach(self)
        _logger.info(
            "%s connected from %s, %s",
            self.charge_point_id,
            self.remote_address,
            self.subprotocol or "no subprotocol",
            extra={"charger": self.charge_point_id},
        )
        self._uplink.start(link, failure)
        self._charger.start(self._from_charger, self._charger_closed)
        if not self._over:
            self._charger_life.start()
            self._arm()

    async def wait_closed(self) -> None:
        """Wait until the charger's TCP connection is gone; end the bridge in any case."""
        try:
            await self._charger.wait_closed()
        finally:
            self._finish(close_codes.ABNORMAL, "", "charger")

    # Frames

    def _from_charger(self, data: str | bytes) -> None:
        try:
            now = self._charger.last_heard
            self._carry_out(self.conversation.receive(_CHARGER, data, now))
            if self._charger.messages_received >= self._burst_end:
                self._burst_ended(now)
        except Exception as error:  # noqa: BLE001 - a bug here must not touch another charger
            self._crashed(error)

    def _carry_out(self, commands: list[Command]) -> None:
        """Carry out commands in order."""
        if commands:
            at = datetime.now(UTC)
            for command in commands:
                if isinstance(command, Send):
                    self._context.outbox.put(self, command)
                else:
                    self._context.sink.observe(self, command, at)
        self._arm()

    def deliver(self, send: Send) -> None:
        """Write one frame, and hold back who sends faster than the other takes."""
        try:
            if send.to is _CHARGER:
                self.frames_out += 1
                self._charger.send(send.data)
                if self._charger.congested:
                    self._hold_back(Peer.CHARGER, self._charger, self._uplink.link or self._charger)
            elif (link := self._uplink.link) is not None:
                link.send(send.data)
                if link.congested:
                    self._hold_back(Peer.CSMS, link, self._charger)
        except Exception as error:  # noqa: BLE001 - a bug here must not touch another charger
            self._crashed(error)

    def _burst_ended(self, now: float) -> None:
        """Raise an alert above the rate; nothing is dropped."""
        self._burst_end += self._rate.burst
        notice = self._rate.judge(now)
        if notice is not None:
            self._carry_out([notice])

    # Time

    def _arm(self) -> None:
        """Make sure that `tick` is called in time; a timer that is too early arms again."""
        deadline = self.conversation.deadline
        if deadline is None or self._over:
            return
        if self._timer is not None:
            if self._timer_at <= deadline:
                return
            self._timer.cancel()
        self._timer_at = deadline
        self._timer = self._loop.call_at(deadline, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now = self._loop.time()
        deadline = self.conversation.deadline
        try:
            if deadline is not None and deadline <= now:
                self._carry_out(self.conversation.tick(now))
            else:
                self._arm()
        except Exception as error:  # noqa: BLE001 - a bug here must not touch another charger
            self._crashed(error)

    # The link to the CSMS: what the uplink tells

    def csms_opened(self) -> None:
        """Tell the conversation that a link is up."""
        self.tell(self.conversation.csms_opened)

    def csms_said(self, data: str | bytes) -> None:
        """Take a message of the CSMS."""
        try:
            self._carry_out(self.conversation.receive(_CSMS, data, self._loop.time()))
        except Exception as error:  # noqa: BLE001 - a bug here must not touch another charger
            self._crashed(error)

    def csms_closed(self, link: Socket, code: int, reason: str) -> bool:
        """Close the charger where that is wanted; return whether it stays and we dial again."""
        self._release_brakes()
        if self._context.csms.on_loss is OnCsmsLoss.CLOSE or self._is_refusal(link):
            self._close_charger(*close_codes.relayed(code, reason))
            self._finish(code, reason, "csms")
        return not self._over

    def csms_lost(self) -> None:
        """Tell the conversation that there is no link for now."""
        self.tell(self.conversation.csms_lost)

    def csms_given_up(self) -> None:
        """Close the charger: it keeps its records better than we do (LC 6.3)."""
        self._close_charger(close_codes.GOING_AWAY, "")
        self._finish(close_codes.GOING_AWAY, "", "proxy")

    def csms_off(self) -> None:
        """Tell the conversation that there is no CSMS any more."""
        self.tell(self.conversation.csms_off)

    def link_changed(self, change: LinkChange) -> None:
        """Pass on what people want to know."""
        self._context.sink.link_changed(self, change)

    def _is_refusal(self, link: Socket) -> bool:
        """A CSMS that agreed to no subprotocol and closes without a word refuses the charger."""
        offered = self.info.hello.offered
        return bool(offered) and self.subprotocol is None and not link.messages_received

    # Back-pressure and the end

    def _hold_back(self, peer: Peer, slow: Socket, fast: Socket) -> None:
        brake = self._brakes.get(peer)
        if brake is None or not brake.engaged:
            self._brakes[peer] = Brake(slow, fast, self._loop, lambda: self._stalled(slow))

    def _stalled(self, slow: Socket) -> None:
        if slow is self._charger:
            self._charger_dead()
        else:
            self._uplink.broken(slow)

    def _release_brakes(self) -> None:
        for brake in self._brakes.values():
            brake.release()

    def _close_charger(self, code: int, reason: str) -> None:
        """Close the charger's side, behind all that is on its way there."""
        self._context.outbox.flush()
        self._charger.close(code, reason)

    def _charger_dead(self) -> None:
        if not self._charger.pongs_received and self._charger.messages_received:
            # It may only lack pongs: its next connection is judged by a longer silence.
            self._charger_life.no_pong = True
        self._charger.abort()
        self._finish(close_codes.ABNORMAL, "", "proxy, no sign of life")

    def _charger_closed(self, code: int, reason: str) -> None:
        if reason == close_codes.PAYLOAD_TOO_LARGE:
            self._carry_out([Notice(NoticeName.PAYLOAD_TOO_LARGE, {})])
        self._finish(code, reason, "charger")

    def _crashed(self, error: Exception) -> None:
        _logger.error(
            "%s: the conversation failed, its connection ends",
            self.charge_point_id,
            exc_info=error,
            extra={"charger": self.charge_point_id},
        )
        self._close_charger(close_codes.PROXY_FAULT, "")
        self._finish(close_codes.PROXY_FAULT, "", "proxy")

    def _finish(
        self, code: int, reason: str, who: str, *, to_csms: tuple[int, str] | None = None
    ) -> None:
        """End once: stop what runs, close the link (LC 6.3), settle injections, deregister."""
        if self._over:
            return
        self._over = True
        self._context.outbox.flush()
        if self._timer is not None:
            self._timer.cancel()
        self._charger_life.stop()
        self._release_brakes()
        self._uplink.end(*(to_csms or close_codes.relayed(code, reason)))
        try:
            self._carry_out(self.conversation.charger_lost(self._loop.time()))
        except Exception:
            _logger.exception("%s: the conversation failed at its end", self.charge_point_id)
        self._context.directory.detach(self)
        _logger.info(
            "%s disconnected: %s, %d frames in, %d out, %d injected, closed by %s %d (%s)",
            self.charge_point_id,
            timedelta(seconds=round(self._loop.time() - self._started_at)),
            self.frames_in,
            self.frames_out,
            self.injected,
            who,
            code,
            reason or "no reason",
            extra={"charger": self.charge_point_id},
        )
