"""How far long work is, for people and for logs."""

import io

from oye_proxy.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_gets_a_line_every_few_seconds() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress(stream, clock) as progress:
        for second in range(12):
            clock.now = float(second)
            progress.tell("logs", second * 100, 2000)

    assert [
        "logs: 500 of 2000 rows, 25 %, 100 rows/s",
        "logs: 1000 of 2000 rows, 50 %, 100 rows/s",
    ] == stream.getvalue().splitlines()


def test_a_terminal_has_one_line_that_is_gone_at_the_end() -> None:
    stream, clock = Terminal(), Clock()
    with Progress(stream, clock) as progress:
        for second in range(3):
            clock.now = float(second)
            progress.tell("logs", second * 1000, 2000)
        assert stream.getvalue().endswith("\rlogs: 2000 of 2000 rows, 100 %, 1000 rows/s")

    assert stream.getvalue().endswith("\r" + " " * 43 + "\r")
    assert "\n" not in stream.getvalue()


def test_work_that_ends_soon_says_nothing() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress(stream, clock) as progress:
        progress.tell("logs", 1, 1)
        progress.tell("empty", 0, 0)

    assert "" == stream.getvalue()


def test_the_rate_is_that_of_this_run() -> None:
    """Rows that an earlier run copied are not work of this one."""
    stream, clock = io.StringIO(), Clock()
    with Progress(stream, clock) as progress:
        progress.tell("logs", 5000, 10_000)
        clock.now = 10.0
        progress.tell("logs", 6000, 10_000)

    assert "logs: 6000 of 10000 rows, 60 %, 100 rows/s\n" == stream.getvalue()
