from typing import Any

import pytest

from oye_proxy.transport.keepalive import KeepAlive


class Peer:
    """A socket whose peer answers pings as it is told."""

    def __init__(self, clock: Any) -> None:
        self.last_heard = clock.time()
        self.messages_received = 0
        self.pongs_received = 0
        self.pings = 0
        self.answers = True
        self._clock = clock

    def ping(self) -> None:
        self.pings += 1
        if self.answers:
            self.pongs_received += 1
            self.last_heard = self._clock.time()

    def message(self) -> None:
        self.messages_received += 1
        self.last_heard = self._clock.time()


class Watch:
    """A keep-alive of 30 s and 60 s, and what it told."""

    def __init__(self, clock: Any, **options: Any) -> None:
        self.peer = Peer(clock)
        self.deaths = 0
        options = {"interval": 30.0, "timeout": 60.0} | options
        self.keepalive = KeepAlive(self.peer, clock, on_dead=self._dead, **options)
        self.keepalive.start()

    def _dead(self) -> None:
        self.deaths += 1


def test_a_peer_that_answers_lives(clock: Any) -> None:
    watch = Watch(clock)
    clock.advance(3600)

    assert (120, 0) == (watch.peer.pings, watch.deaths)


def test_silence_of_interval_and_timeout_is_death_told_once(clock: Any) -> None:
    watch = Watch(clock)
    watch.peer.answers = False
    clock.advance(89)
    assert 0 == watch.deaths
    clock.advance(2)
    assert 1 == watch.deaths
    clock.advance(3600)

    assert (1, []) == (watch.deaths, clock.timers)


def test_any_frame_is_life(clock: Any) -> None:
    watch = Watch(clock)
    watch.peer.answers = False
    for _ in range(20):
        clock.advance(80)
        watch.peer.message()

    assert 0 == watch.deaths


def test_frames_without_pongs_are_judged_by_a_longer_silence(clock: Any) -> None:
    """3.4: `no_pong`, max(3 x heartbeat interval, 15 min)."""
    watch = Watch(clock)
    watch.peer.answers = False
    watch.keepalive.heartbeat_interval = 400
    clock.advance(60)
    watch.peer.message()
    clock.advance(30)

    assert (True, 1200) == (watch.keepalive.no_pong, watch.keepalive.limit)
    clock.advance(1169)
    assert 0 == watch.deaths
    clock.advance(2)
    assert 1 == watch.deaths


def test_a_pong_takes_the_mark_back(clock: Any) -> None:
    watch = Watch(clock, no_pong=True)
    assert 900 == watch.keepalive.limit
    clock.advance(60)

    assert (False, 90) == (watch.keepalive.no_pong, watch.keepalive.limit)


def test_a_frame_right_after_the_ping_proves_nothing(clock: Any) -> None:
    watch = Watch(clock)
    watch.peer.answers = False
    clock.advance(31)
    watch.peer.message()
    clock.advance(29)

    assert not watch.keepalive.no_pong


@pytest.mark.parametrize("interval", [0.0, 30.0])
def test_it_can_be_switched_off_and_stopped(clock: Any, interval: float) -> None:
    watch = Watch(clock, interval=interval)
    watch.keepalive.stop()
    clock.advance(3600)

    assert (0, 0) == (watch.peer.pings, watch.deaths)


def test_what_waits_to_be_read_is_read_before_the_verdict(clock: Any) -> None:
    """A process that was stopped itself must not bury its peers."""
    watch = Watch(clock)
    watch.peer.answers = False
    clock.advance(90)
    watch.peer.message()
    watch.peer.answers = True
    clock.advance(300)

    assert 0 == watch.deaths
