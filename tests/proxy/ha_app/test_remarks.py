"""Lines for people: as loud as wanted, never forged, never with a secret."""

import pytest

from oye_proxy.ha_app.remarks import LONGEST, Lines, Remark, quoted
from oye_proxy.settings import LogLevel

ALL = [Remark("fact", LogLevel.INFO), Remark("hint", LogLevel.NOTICE), Remark("wrong")]


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (LogLevel.TRACE, ["fact", "hint", "warning: wrong"]),
        (LogLevel.NOTICE, ["fact", "hint", "warning: wrong"]),
        (LogLevel.WARNING, ["warning: wrong"]),
        (LogLevel.FATAL, []),
    ],
)
def test_the_option_decides_what_is_said(level: LogLevel, shown: list[str]) -> None:
    written: list[str] = []
    Lines(level, written.append).tell(ALL)

    assert shown == written


def test_a_remark_forges_no_line_and_shows_no_password() -> None:
    written: list[str] = []
    Lines(LogLevel.INFO, written.append).say("one\ntwo", "wss://me:secret@csms.example.com/")

    assert ["one\\ntwo", "wss://***@csms.example.com/"] == written


def test_what_somebody_typed_is_quoted_and_cut() -> None:
    assert '"a b"' == quoted("a b")
    assert '"7"' == quoted(7)
    assert LONGEST + 3 == len(quoted("x" * 1000))
