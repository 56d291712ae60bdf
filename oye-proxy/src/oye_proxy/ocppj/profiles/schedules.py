"""Charging schedules: what a limit says at a time, and amperes against watts."""

from bisect import bisect_right
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from oye_proxy.ocppj.timestamps import from_text

NOMINAL_VOLTAGE: Final = 230.0
NOMINAL_PHASES: Final = 3

# IEC 61851: an AC charging current below 6 A does not exist.
MINIMUM_AC_CURRENT: Final = 6.0

MAX_PERIODS: Final = 1024
_LONGEST: Final = timedelta(days=36_500)
_LARGEST: Final = 1e9

# Members of 2.1 that make a schedule more than an upper limit.
_BEYOND_A_LIMIT: Final = frozenset({"limitAtSoC", "randomizedDelay", "useLocalTime"})
_PLAIN_PERIOD: Final = frozenset(
    {"startPeriod", "limit", "numberPhases", "phaseToUse", "customData"}
)


def lets_nobody_charge(limit_a: float | None) -> bool:
    """Tell whether a limit means a pause: no car charges below 6 A."""
    return limit_a is not None and limit_a < MINIMUM_AC_CURRENT


class RateUnit(StrEnum):
    """The unit of a limit: amperes per phase, or watts over all phases."""

    A = "A"
    W = "W"


class Traits(Struct, frozen=True, kw_only=True):
    """
    What a charger allows and measures, as far as limits need it; None and () mean unknown.

    The voltage is phase to neutral; the others are read from the charger's settings (`traits.py`).
    """

    units: tuple[RateUnit, ...] = ()
    voltage: float | None = None
    phases: int | None = None
    max_stack_level: int | None = None
    max_periods: int | None = None

    @property
    def unit(self) -> RateUnit:
        """The unit in which to send limits: amperes unless only watts are allowed."""
        return RateUnit.W if self.units == (RateUnit.W,) else RateUnit.A


class Period(Struct, frozen=True):
    """A limit that begins `start` seconds after its schedule does."""

    start: int
    limit: float
    phases: int | None = None


class Schedule(Struct, frozen=True, kw_only=True):
    """Limits one after the other; without `start` it begins with the transaction."""

    unit: RateUnit
    periods: tuple[Period, ...]
    start: datetime | None = None
    duration: int | None = None

    @property
    def is_flat(self) -> bool:
        """Whether it says the same at all times."""
        return len(self.periods) == 1 and self.duration is None

    def period_at(self, moment: datetime) -> Period | None:
        """Return the period that holds at a time; None before the start and after the end."""
        if self.start is None:
            return self.periods[0] if self.is_flat else None
        elapsed = (moment - self.start).total_seconds()
        if elapsed < 0 or (self.duration is not None and elapsed >= self.duration):
            return None
        return self.periods[bisect_right(self.periods, elapsed, key=_start) - 1]

    def edges(self) -> list[datetime]:
        """Return the times at which what it says may change."""
        if self.start is None:
            return []
        seconds = [period.start for period in self.periods]
        if self.duration is not None:
            seconds.append(self.duration)
        return [self.start + timedelta(seconds=offset) for offset in seconds]


def read_rate_units(value: str) -> tuple[RateUnit, ...]:
    """Read the allowed units as 1.6 (`Current,Power`, C16-E 3.88) and 2.x (`A,W`) write them."""
    words = {word.strip().lower() for word in value.split(",")}
    named = {RateUnit.A: {"a", "current"}, RateUnit.W: {"w", "power"}}
    return tuple(unit for unit, names in named.items() if not names.isdisjoint(words))


def read_schedule(value: Any) -> Schedule | None:
    """Read a `chargingSchedule`; None when it is malformed or more than an upper limit."""
    if not isinstance(value, dict) or not _BEYOND_A_LIMIT.isdisjoint(value):
        return None
    items = value.get("chargingSchedulePeriod")
    if not isinstance(items, list) or not 0 < len(items) <= MAX_PERIODS:
        return None
    periods = [period for item in items if (period := _read_period(item)) is not None]
    starts = [period.start for period in periods]
    duration = read_integer(value.get("duration"))
    whole = len(periods) == len(items) and starts[:1] == [0] and starts == sorted(set(starts))
    unit = value.get("chargingRateUnit")
    start = from_text(value.get("startSchedule"))
    if not whole or unit not in ("A", "W") or not _is_in_reach(start):
        return None
    if ("duration" in value and duration is None) or ("startSchedule" in value and start is None):
        return None
    return Schedule(unit=RateUnit(unit), periods=tuple(periods), start=start, duration=duration)


def convert(
    limit: float, unit: RateUnit, to: RateUnit, traits: Traits, phases: int | None = None
) -> float:
    """Convert a limit with the measured voltage, else 230 V; absent phases mean three."""
    if unit == to:
        return limit
    voltage = traits.voltage if traits.voltage and traits.voltage > 0 else NOMINAL_VOLTAGE
    watts_per_ampere = voltage * (phases or traits.phases or NOMINAL_PHASES)
    return limit * watts_per_ampere if to is RateUnit.W else limit / watts_per_ampere


def round_down(limit: float) -> float:
    """Round down to one decimal (C16 7.13), past the noise of binary fractions."""
    exact = Decimal(repr(round(limit, 6)))
    return float(exact.quantize(Decimal("0.1"), rounding=ROUND_DOWN))


def owners_limit(limit_a: float) -> float:
    """Return the limit an owner means: less than 6 A is a pause."""
    return 0.0 if lets_nobody_charge(limit_a) else round_down(limit_a)


def read_integer(value: Any) -> int | None:
    """Read a JSON integer of a sane size; None when it is none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return int(value) if abs(value) <= _LARGEST and value == int(value) else None


def _start(period: Period) -> int:
    return period.start


def _read_period(item: Any) -> Period | None:
    if not isinstance(item, dict) or not _PLAIN_PERIOD.issuperset(item):
        return None
    start, limit = read_integer(item.get("startPeriod")), _read_limit(item.get("limit"))
    if start is None or start < 0 or limit is None:
        return None
    phases = read_integer(item.get("numberPhases"))
    return Period(start, limit, phases if phases in (1, 2, 3) else None)


def _read_limit(value: Any) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value <= _LARGEST else None


def _is_in_reach(start: datetime | None) -> bool:
    """Whether offsets can be added to a start without leaving the calendar."""
    if start is None:
        return True
    naive = start.replace(tzinfo=None)
    return datetime.min + _LONGEST < naive < datetime.max - _LONGEST  # noqa: DTZ901 - compared naive
