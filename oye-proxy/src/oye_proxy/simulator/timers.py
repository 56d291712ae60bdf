"""Timers of a simulated charger, by key, so that one can replace or cancel another."""

from collections.abc import Callable

from oye_proxy.simulator.clock import Clock, Timer


class Timers:
    """Calls that are due later; at most one for each key."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timers: dict[object, Timer] = {}

    def later(self, seconds: float, callback: Callable[[], object], *, key: object = None) -> None:
        """Call back once; another call under the same key replaces it."""
        key = object() if key is None else key
        self.forget(key)

        def fire() -> None:
            self._timers.pop(key, None)
            callback()

        self._timers[key] = self._clock.call_later(seconds, fire)

    def forget(self, key: object) -> None:
        """Cancel what was asked for under this key."""
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()

    def stop(self) -> None:
        """Cancel all."""
        for key in list(self._timers):
            self.forget(key)
