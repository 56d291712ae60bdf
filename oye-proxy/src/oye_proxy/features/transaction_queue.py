"""Changes of transactions on their way into the store: bounded, and few however many frames."""

from collections.abc import Sequence
from itertools import islice
from typing import Final, TypeAlias

from msgspec.structs import replace

from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange, merged

CHANGES: Final = 20_000
SAMPLES: Final = 200_000
SAMPLES_TOGETHER: Final = 500

Waiting: TypeAlias = tuple[str, TransactionChange]
_Key: TypeAlias = tuple[str, str | None]


class ChangeQueue:
    """
    Keeps changes in order; updates of one transaction that follow each other become one.

    Beyond SAMPLES new samples are dropped, beyond CHANGES the oldest change; `lost` counts both.
    """

    def __init__(self, *, changes: int = CHANGES, samples: int = SAMPLES) -> None:
        self.lost = 0
        self._changes = changes
        self._samples = samples
        self._samples_waiting = 0
        self._number = 0
        self._waiting: dict[int, Waiting] = {}
        # The last change of a transaction that waits, when it is an update.
        self._updates: dict[_Key, int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, charge_point_id: str, change: TransactionChange) -> None:
        """Take a change."""
        if self._samples_waiting + len(change.samples) > self._samples:
            self.lost += len(change.samples)
            change = replace(change, samples=())
        self._samples_waiting += len(change.samples)
        key = (charge_point_id, change.transaction_id)
        number = self._updates.pop(key, None)
        if change.kind is ChangeKind.UPDATE:
            if number is not None and len(self._waiting[number][1].samples) < SAMPLES_TOGETHER:
                change = merged(self._waiting[number][1], change)
            else:
                number = self._next()
            self._updates[key] = number
        else:
            number = self._next()
        self._waiting[number] = (charge_point_id, change)
        self._shorten()

    def take(self, limit: int) -> list[Waiting]:
        """Take out the oldest changes."""
        return [self._remove(number) for number in list(islice(self._waiting, limit))]

    def take_back(self, batch: Sequence[Waiting]) -> None:
        """Put what could not be stored before all others."""
        younger = self._waiting
        # Numbers below zero are older than all others; they only tell changes apart.
        first = min(0, next(iter(younger), 0)) - len(batch)
        self._waiting = dict(enumerate(batch, first)) | younger
        self._samples_waiting += sum(len(change.samples) for _, change in batch)
        self._shorten()

    def forget(self, charge_point_id: str) -> None:
        """Drop what waits of a charger that is deleted."""
        for number in [n for n, (name, _) in self._waiting.items() if name == charge_point_id]:
            self._remove(number)

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _remove(self, number: int) -> Waiting:
        taken = self._waiting.pop(number)
        charge_point_id, change = taken
        self._samples_waiting -= len(change.samples)
        key = (charge_point_id, change.transaction_id)
        if self._updates.get(key) == number:
            del self._updates[key]
        return taken

    def _shorten(self) -> None:
        while len(self._waiting) > self._changes:
            self._remove(next(iter(self._waiting)))
            self.lost += 1
