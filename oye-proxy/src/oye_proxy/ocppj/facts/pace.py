"""
Meter values that come faster than anybody looks.

A charger sends MeterValues every few seconds. Of one that sends the same set of samples many times
a second, the newest set replaces those before it, and is read a quarter of a second after the last
one or when somebody looks. Sets are told apart by connector, transaction and what is measured
where, so a burst of different ones is read whole.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from oye_proxy.ocppj.facts.payloads import MeterValues

PACE: Final = timedelta(seconds=0.25)
SETS: Final = 32

_Set = tuple[Any, ...]


class MeterPace:
    """Which MeterValues of one charger are read now, and which wait."""

    def __init__(self) -> None:
        self._read_at: dict[_Set, datetime] = {}
        self._waiting: dict[_Set, tuple[MeterValues, datetime]] = {}

    def is_due(self, report: MeterValues, now: datetime) -> bool:
        """Say whether to read a report now; one that is not due waits in place of the last one."""
        samples = _set_of(report)
        if samples is None:
            return True
        read_at = self._read_at.get(samples)
        if read_at is not None and timedelta() <= now - read_at < PACE and self._has_room(samples):
            self._waiting[samples] = report, now
            return False
        if len(self._read_at) >= SETS:
            self._read_at.clear()
        self._read_at[samples] = now
        self._waiting.pop(samples, None)
        return True

    def take_waiting(self) -> list[tuple[MeterValues, datetime]]:
        """Return the reports that wait, with the moments at which they came."""
        if not self._waiting:
            return []
        waiting = list(self._waiting.values())
        self._waiting.clear()
        return waiting

    def _has_room(self, samples: _Set) -> bool:
        return samples in self._waiting or len(self._waiting) < SETS


def _set_of(report: MeterValues) -> _Set | None:
    """What tells sets apart; None for reports of several moments, which are all read."""
    moments = report.meter_value
    if not moments or len(moments) != 1:
        return None
    return (
        report.connector_id,
        report.evse_id,
        report.transaction_id,
        *[
            (sample.measurand, sample.phase, sample.context, sample.location, sample.format)
            for sample in moments[0].sampled_value or ()
        ],
    )
