"""What the CSMS missed, told one by one when its link is back, as transcripts."""

import pytest
from tests.proxy.ocppj.lives import (
    ACKNOWLEDGED,
    DOWN,
    LOCAL,
    PENDING,
    REFUSED,
    UP,
    V2_0_1,
    V2_1,
    Life,
    an_outage,
    boot,
    booted,
    error,
    event,
    fresh,
    heartbeat,
    meter,
    notify_event,
    offline_event,
    result,
    start,
    started,
    status,
    stop,
    told,
)

from oye_proxy.ocppj.commands import Notice, NoticeName, Peer, Record, Settle
from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.versions import OcppVersion


class TestOrder:
    def test_boot_then_states_then_transactions_and_events(self) -> None:
        life = told(
            an_outage(),
            start("a"),
            status("s", 1, "Charging"),
            meter("m", None),
            boot("b"),
            meter("c", LOCAL),
        )

        assert [(UP, boot(fresh(1)))] == life.opened()
        assert [(UP, status(fresh(2), 1, "Charging"))] == life.csms(booted(fresh(1)))
        assert [(UP, start("a"))] == life.csms(result(fresh(2)))
        assert [(UP, meter("m", None))] == life.csms(started("a", 42))
        assert [(UP, meter("c", 42))] == life.csms(result("m"))
        assert [] == life.csms(result("c"))
        assert [ACKNOWLEDGED] * 5 == list(life.disk.states().values())

    def test_of_each_connector_the_last_status(self) -> None:
        life = told(
            an_outage(), status("a", 1, "Preparing"), status("b", 2), status("c", 1, "Faulted")
        )

        assert [(UP, status(fresh(1), 2))] == life.opened()
        assert [(UP, status(fresh(2), 1, "Faulted"))] == life.csms(result(fresh(1)))

    def test_a_status_that_the_csms_hears_live_is_not_followed_by_an_older_one(self) -> None:
        life = told(an_outage(), status("a", 1), status("b", 2))
        life.opened()
        life.charger(status("c", 2, "Charging"))
        wire = life.csms(result(fresh(1)))

        assert [(UP, status("c", 2, "Charging"))] == wire
        assert [(DOWN, result("c"))] == life.csms(result("c"))
        assert Link.CONNECTED is life.link
        assert {1: ACKNOWLEDGED} == life.disk.states()

    @pytest.mark.parametrize("version", [V2_0_1, V2_1])
    def test_events_of_2_x_say_that_they_happened_offline(self, version: OcppVersion) -> None:
        """E04.FR.03, E12.FR.02: a TransactionEvent alone has the word."""
        life = told(an_outage(version), event("a", 0, "Started"), notify_event("n", 0))

        assert [(UP, offline_event("a", 0, "Started"))] == life.opened()
        assert [(UP, notify_event("n", 0))] == life.csms(result("a"))

    def test_unless_that_is_switched_off(self) -> None:
        life = told(an_outage(V2_0_1, mark_offline=False), event("a", 0))

        assert [(UP, event("a", 0))] == life.opened()

    def test_an_event_that_cannot_be_marked_goes_as_it_is_and_is_told(self) -> None:
        text = '[2,"a","TransactionEvent",[]]'
        life = told(an_outage(V2_0_1), text)

        assert [(UP, text)] == life.opened()
        assert "rewrite_failed" in life.notices()

    def test_hundreds_of_entries_go_in_order(self) -> None:
        life = told(an_outage(V2_0_1), *(event(f"e{number}", number) for number in range(300)))
        life.restart()

        wire = life.opened()
        heard = list(wire)
        while wire:
            wire = life.csms(result(f"e{len(heard) - 1}"))
            heard += wire

        assert [(UP, offline_event(f"e{number}", number)) for number in range(300)] == heard
        assert Link.CONNECTED is life.link


class TestRecords:
    def test_a_replay_and_its_answer_are_between_proxy_and_csms(self) -> None:
        life = told(an_outage(), start("a"))
        life.commands.clear()
        life.opened()
        life.csms(started("a", 42))

        assert [
            (Peer.PROXY, Peer.CSMS, start("a"), "replay"),
            (Peer.CSMS, Peer.PROXY, started("a", 42), "replay"),
        ] == [(record.source, record.target, record.data, record.note) for record in life.records()]


class TestErrors:
    def test_a_callerror_is_followed_by_attempts_with_growing_pauses(self) -> None:
        """C16 3.7.1, E13.FR.02: 60 s, then 120 s, then it is refused and the next one goes."""
        life = told(an_outage(), meter("a", 7), meter("b", 8))
        life.opened()

        assert [] == life.csms(error("a")) + life.passes(59)
        assert [(UP, meter("a", 7))] == life.passes(1)
        assert [] == life.csms(error("a")) + life.passes(119)
        assert [(UP, meter("a", 7))] == life.passes(1)
        assert [(UP, meter("b", 8))] == life.csms(error("a", "GenericError"))
        assert {1: REFUSED, 2: PENDING} == life.disk.states()
        assert [1, 2, 3] == [step.attempts for step in life.disk.settlements]
        assert (
            Notice(
                NoticeName.REPLAY_REFUSED,
                {"action": "MeterValues", "sequence": 1, "reason": "GenericError"},
            )
            in life.commands
        )

    def test_live_calls_pass_while_it_pauses(self) -> None:
        life = told(an_outage(), meter("a", 7))
        life.opened()
        life.csms(error("a"))

        assert [(UP, heartbeat("h"))] == life.charger(heartbeat("h"))
        assert [(DOWN, result("h"))] == life.csms(result("h"))

    def test_no_answer_and_lost_links_are_no_attempts(self) -> None:
        """They are followed by attempts without end; a CSMS that comes back may err twice."""
        life = told(an_outage(), start("a"))
        for _ in range(5):
            life.opened()
            life.passes(90)
            life.away()
        life.opened()
        life.csms(error("a"))

        assert {1: PENDING} == life.disk.states()
        assert [(UP, start("a"))] == life.passes(60)

    def test_a_state_is_not_tried_again(self) -> None:
        life = told(an_outage(), status("a"))
        life.opened()
        life.csms(error(fresh(1)))

        assert {1: REFUSED} == life.disk.states()
        assert Link.CONNECTED is life.link


