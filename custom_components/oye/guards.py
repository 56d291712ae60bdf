"""The guards of all connectors' energy registers, shared by the sensors that depend on them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import override

from .energy import GuardState, guarded, samples_of
from .models import Connector


class Guards(Mapping[str, GuardState]):
    """
    What each guard remembers, by the unique id of the connector's energy sensor.

    Whoever needs a guard lets it observe the connector first; the same state counts only once.
    """

    def __init__(self) -> None:
        self._states: dict[str, GuardState] = {}
        self._observed: dict[str, Connector] = {}

    @override
    def __getitem__(self, key: str) -> GuardState:
        return self._states[key]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    @override
    def __len__(self) -> int:
        return len(self._states)

    def observe(self, key: str, connector: Connector, booted_at: datetime | None) -> None:
        """Take the readings that are new since the last call."""
        previous = self._observed.get(key)
        if connector is previous:
            return
        state = self._states.get(key, GuardState())
        for sample in samples_of(connector, previous, booted_at):
            state = guarded(state, sample)
        self._states[key] = state
        self._observed[key] = connector

    def restore(self, key: str, state: GuardState) -> None:
        """Go on from what was remembered before Home Assistant started."""
        self._states[key] = state
        self._observed.pop(key, None)
