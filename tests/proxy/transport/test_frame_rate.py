"""An alert above the limit, not more than once a minute."""

from oye_proxy.ocppj.commands import Notice, NoticeName
from oye_proxy.transport.frame_rate import FrameRate


def test_a_burst_that_comes_too_fast_is_told() -> None:
    rate = FrameRate(50.0, now=100.0)

    assert 200 == rate.burst
    assert Notice(NoticeName.FRAME_RATE, {"perSecond": 100, "limit": 50.0}) == rate.judge(102.0)


def test_frames_at_the_limit_are_usual() -> None:
    rate = FrameRate(50.0, now=100.0)

    assert [None, None] == [rate.judge(104.0), rate.judge(108.0)]


def test_each_burst_is_judged_by_its_own_time() -> None:
    rate = FrameRate(50.0, now=100.0)

    assert [True, False] == [rate.judge(now) is None for now in (200.0, 203.0)]


def test_what_goes_on_is_told_once_a_minute() -> None:
    rate = FrameRate(50.0, now=100.0)
    told = [now for now in range(101, 222) if rate.judge(now) is not None]

    assert [101, 161, 221] == told


def test_a_burst_within_no_time_has_a_rate() -> None:
    rate = FrameRate(50.0, now=100.0)

    assert rate.judge(100.0) is not None


def test_a_limit_of_less_than_a_frame_in_a_burst_counts_too() -> None:
    rate = FrameRate(0.1, now=100.0)

    assert [None, Notice(NoticeName.FRAME_RATE, {"perSecond": 1, "limit": 0.1})] == [
        rate.judge(110.0),
        rate.judge(111.0),
    ]
