"""Is the peer still there? Pings hop by hop, and the judgement of silence (Q4 5.3, P4-E 4.10)."""

from collections.abc import Callable
from typing import Protocol

from oye_proxy.transport.ports import Clock, Timer

NO_PONG_SILENCE = 15 * 60.0
NO_PONG_HEARTBEATS = 3
# A pong comes "as soon as is practical" (RFC 6455 5.5.3); a frame this much later proves its lack.
_PONG_LATENESS = 10.0
_LAST_CHANCE = 0.01


class Pingable(Protocol):
    """What the keep-alive needs of a socket; times are the loop's."""

    last_heard: float
    messages_received: int
    pongs_received: int

    def ping(self) -> None:
        """Send a ping."""
        ...


class KeepAlive:
    """
    Pings one socket and reports its death once.

    Any inbound frame counts as life. A peer that sends frames but never a pong is `no_pong`, and
    judged by a far longer silence.
    """

    def __init__(
        self,
        socket: Pingable,
        clock: Clock,
        *,
        interval: float,
        timeout: float,
        on_dead: Callable[[], None],
        no_pong: bool = False,
    ) -> None:
        self.no_pong = no_pong
        self.heartbeat_interval = 0.0
        self._socket = socket
        self._interval = interval
        self._timeout = timeout
        self._on_dead = on_dead
        self._clock = clock
        self._first_ping_at: float | None = None
        self._messages_at_ping = 0
        self._doubtful = False
        self._timer: Timer | None = None

    def start(self) -> None:
        """Begin; nothing happens when the interval is 0."""
        if self._interval > 0:
            self._timer = self._clock.call_later(self._interval, self._tick)

    def stop(self) -> None:
        """End; reports nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def limit(self) -> float:
        """The silence after which the peer counts as dead, in seconds."""
        if self.no_pong:
            return max(NO_PONG_HEARTBEATS * self.heartbeat_interval, NO_PONG_SILENCE)
        return self._interval + self._timeout

    def _tick(self) -> None:
        now = self._clock.time()
        self._judge_pongs(now)
        silence = now - self._socket.last_heard
        if silence >= self.limit:
            self._condemn()
            return
        self._doubtful = False
        self._socket.ping()
        if self._first_ping_at is None:
            self._first_ping_at = now
            self._messages_at_ping = self._socket.messages_received
        self._timer = self._clock.call_later(
            min(self._interval, max(self.limit - silence, 0.001)), self._tick
        )

    def _condemn(self) -> None:
        """Report death, but first read what may wait: it may be we who were stopped."""
        if self._doubtful:
            self._timer = None
            self._on_dead()
        else:
            self._doubtful = True
            self._timer = self._clock.call_later(_LAST_CHANCE, self._tick)

    def _judge_pongs(self, now: float) -> None:
        """See whether frames came well after the first ping, but never a pong."""
        if self._socket.pongs_received:
            self.no_pong = False
        elif (
            self._first_ping_at is not None
            and self._socket.messages_received > self._messages_at_ping
            and self._socket.last_heard - self._first_ping_at > min(_PONG_LATENESS, self._interval)
            and now > self._first_ping_at
        ):
            self.no_pong = True
