"""The bus: every listener hears every event in order, and none can harm another."""

import logging

import pytest

from oye_proxy.hub.events import Bus, ChargerChanged, ChargerRemoved, LiveEvent


def test_every_listener_hears_every_event_in_order() -> None:
    bus = Bus()
    first: list[LiveEvent] = []
    second: list[LiveEvent] = []
    bus.subscribe(first.append)
    bus.subscribe(second.append)
    bus.publish(ChargerChanged("CP1"))
    bus.publish(ChargerRemoved("CP1"))

    assert [ChargerChanged("CP1"), ChargerRemoved("CP1")] == first == second


def test_who_unsubscribed_hears_nothing_and_may_do_so_twice() -> None:
    bus = Bus()
    heard: list[LiveEvent] = []
    unsubscribe = bus.subscribe(heard.append)
    unsubscribe()
    unsubscribe()
    bus.publish(ChargerChanged("CP1"))

    assert [] == heard


def test_a_listener_that_fails_harms_nobody_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bus = Bus()
    heard: list[LiveEvent] = []

    def broken(_: LiveEvent) -> None:
        raise RuntimeError("a bug")

    bus.subscribe(broken)
    bus.subscribe(heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(ChargerChanged("CP1"))

    assert [ChargerChanged("CP1")] == heard
    assert ["a listener failed on ChargerChanged"] == caplog.messages


def test_a_listener_may_leave_while_it_is_told() -> None:
    bus = Bus()
    heard: list[LiveEvent] = []

    def once(event: LiveEvent) -> None:
        heard.append(event)
        leave()

    leave = bus.subscribe(once)
    bus.publish(ChargerChanged("CP1"))
    bus.publish(ChargerChanged("CP2"))

    assert [ChargerChanged("CP1")] == heard


def test_a_listener_may_want_some_kinds_only() -> None:
    bus, heard = Bus(), list[LiveEvent]()
    unsubscribe = bus.subscribe(heard.append, ChargerRemoved)

    bus.publish(ChargerChanged("CP1"))
    bus.publish(ChargerRemoved("CP1"))
    unsubscribe()
    bus.publish(ChargerRemoved("CP2"))

    assert [ChargerRemoved("CP1")] == heard
