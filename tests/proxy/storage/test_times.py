from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.storage import times

MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]),
)


@given(MOMENTS)
def test_microseconds_come_back_exactly(moment: datetime) -> None:
    assert moment == times.from_microseconds(times.to_microseconds(moment))


@given(MOMENTS)
def test_seconds_come_back_as_whole_ones(moment: datetime) -> None:
    assert moment.replace(microsecond=0) == times.from_seconds(times.to_seconds(moment))


def test_no_time_stays_none() -> None:
    assert times.from_seconds(None) is None
    assert times.from_microseconds(None) is None
