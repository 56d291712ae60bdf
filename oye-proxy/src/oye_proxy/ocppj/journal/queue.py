"""
The entries of a charger that its CSMS hears in order.

```
put ─► coming ─► kept ─┬─► window ─► gone           the entries themselves are on disk; the window
                       └─► beyond ─┘ fetched        holds the next few, `beyond` counts the rest
```

Entries leave `coming` in order: what came behind a transaction's message waits until that is on
disk.
"""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from oye_proxy.ocppj.journal.entries import Entry, EntryState

WINDOW_ENTRIES: Final = 64


class EntryQueue:
    """Entries on their way to the CSMS, most of them on disk alone."""

    def __init__(self, beyond: int) -> None:
        self._coming: dict[int, Entry] = {}
        self._writing: list[int] = []
        # Thousands of chargers have an empty journal: lists, as a deque takes ten times the room.
        self._window: list[Entry] = []
        self._beyond = beyond
        self._after = 0
        self._fetching = False

    def __len__(self) -> int:
        """Count the entries that wait for the CSMS."""
        return len(self._coming) + len(self._window) + self._beyond

    @property
    def head(self) -> Entry | None:
        """The entry that the CSMS hears next; None when none is at hand."""
        return self._window[0] if self._window else None

    @property
    def is_awaited(self) -> bool:
        """Whether the next entry is on its way to the disk, or from it."""
        if self._window:
            return False
        return self._fetching or (bool(self._coming) and not self._beyond)

    @property
    def writing(self) -> int:
        """How many entries are on their way to the disk."""
        return len(self._writing)

    def is_writing(self, sequence: int | None) -> bool:
        """Tell whether an entry is on its way to the disk."""
        return sequence in self._writing

    def is_coming(self, sequence: int) -> bool:
        """Tell whether an entry waits for its writing, or for that of one before it."""
        return sequence in self._coming

    def concerns(self, transaction_id: str | None) -> bool:
        """Tell whether messages of this transaction (None: of any) wait (E14.FR.04)."""
        if transaction_id is None or self._beyond:
            return len(self) > 0
        at_hand = (*self._window, *self._coming.values())
        return any(entry.transaction_id == transaction_id for entry in at_hand)

    # What comes

    def put(self, entry: Entry, *, writes: bool) -> None:
        """Add an entry; `writes`: it goes on when it is on disk."""
        self._coming[entry.sequence] = entry
        if writes:
            self._writing.append(entry.sequence)
        else:
            self._go_on()

    def kept(self, sequence: int) -> Entry | None:
        """Let an entry go on that is on disk; one that nobody is to hear ends here."""
        entry = self._written(sequence)
        if entry is not None and entry.state is EntryState.LOCAL:
            del self._coming[sequence]
        self._go_on()
        return entry

    def failed(self, sequence: int) -> Entry | None:
        """Take an entry out that could not be written."""
        entry = self._written(sequence)
        if entry is not None:
            del self._coming[sequence]
        self._go_on()
        return entry

    def drop(self, sequence: int) -> None:
        """Take an entry out, wherever it is."""
        if self._coming.pop(sequence, None) is not None:
            return
        for entry in self._window:
            if entry.sequence == sequence:
                self._window.remove(entry)
                return
        self._beyond = max(0, self._beyond - 1)

    # What goes

    def wanted(self) -> int | None:
        """Return the sequence after which entries must be fetched now; None when none must."""
        if self._window or not self._beyond or self._fetching:
            return None
        self._fetching = True
        return self._after

    def fetched(self, entries: Iterable[Entry]) -> None:
        """Take the entries that were asked for."""
        self._fetching = False
        for entry in entries:
            if entry.sequence in self._coming:
                break
            self._window.append(entry)
            self._beyond = max(0, self._beyond - 1)
            self._after = entry.sequence
        if not self._window:
            # Nothing is there: what was counted is gone from the disk, by an owner's hand.
            self._beyond = 0

    def refused_once(self) -> None:
        """Count a CALLERROR of the CSMS to the head."""
        self._window[0] = replace(self._window[0], attempts=self._window[0].attempts + 1)

    def take(self, sequence: int) -> bool:
        """Take the head out; False when this is not its sequence: it was dropped meanwhile."""
        if not self._window or self._window[0].sequence != sequence:
            return False
        del self._window[0]
        self._after = max(self._after, sequence)
        return True

    # Inside

    def _written(self, sequence: int) -> Entry | None:
        """Return an entry that the disk has done with; None when nobody waits for it."""
        if sequence not in self._writing:
            return None
        self._writing.remove(sequence)
        return self._coming[sequence]

    def _go_on(self) -> None:
        """Let what came go on, up to the first entry that is not on disk."""
        while self._coming:
            sequence = next(iter(self._coming))
            if sequence in self._writing:
                return
            entry = self._coming.pop(sequence)
            if self._beyond or len(self._window) >= WINDOW_ENTRIES:
                self._beyond += 1
            else:
                self._window.append(entry)
