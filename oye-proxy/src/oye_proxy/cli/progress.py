"""How far long work is: one line that changes on a terminal, else a line every few seconds."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

TERMINAL_SECONDS = 0.2
LINES_SECONDS = 5.0


class Progress:
    """Tells of the rows of one table after the other; work that ends soon is told of nowhere."""

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._every = TERMINAL_SECONDS if self._terminal else LINES_SECONDS
        self._table = ""
        self._first = 0
        self._begun = self._told = clock()
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0

    def tell(self, table: str, done: int, total: int) -> None:
        """Note how many rows of a table are done."""
        now = self._clock()
        if table != self._table:
            self._table, self._first, self._begun = table, done, now
        if now - self._told < self._every:
            return
        self._told = now
        line = self._line(done, total, now)
        if self._terminal:
            self._stream.write("\r" + line.ljust(self._width))
            self._width = len(line)
        else:
            self._stream.write(line + "\n")
        self._stream.flush()

    def _line(self, done: int, total: int, now: float) -> str:
        passed = now - self._begun
        rate = (done - self._first) / passed if passed > 0 else 0
        percent = 100 * done // total if total else 100
        return f"{self._table}: {done} of {total} rows, {percent} %, {rate:.0f} rows/s"
