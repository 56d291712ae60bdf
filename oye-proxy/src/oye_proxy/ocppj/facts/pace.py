"""
Meter values that come faster than anybody looks.

A charger sends MeterValues every few seconds. Of one that sends the same set of samples many times
a second, the newest set replaces those before it, and is read a second after the last one or when
somebody looks. Sets are told apart by connector, transaction and what is measured where, so a burst
of different ones is read whole. To tell them apart takes longer than to pass them on: what one
charger sends beyond RUSH reports a second is told apart when somebody looks.
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

import msgspec

from oye_proxy.ocppj.facts.payloads import Payload, Scalar

PACE: Final = timedelta(seconds=1)
SETS: Final = 32
LARGEST: Final = 8192
RUSH: Final = 4
# Of a charger that nobody looks at: the last seconds of a rush, with room for each set twice.
RUSHED: Final = 2 * SETS


class MeterPace:
    """Which MeterValues of one charger are read now, and which wait."""

    def __init__(self) -> None:
        self._read_at: dict[bytes, datetime] = {}
        self._waiting: dict[bytes, tuple[str, datetime]] = {}
        self._rushed: deque[tuple[str, datetime]] = deque(maxlen=RUSHED)
        self._second: tuple[datetime, datetime] | None = None
        self._in_second = 0

    def is_due(self, payload_text: str, now: datetime) -> bool:
        """Say whether to read a report now; one that is not due waits in place of the last one."""
        if self._is_rushing(now):
            self._rushed.append((payload_text, now))
            return False
        samples = _set_of(payload_text)
        if samples is None:
            return True
        read_at = self._read_at.get(samples)
        if read_at is not None and read_at <= now < read_at + PACE and self._has_room(samples):
            self._waiting[samples] = payload_text, now
            return False
        if len(self._read_at) >= SETS:
            self._read_at.clear()
        self._read_at[samples] = now
        self._waiting.pop(samples, None)
        return True

    def take_waiting(self) -> list[tuple[str, datetime]]:
        """Return the reports that wait, with the moments at which they came."""
        self._sort_rushed()
        if not self._waiting:
            return []
        waiting = list(self._waiting.values())
        self._waiting.clear()
        return waiting

    def _is_rushing(self, now: datetime) -> bool:
        if self._second is None or not self._second[0] <= now < self._second[1]:
            self._second = now, now + PACE
            self._in_second = 0
        self._in_second += 1
        return self._in_second > RUSH

    def _sort_rushed(self) -> None:
        """Let the newest of each set wait; what cannot be told apart waits as it is."""
        for report in self._rushed:
            payload_text, at = report
            samples = _set_of(payload_text) or payload_text.encode(errors="replace")
            read_at = self._read_at.get(samples)
            if read_at is None or read_at < at:
                self._waiting[samples] = report
        self._rushed.clear()

    def _has_room(self, samples: bytes) -> bool:
        return samples in self._waiting or len(self._waiting) < SETS


class _Sample(Payload, omit_defaults=True, gc=False):
    """What tells a sampled value from others: all but the value and its unit."""

    measurand: str | None = None
    phase: str | None = None
    context: str | None = None
    location: str | None = None
    format: str | None = None


class _Moment(Payload, gc=False):
    sampled_value: list[_Sample] | None = None


class _Set(Payload, omit_defaults=True, gc=False):
    """What tells sets apart: a report without its values and its time."""

    connector_id: Scalar = None
    evse_id: Scalar = None
    transaction_id: Scalar = None
    meter_value: list[_Moment] | None = None


_read = msgspec.json.Decoder(_Set).decode
# Bytes make a key in a fraction of the time that a struct of many texts takes.
_key = msgspec.json.Encoder().encode


def _set_of(payload_text: str) -> bytes | None:
    """What tells sets apart; None for reports of several moments, which are all read."""
    if len(payload_text) > LARGEST:
        return None
    try:
        samples = _read(payload_text)
    except (ValueError, RecursionError):
        return None
    moments = samples.meter_value
    return _key(samples) if moments and len(moments) == 1 else None
