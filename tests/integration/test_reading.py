"""Values of the proxy's JSON are read with tolerance: what does not fit is None."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from custom_components.oye import reading
from custom_components.oye.models import Mode


@pytest.mark.parametrize(
    ("value", "expected"), [("a", "a"), ("", None), (None, None), (7, None), (["a"], None)]
)
def test_text(value: Any, expected: str | None) -> None:
    assert expected == reading.text(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" Garage\x00\n ", "Garage"),
        ("\u202egarage", "garage"),
        ("x" * 100, "x" * 64),
        ("\x00", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_fit_to_be_shown(value: Any, expected: str | None) -> None:
    assert expected == reading.name(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        (1.5, 1.5),
        (True, None),
        ("1", None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        (None, None),
    ],
)
def test_a_number_is_finite(value: Any, expected: float | None) -> None:
    assert expected == reading.number(value)


@pytest.mark.parametrize(("value", "expected"), [(1, 1), (True, None), (1.0, None), ("1", None)])
def test_integer(value: Any, expected: int | None) -> None:
    assert expected == reading.integer(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-21T12:00:00Z", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("2026-11-21T12:00:00.5+02:00", datetime(2026, 11, 21, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-21T12:00:00", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (1_700_000_000, None),
    ],
)
def test_a_moment_is_in_utc(value: Any, expected: datetime | None) -> None:
    assert expected == reading.moment(value)


def test_a_member_that_is_unknown_is_none_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        read = [reading.member(Mode, one) for one in ("monitor", "turbo", "turbo", None, 7)]

    assert [Mode.MONITOR, None, None, None, None] == read
    assert 1 == caplog.text.count("'turbo'")


def test_what_is_no_container_is_empty() -> None:
    assert [{}, {"a": 1}] == [reading.mapping(None), reading.mapping({"a": 1})]
    assert [[], [1]] == [list(reading.items("ab")), list(reading.items([1]))]
    assert ("a",) == reading.texts(["a", 1, None])
    assert [True, False, True] == [
        *map(reading.flag, (True, "yes")),
        reading.flag(None, default=True),
    ]
