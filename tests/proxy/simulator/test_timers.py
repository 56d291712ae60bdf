from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.timers import Timers


def test_a_key_has_one_call() -> None:
    clock = ManualClock()
    timers = Timers(clock)
    seen: list[str] = []
    timers.later(1, lambda: seen.append("replaced"), key="a")
    timers.later(2, lambda: seen.append("kept"), key="a")
    timers.later(2, lambda: seen.append("without key"))
    timers.later(2, lambda: seen.append("forgotten"), key="b")
    timers.forget("b")
    timers.forget("unknown")

    clock.advance(3)

    assert ["kept", "without key"] == seen


def test_a_call_may_ask_for_the_next_under_its_own_key() -> None:
    clock = ManualClock()
    timers = Timers(clock)
    seen: list[int] = []

    def beat() -> None:
        seen.append(1)
        timers.later(10, beat, key="beat")

    timers.later(10, beat, key="beat")
    clock.advance(35)
    timers.stop()
    clock.advance(100)

    assert 3 == len(seen)
