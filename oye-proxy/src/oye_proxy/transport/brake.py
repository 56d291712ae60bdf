"""Back-pressure: while one side takes nothing, the other side is not read."""

from collections.abc import Callable

from oye_proxy.transport.ports import Clock, Socket, Timer

NO_PROGRESS_TIMEOUT = 60.0

_FIRST_LOOK = 0.005
_SLOWEST_LOOK = 0.25


class Brake:
    """Pauses `fast` until `slow` has taken what waits for it; reports 60 s without progress."""

    def __init__(
        self, slow: Socket, fast: Socket, clock: Clock, on_stalled: Callable[[], None]
    ) -> None:
        self._slow = slow
        self._fast = fast
        self._on_stalled = on_stalled
        self._clock = clock
        self._least = slow.buffered
        self._progress_at = self._clock.time()
        self._delay = _FIRST_LOOK
        self._timer: Timer | None = self._clock.call_later(self._delay, self._look)
        fast.pause()

    @property
    def engaged(self) -> bool:
        """Whether `fast` is paused."""
        return self._timer is not None

    def release(self) -> None:
        """Read `fast` again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._fast.resume()

    def _look(self) -> None:
        if not self._slow.measure():
            self.release()
            return
        now = self._clock.time()
        waiting = self._slow.buffered
        if waiting < self._least:
            self._least = waiting
            self._progress_at = now
            self._delay = _FIRST_LOOK
        elif now - self._progress_at >= NO_PROGRESS_TIMEOUT:
            self.release()
            self._on_stalled()
            return
        self._delay = min(self._delay * 2, _SLOWEST_LOOK)
        self._timer = self._clock.call_later(self._delay, self._look)