class TestSilence:
    def test_what_is_not_answered_is_said_again_under_its_id(self) -> None:
        life = told(an_outage(), start("a"))
        life.opened()

        assert [] == life.passes(29)
        assert [(UP, start("a"))] == life.passes(1)
        assert [(UP, start("a"))] * 10 == life.passes(300)

    def test_a_late_answer_ends_it(self) -> None:
        life = told(an_outage(), start("a"), stop("b", LOCAL))
        life.opened()
        life.passes(30)

        assert [(UP, stop("b", 42))] == life.csms(started("a", 42))

    def test_the_second_one_ends_here(self) -> None:
        life = told(an_outage(), start("a"), stop("b", LOCAL))
        life.opened()
        life.passes(30)
        life.csms(started("a", 42))
        life.commands.clear()

        assert [] == life.csms(started("a", 43))
        assert ["replay"] == [record.note for record in life.records()]
        life.csms(result("b"))
        assert [] == life.csms(result("b"))
        assert 42 == life.disk.links[LOCAL].csms_id

    def test_a_late_answer_to_what_went_under_another_id_ends_here(self) -> None:
        life = told(an_outage(), status("a"))
        life.opened()
        wire = life.passes(30)

        assert [(UP, status(fresh(2)))] == wire
        assert [] == life.csms(result(fresh(1)))
        assert [] == life.csms(result(fresh(2)))
        assert Link.CONNECTED is life.link

    def test_an_answer_nobody_waits_for_is_passed_on(self) -> None:
        life = told(an_outage(), start("a"))
        life.opened()

        assert [(DOWN, result("zz"))] == life.csms(result("zz"))

    def test_a_link_lost_before_the_answer_makes_it_said_again(self) -> None:
        life = told(an_outage(), start("a"))
        life.opened()
        life.lost()

        assert [(UP, start("a"))] == life.opened()


class TestMessageIds:
    def test_an_id_that_a_live_call_has_is_not_used(self) -> None:
        life = told(an_outage(), meter("1", 7), meter("2", 8))
        life.opened()
        life.charger(heartbeat("2"))
        life.csms(result("1"))

        assert [(DOWN, result("2")), (UP, meter(fresh(1), 8))] == life.csms(result("2"))

    def test_an_id_that_a_held_call_has_is_not_used(self) -> None:
        life = told(an_outage(), meter("1", 7))
        life.lost()
        life.opened()
        life.lost()
        life.charger(heartbeat("1"))

        assert [(UP, heartbeat("1"))] == life.opened()
        assert [(DOWN, result("1")), (UP, meter(fresh(1), 7))] == life.csms(result("1"))

    def test_two_entries_with_one_id_are_told_apart(self) -> None:
        """Some chargers count from 1 after each start."""
        life = told(an_outage(), meter("1", 7), meter("1", 8, at="10:00:05"))

        assert [(UP, meter("1", 7))] == life.opened()
        assert [(UP, meter(fresh(1), 8, at="10:00:05"))] == life.csms(result("1"))

    def test_a_numeric_id_stays_a_number(self) -> None:
        text = meter("1", 7).replace('"1",', "17,", 1)
        life = told(an_outage(), text)

        assert [(UP, text)] == life.opened()
        assert [] == life.csms("[3,17,{}]")
        assert {1: ACKNOWLEDGED} == life.disk.states()

    def test_a_live_call_that_reuses_the_id_of_a_told_entry_gets_its_answer(self) -> None:
        life = told(an_outage(), meter("1", 7), meter("2", 8))
        life.opened()
        life.charger(heartbeat("1"))

        assert [(UP, heartbeat("1"))] == life.csms(result("1"))
        assert [(DOWN, result("1")), (UP, meter("2", 8))] == life.csms(result("1"))


class TestVersions:
    def test_what_was_said_in_another_version_is_refused_and_told(self) -> None:
        """A charger with new firmware: the CSMS would not understand it on this link."""
        life = told(an_outage(), boot("x"), status("s"), start("a"), meter("b", LOCAL))
        life.reconnect(V2_0_1)
        life.lost()
        life.charger(event("c", 0))

        assert [(UP, offline_event("c", 0))] == life.opened()
        assert [REFUSED] * 4 + [PENDING] == list(life.disk.states().values())
        assert 4 == life.notices().count("replay_refused")

    def test_one_that_the_csms_may_have_had_is_repeated_as_it_was(self) -> None:
        """A repetition has the text of the first time, or nobody knows it again."""
        life = Life(V2_0_1)
        life.opened()
        life.charger(event("a", 0))
        life.away()

        assert [(UP, event("a", 0))] == life.opened()

    def test_hundreds_of_them_too(self) -> None:
        life = told(an_outage(), *(meter(f"m{number}", number) for number in range(300)))
        life.reconnect(V2_0_1)

        assert [] == life.opened()
        assert Link.CONNECTED is life.link
        assert {REFUSED} == set(life.disk.states().values())


def test_the_steps_of_a_replay_are_settled_in_order() -> None:
    life = told(an_outage(), start("a"), stop("b", LOCAL))
    life.opened()
    life.commands.clear()
    life.csms(started("a", 42))

    kinds = [type(command) for command in life.commands]
    assert kinds.index(Record) < kinds.index(Settle)
