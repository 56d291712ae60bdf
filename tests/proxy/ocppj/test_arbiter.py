"""Whose CALL the charger gets next (J16 4.1.1, P4/Q4 4.1.1)."""

import pytest

from oye_proxy.ocppj.arbiter import QUEUE_LIMIT, Arbiter, ArbiterFullError, Rank, Request
from oye_proxy.ocppj.frames import build_call


def an_arbiter(*, csms_may_overlap: bool = False) -> Arbiter:
    return Arbiter(
        call_timeout=30, csms_hold=10, injection_wait=20, csms_may_overlap=csms_may_overlap
    )


def a_request(name: str) -> Request:
    """A request of the CSMS for `c...`, of the owner for all others."""
    call = build_call(name, "ClearCache", {})
    return Request(Rank.CSMS if name.startswith("c") else Rank.OWNER, call, call.text)


def offer(arbiter: Arbiter, name: str, now: float = 0) -> list[str]:
    return names(arbiter.offer(a_request(name), now))


def names(requests: list[Request]) -> list[str]:
    return [request.call.message_id.text for request in requests]


def test_a_free_charger_gets_a_call_at_once() -> None:
    for name in ("c1", "o1"):
        assert [name] == offer(an_arbiter(), name)


def test_one_turn_at_a_time_the_csms_first_and_first_come_first_served() -> None:
    arbiter = an_arbiter()
    assert ["o0"] == offer(arbiter, "o0")
    for name in ("o1", "c1", "o2", "c2"):
        assert [] == offer(arbiter, name)

    order = []
    for turn in ("o0", "c1", "c2", "o1"):
        order += names(arbiter.answered(turn, 1))

    assert ["c1", "c2", "o1", "o2"] == order


def test_only_the_answer_to_an_unanswered_call_ends_a_turn() -> None:
    arbiter = an_arbiter()
    offer(arbiter, "c1")
    offer(arbiter, "c2")

    assert [] == arbiter.answered("c2", 1)
    assert [] == arbiter.answered("other", 1)
    assert ["c2"] == names(arbiter.answered("c1", 1))


def test_a_csms_call_goes_out_after_csms_hold_and_overlaps() -> None:
    """The CSMS must not time out because of the proxy."""
    arbiter = an_arbiter()
    offer(arbiter, "o1")
    offer(arbiter, "c1", 1)
    offer(arbiter, "c2", 2)

    assert 11 == arbiter.deadline
    assert ([], []) == arbiter.expire(10.9)
    ((forced,), dropped) = arbiter.expire(11)
    assert ["c1"] == names([forced])
    assert forced.overlaps
    assert [] == dropped
    assert ["c2"] == names(arbiter.expire(12)[0])


def test_a_call_in_its_turn_does_not_overlap() -> None:
    arbiter = an_arbiter()
    offer(arbiter, "c1")
    offer(arbiter, "c2")

    assert [a_request("c2")] == arbiter.answered("c1", 1)


def test_an_injection_never_overlaps_and_is_dropped_after_injection_wait() -> None:
    arbiter = an_arbiter()
    offer(arbiter, "c1")
    offer(arbiter, "o1", 5)

    released, dropped = arbiter.expire(25)

    assert [] == released
    assert ["o1"] == names(dropped)


def test_a_turn_ends_after_call_timeout() -> None:
    arbiter = an_arbiter()
    offer(arbiter, "c1")
    offer(arbiter, "o1", 15)

    assert 30 == arbiter.deadline
    assert ["o1"] == names(arbiter.expire(30)[0])
    assert 60 == arbiter.deadline


def test_after_an_overlap_both_turns_must_end() -> None:
    arbiter = an_arbiter()
    offer(arbiter, "o1")
    offer(arbiter, "c1")
    arbiter.expire(10)
    offer(arbiter, "o2", 10)

    assert [] == arbiter.answered("o1", 11)
    assert ["o2"] == names(arbiter.answered("c1", 12))


def test_a_full_csms_queue_lets_its_oldest_out_so_that_the_order_stays() -> None:
    arbiter = an_arbiter()
    offer(arbiter, "o1")
    for number in range(QUEUE_LIMIT[Rank.CSMS]):
        assert [] == offer(arbiter, f"c{number}")

    assert ["c0"] == offer(arbiter, "c-last")
    assert ["c1"] == offer(arbiter, "c-more")


def test_a_full_owner_queue_refuses() -> None:
    arbiter = an_arbiter()
    offer(arbiter, "c1")
    for number in range(QUEUE_LIMIT[Rank.OWNER]):
        offer(arbiter, f"o{number}")

    with pytest.raises(ArbiterFullError):
        offer(arbiter, "o-last")


class TestOverlapOfTheCsms:
    """`csms_overlap: pass`: the CSMS may overlap itself, never an injection."""

    def test_it_may_overlap_itself(self) -> None:
        arbiter = an_arbiter(csms_may_overlap=True)

        assert ["c1"] == offer(arbiter, "c1")
        assert ["c2"] == offer(arbiter, "c2")

    def test_it_waits_behind_an_injection_and_then_goes_all_at_once(self) -> None:
        arbiter = an_arbiter(csms_may_overlap=True)
        offer(arbiter, "o1")
        for name in ("c1", "c2", "o2"):
            assert [] == offer(arbiter, name)

        assert ["c1", "c2"] == names(arbiter.answered("o1", 1))
        assert ["c3"] == offer(arbiter, "c3", 2)

    def test_an_injection_waits_for_all_of_them(self) -> None:
        arbiter = an_arbiter(csms_may_overlap=True)
        for name in ("c1", "c2", "o1"):
            offer(arbiter, name)

        assert [] == arbiter.answered("c1", 1)
        assert ["o1"] == names(arbiter.answered("c2", 1))


def test_a_sender_that_is_gone_leaves_its_turn_but_not_its_queue() -> None:
    """The charger is at work on the CALL, whoever sent it: it still has one unanswered CALL."""
    arbiter = an_arbiter()
    for name in ("c1", "c2", "o1"):
        offer(arbiter, name)

    assert ["c2"] == names(arbiter.drop(Rank.CSMS))
    assert [] == offer(arbiter, "c3", 1)
    assert ["c3"] == names(arbiter.answered("c1", 2))
    assert ["o1"] == names(arbiter.answered("c3", 3))


def test_close_ends_everything() -> None:
    arbiter = an_arbiter()
    for name in ("o1", "o2", "c1"):
        offer(arbiter, name)

    assert ["c1", "o2"] == names(arbiter.close())
    assert arbiter.deadline is None
    assert ([], []) == arbiter.expire(99)


def test_an_idle_arbiter_has_no_deadline() -> None:
    arbiter = an_arbiter()
    assert arbiter.deadline is None
    offer(arbiter, "c1")
    arbiter.answered("c1", 1)

    assert arbiter.deadline is None
