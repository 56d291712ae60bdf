"""Frames leave before anybody looks at them; what is looked at keeps its order."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from oye_proxy.hub.backlog import Backlog
from oye_proxy.ocppj.commands import InjectionState, Progress
from oye_proxy.transport.ports import Connection, Observation

AT = datetime(2026, 11, 21, tzinfo=UTC)
BRIDGE = cast("Connection", SimpleNamespace(charge_point_id="CP1"))


def step(name: str) -> Progress:
    return Progress(message_id=name, state=InjectionState.SENT)


class Looker:
    """Notes what it is shown; `causes` comes up while it looks."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.causes: dict[str, str] = {}
        self.backlog = Backlog(self.take)

    def take(self, _bridge: Any, command: Observation, _at: datetime) -> None:
        assert isinstance(command, Progress)
        if command.message_id == "bad":
            raise ValueError(command.message_id)
        if command.message_id in self.causes:
            self.put(self.causes[command.message_id])
            self.backlog.catch_up()
        self.seen.append(command.message_id)

    def put(self, *names: str) -> None:
        for name in names:
            self.backlog.put(BRIDGE, step(name), AT)


async def test_nobody_looks_before_the_next_pass_of_the_loop() -> None:
    looker = Looker()
    looker.put("a", "b")

    assert [] == looker.seen
    await asyncio.sleep(0)
    assert ["a", "b"] == looker.seen


async def test_who_must_know_catches_up() -> None:
    looker = Looker()
    looker.put("a", "b")
    looker.backlog.catch_up()

    assert ["a", "b"] == looker.seen
    await asyncio.sleep(0)
    assert ["a", "b"] == looker.seen


async def test_what_an_observer_causes_comes_after_what_waits() -> None:
    looker = Looker()
    looker.causes = {"a": "caused"}
    looker.put("a", "b")
    await asyncio.sleep(0)

    assert ["a", "b", "caused"] == looker.seen


async def test_a_fault_in_one_observation_spares_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    looker = Looker()
    looker.put("bad", "b")
    await asyncio.sleep(0)

    assert ["b"] == looker.seen
    assert ["CP1: a frame could not be observed"] == caplog.messages
