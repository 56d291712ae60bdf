"""A mapping that forgets its oldest entry."""

from oye_proxy.ocppj.recent import Latest, Recent


def a_recent() -> Recent[int]:
    recent: Recent[int] = Recent(2)
    recent["a"] = 1
    recent["b"] = 2
    return recent


def test_the_oldest_goes_when_it_is_full() -> None:
    recent = a_recent()
    recent["c"] = 3

    assert [None, 2, 3] == [recent.get(key) for key in "abc"]


def test_a_key_that_is_set_again_is_the_newest() -> None:
    recent = a_recent()
    recent["a"] = 4
    recent["c"] = 3

    assert [4, None, 3] == [recent.get(key) for key in "abc"]


def test_pop_forgets_and_get_does_not() -> None:
    recent = a_recent()

    assert [1, 1, None] == [recent.get("a"), recent.pop("a"), recent.pop("a")]


def test_take_all_returns_the_oldest_first_and_empties_it() -> None:
    recent = a_recent()

    assert [1, 2] == recent.values()
    assert [1, 2] == recent.take_all()
    assert [] == recent.take_all()


def test_the_latest_values_are_kept_in_order() -> None:
    latest = Latest(2, ["a", "b", "c"])

    latest.append("d")

    assert ["c", "d"] == latest


def test_the_newest_is_the_one_that_was_set_last_and_is_still_there() -> None:
    recent = a_recent()
    newest = recent.newest
    recent.pop("b")
    before = recent.newest
    recent.pop("a")

    assert (2, 1, None) == (newest, before, recent.newest)
