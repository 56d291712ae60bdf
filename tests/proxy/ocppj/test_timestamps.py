"""Times on the wire (C16 3.14)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from oye_proxy.ocppj import timestamps

NOON = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOON, "2026-07-01T12:00:00.000Z"),
        (NOON.replace(microsecond=123999), "2026-07-01T12:00:00.123Z"),
        (NOON.astimezone(timezone(timedelta(hours=2))), "2026-07-01T12:00:00.000Z"),
    ],
)
def test_times_are_written_in_utc_with_three_decimals(moment: datetime, text: str) -> None:
    assert text == timestamps.to_text(moment)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01T12:00:00Z",
        "2026-07-01T12:00:00.000Z",
        "2026-07-01T14:00:00+02:00",
        "2026-07-01T14:00:00+0200",
        "2026-07-01T12:00:00",
        "2026-07-01 12:00:00 ",
    ],
)
def test_times_are_read_as_chargers_write_them(text: str) -> None:
    assert NOON == timestamps.from_text(text)


@pytest.mark.parametrize(
    "value", ["", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 7, None]
)
def test_what_is_no_time_reads_as_none(value: object) -> None:
    assert timestamps.from_text(value) is None
