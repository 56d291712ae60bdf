from typing import Any, cast

from oye_proxy.transport.brake import Brake
from oye_proxy.transport.ports import Socket


class Side:
    """One socket: what waits in it, and whether it is read."""

    def __init__(self, buffered: int) -> None:
        self.buffered = buffered
        self.reading = True

    def measure(self) -> bool:
        return self.buffered > 10

    def pause(self) -> None:
        self.reading = False

    def resume(self) -> None:
        self.reading = True


class Scene:
    def __init__(self, clock: Any) -> None:
        self.slow, self.fast, self.stalls = Side(100), Side(0), 0
        slow, fast = cast("Socket", self.slow), cast("Socket", self.fast)
        self.brake = Brake(slow, fast, clock, self._stalled)

    def _stalled(self) -> None:
        self.stalls += 1


def test_the_fast_side_is_read_again_when_the_slow_one_has_caught_up(clock: Any) -> None:
    scene = Scene(clock)
    assert (False, True) == (scene.fast.reading, scene.brake.engaged)
    clock.advance(1)
    assert not scene.fast.reading
    scene.slow.buffered = 10
    clock.advance(1)

    assert (True, False, 0) == (scene.fast.reading, scene.brake.engaged, scene.stalls)


def test_slow_progress_is_progress(clock: Any) -> None:
    scene = Scene(clock)
    for _ in range(20):
        clock.advance(50)
        scene.slow.buffered -= 1

    assert (0, False) == (scene.stalls, scene.fast.reading)


def test_a_minute_without_progress_is_told_once(clock: Any) -> None:
    """Section 19."""
    scene = Scene(clock)
    clock.advance(59)
    assert 0 == scene.stalls
    clock.advance(3600)

    assert (1, False) == (scene.stalls, scene.brake.engaged)


def test_it_can_be_released(clock: Any) -> None:
    scene = Scene(clock)
    scene.brake.release()
    scene.brake.release()
    clock.advance(3600)

    assert (True, 0) == (scene.fast.reading, scene.stalls)
