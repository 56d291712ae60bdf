from datetime import UTC, datetime, timedelta

from oye_proxy.ocppj.facts.model import StartedBy
from oye_proxy.ocppj.facts.starts import Starts

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)


def seconds(number: float) -> datetime:
    return NOW + timedelta(seconds=number)


def test_a_start_belongs_to_the_remote_start_with_its_tag() -> None:
    """1.6 tags have no case (C16 3.9); a remote start explains one start."""
    starts = Starts()
    starts.note("ABCD", None, StartedBy.OPERATOR, NOW)

    assert starts.is_remote("abcd", seconds(60))
    assert StartedBy.OPERATOR is starts.attribute("abcd", None, seconds(60))
    assert StartedBy.LOCAL is starts.attribute("abcd", None, seconds(60))


def test_a_remote_start_is_over_after_connection_time_out() -> None:
    starts = Starts()
    starts.note("ABCD", None, StartedBy.OPERATOR, NOW)
    assert StartedBy.LOCAL is starts.attribute("ABCD", None, seconds(61))

    starts.set_window(180)
    assert StartedBy.OPERATOR is starts.attribute("ABCD", None, seconds(61))


def test_an_odd_connection_time_out_is_ignored_or_cut() -> None:
    starts = Starts()
    for value in (None, 0, -5):
        starts.set_window(value)
    starts.note("ABCD", None, StartedBy.OPERATOR, NOW)
    assert starts.is_remote("ABCD", seconds(60))

    starts.set_window(1e12)
    assert not starts.is_remote("ABCD", seconds(3601))


def test_remote_start_id_decides_in_2_x() -> None:
    """An id that nobody here gave is the operator's: it was sent before we listened."""
    starts = Starts()
    starts.note("tag", 7, StartedBy.OWNER, NOW)

    assert StartedBy.OPERATOR is starts.attribute("tag", 8, seconds(1))
    assert StartedBy.OWNER is starts.attribute(None, 7, seconds(500))


def test_the_newest_word_on_a_remote_start_counts() -> None:
    starts = Starts()
    starts.note_unless_known("tag", None, StartedBy.OWNER, NOW)
    starts.note("tag", None, StartedBy.AUTOMATION, NOW)
    starts.note_unless_known("tag", None, StartedBy.OWNER, seconds(1))
    assert StartedBy.AUTOMATION is starts.attribute("tag", None, seconds(2))

    starts.note("tag", None, StartedBy.AUTOMATION, NOW)
    starts.note_unless_known("tag", None, StartedBy.OWNER, seconds(61))
    assert StartedBy.OWNER is starts.attribute("tag", None, seconds(62))


def test_a_forgotten_remote_start() -> None:
    starts = Starts()
    starts.note("tag", 3, StartedBy.OWNER, NOW)
    starts.forget("tag", 3)
    starts.forget("tag", 3)

    assert not starts.is_remote("tag", NOW)
    assert not starts.is_remote(None, NOW)


def test_a_presented_tag_belongs_to_one_start() -> None:
    starts = Starts()
    starts.present("tag", "Accepted", NOW)

    assert starts.was_presented("TAG", "Accepted", seconds(5))
    assert not starts.was_presented("tag", "Accepted", seconds(6))


def test_another_outcome_is_news() -> None:
    starts = Starts()
    starts.present("tag", "Accepted", NOW)

    assert not starts.was_presented("tag", "ConcurrentTx", seconds(5))


def test_only_the_last_16_are_remembered() -> None:
    starts = Starts()
    for number in range(17):
        starts.note(f"tag-{number}", None, StartedBy.OWNER, NOW)
        starts.present(f"tag-{number}", "Accepted", NOW)

    assert not starts.is_remote("tag-0", NOW)
    assert starts.is_remote("tag-1", NOW)
    assert not starts.was_presented("tag-0", "Accepted", NOW)
