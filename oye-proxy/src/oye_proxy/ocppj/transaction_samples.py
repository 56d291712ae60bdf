"""
The samples of a transaction as they are kept: one per measurand and phase, in base units.

A charger that measures many times a second is read less often than that, so that what it sends
passes as fast as before: `SamplePace` decides.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from oye_proxy.ocppj.facts.model import ENERGY
from oye_proxy.ocppj.facts.payloads import MeterValue
from oye_proxy.ocppj.facts.reader import LIST_LIMIT
from oye_proxy.ocppj.facts.samples import BEGIN, DEFAULT_LOCATION, END, read_samples
from oye_proxy.ocppj.facts.values import moment
from oye_proxy.ocppj.frames import Call

# Reports of one charger that are read: so many at once, and so many a second for ever.
BURST: Final = 240
PER_SECOND: Final = 4

SERIES: Final = 512

# Of ours, beside OCPP's names: the limit in force in amperes. Its context says whose it is; the
# value means nothing where that is `no_limit`.
EFFECTIVE_LIMIT: Final = "Limit.Effective"

# What may stand in a report that is read in any case: the edges of a transaction.
_EDGES: Final = {
    "MeterValues": ('"Transaction.',),
    "TransactionEvent": ('"Transaction.', '"Started"', '"Ended"'),
}
PACED: Final = frozenset(_EDGES)

_Series = tuple[int | None, str, str, str]


class Sample(Struct, frozen=True, gc=False):
    """One value of one moment; `phase` is empty for the total."""

    at: datetime
    measurand: str
    value: float
    phase: str = ""
    unit: str | None = None
    context: str = "Sample.Periodic"
    location: str = "Outlet"


class ReadingBudget:
    """So many reports at once, and so many a second for ever."""

    def __init__(self, burst: int, per_second: int) -> None:
        self._burst = burst
        self._per_second = per_second
        self._left: float = burst
        self._filled_at: datetime | None = None
        self._empty_until: datetime | None = None

    def spend(self, now: datetime) -> bool:
        """Spend one report; return whether there was one left."""
        filled_at, empty_until = self._filled_at, self._empty_until
        # A charger in a hurry comes by here with each frame.
        if empty_until and filled_at and filled_at <= now < empty_until:
            return False
        elapsed = (now - filled_at).total_seconds() if filled_at else 0.0
        self._left = min(self._burst, self._left + max(0.0, elapsed) * self._per_second)
        self._filled_at = now
        missing = 1 - self._left
        if missing > 0:
            self._empty_until = now + timedelta(seconds=missing / self._per_second)
            return False
        self._empty_until = None
        self._left -= 1
        return True


class SamplePace:
    """Which reports of one charger are read, and which of their samples are kept."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval
        self._budget = ReadingBudget(BURST, PER_SECOND)
        self._kept_at: dict[_Series, datetime] = {}

    def is_due(self, report: Call, now: datetime) -> bool:
        """Say whether to read a report: the edges of a transaction always, others in measure."""
        if self._budget.spend(now):
            return True
        # A charger in a hurry comes by here with each frame: a generator would cost more than this.
        for edge in _EDGES[report.action]:  # noqa: SIM110
            if edge in report.payload_text:
                return True
        return False

    def keep(self, evse_id: int | None, samples: Iterable[Sample]) -> tuple[Sample, ...]:
        """Return what is kept: begin and end, else one value per series and interval."""
        return tuple(sample for sample in samples if self._keeps(evse_id, sample))

    def _keeps(self, evse_id: int | None, sample: Sample) -> bool:
        if sample.context in (BEGIN, END):
            return True
        series = (evse_id, sample.measurand, sample.phase, sample.location)
        kept_at = self._kept_at.get(series)
        # The charger's own time: what it collected while it was offline comes in one go.
        if kept_at is not None and abs(sample.at - kept_at) < self._interval:
            return False
        if len(self._kept_at) >= SERIES:
            self._kept_at.clear()
        self._kept_at[series] = sample.at
        return True


def read_all(meter_values: Sequence[MeterValue] | None, now: datetime) -> tuple[Sample, ...]:
    """Return the samples of a report, the total of each measurand after its phases."""
    found: list[Sample] = []
    for meter_value in (meter_values or ())[:LIST_LIMIT]:
        for measurand, facts in read_samples(meter_value, moment(meter_value.timestamp, now)):
            values = facts.phases if facts.value is None else {**facts.phases, "": facts.value}
            found += [
                Sample(
                    facts.time,
                    measurand,
                    value,
                    phase,
                    facts.unit,
                    facts.context,
                    facts.location,
                )
                for phase, value in values.items()
            ]
    return tuple(found)


def register_of(samples: Iterable[Sample]) -> float | None:
    """Return the newest total of the energy register; the one at the begin moves no total."""
    newest = max(
        (
            sample
            for sample in samples
            if sample.measurand == ENERGY
            and not sample.phase
            and sample.context != BEGIN
            and sample.location == DEFAULT_LOCATION
        ),
        key=lambda sample: (sample.at, sample.context == END),
        default=None,
    )
    return None if newest is None else newest.value


def first_register_of(samples: Iterable[Sample]) -> float | None:
    """Return the first total of the energy register: that of the start in a start."""
    return next(
        (one.value for one in samples if one.measurand == ENERGY and not one.phase),
        None,
    )
