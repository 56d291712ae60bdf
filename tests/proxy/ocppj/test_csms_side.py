"""Who hears the charger: its CSMS, the queue that holds, the journal, or the CSMS behind it."""

from tests.proxy.ocppj.lives import (
    DOWN,
    LOCAL,
    PENDING,
    UP,
    V1_6,
    V2_1,
    Life,
    accepted,
    an_outage,
    boot,
    booted,
    error,
    event,
    fresh,
    heartbeat,
    meter,
    not_kept,
    result,
    start,
    status,
    stop,
)

from oye_proxy.ocppj.conversation import Timing
from oye_proxy.ocppj.modes import Link

SEND = '[6,"s","NotifyPeriodicEventStream",{"id":1}]'


class TestLinkStates:
    def test_a_charger_begins_without_a_csms(self) -> None:
        life = Life()

        assert Link.STANDALONE is life.link
        assert life.conversation.deadline is None

    def test_a_link_with_nothing_to_tell_is_relay_at_once(self) -> None:
        life = Life()

        assert [] == life.opened()
        assert Link.CONNECTED is life.link
        assert life.conversation.deadline is None

    def test_a_lost_link_holds_for_standalone_after_and_then_stands_in(self) -> None:
        life = Life()
        life.opened()
        life.lost()
        before = life.link, life.conversation.deadline
        life.passes(9.9)
        still = life.link
        life.passes(0.1)

        assert (Link.HOLDING, 10) == before
        assert [Link.HOLDING, Link.STANDALONE] == [still, life.link]
        assert ["stands_in"] == life.notices()
        assert life.conversation.deadline is None

    def test_a_second_loss_does_not_begin_the_holding_anew(self) -> None:
        life = Life()
        life.opened()
        life.lost()
        life.passes(5)
        life.lost()

        assert 10 == life.conversation.deadline

    def test_a_csms_that_was_never_reached_is_not_waited_for(self) -> None:
        """The charger's first connection: the handshake waited for the CSMS already."""
        life = Life()
        life.lost()

        assert Link.STANDALONE is life.link

    def test_off_stands_in_at_once(self) -> None:
        life = Life()
        life.opened()
        life.off()

        assert Link.STANDALONE is life.link

    def test_a_link_with_a_journal_catches_up_and_ends_between_two_frames(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.opened()
        first = life.link
        life.csms(accepted("a", 42))

        assert [Link.CATCHING_UP, Link.CONNECTED] == [first, life.link]
        assert "caught_up" == life.notices()[-1]

    def test_a_link_lost_while_it_catches_up_holds_first(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.opened()
        life.lost()

        assert Link.HOLDING is life.link

    def test_an_unknown_subprotocol_never_catches_up(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.version = None
        life.conversation = life._connect()

        assert [] == life.opened()
        assert Link.CONNECTED is life.link
        assert {1: PENDING} == life.disk.states()

    def test_and_tells_when_a_version_that_is_read_comes_back(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.version = None
        life.conversation = life._connect()
        life.opened()
        life.reconnect(V1_6)

        assert [(UP, start("a"))] == life.opened()


class TestHolding:
    def test_calls_are_held_and_go_in_order_when_the_link_is_back(self) -> None:
        life = Life()
        life.opened()
        life.charger(start("a"))
        life.lost()
        held = life.charger(heartbeat("b")) + life.charger(status("c"))

        assert [] == held
        assert [(UP, start("a")), (UP, heartbeat("b")), (UP, status("c"))] == life.opened()
        assert Link.CONNECTED is life.link

    def test_their_answers_reach_the_charger(self) -> None:
        life = Life()
        life.opened()
        life.lost()
        life.charger(start("a"))
        life.opened()

        assert [(DOWN, accepted("a", 42))] == life.csms(accepted("a", 42))

    def test_when_the_link_stays_away_the_sent_ones_are_uncertain(self) -> None:
        life = Life()
        life.opened()
        life.charger(start("a"))
        life.lost()
        life.charger(start("b", connector=2))

        wire = life.passes(10)

        assert [(DOWN, accepted("a")), (DOWN, accepted("b", LOCAL + 1))] == wire
        assert [True, False] == [entry.uncertain for entry in life.disk.entries.values()]

    def test_an_entry_tells_when_its_call_arrived(self) -> None:
        life = Life()
        life.opened()
        life.passes(3)
        life.charger(start("a"))
        life.lost()
        life.passes(4)
        life.charger(start("b", connector=2))
        life.passes(10)

        assert [3, 7] == [entry.arrived_at.second for entry in life.disk.entries.values()]

    def test_too_many_held_calls_end_it(self) -> None:
        life = Life(timing=Timing(pending_limit=1))
        life.opened()
        life.lost()
        life.charger(status("a"))

        assert [(DOWN, result("a")), (DOWN, result("b"))] == life.charger(status("b"))
        assert Link.STANDALONE is life.link
        assert ["pending_overflow"] == life.notices()

    def test_a_charger_that_leaves_repeats_what_was_held(self) -> None:
        life = Life()
        life.opened()
        life.lost()
        life.charger(start("a"))
        life.reconnect()
        life.opened()

        assert {} == life.disk.states()
        assert [(UP, start("b"))] == life.charger(start("b"))

    def test_with_a_journal_transactions_go_behind_it_and_the_rest_is_held(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.opened()
        life.lost()

        assert [(DOWN, result("b"))] == life.charger(meter("b", LOCAL))
        assert [] == life.charger(heartbeat("c"))
        assert [(UP, heartbeat("c"))] == life.opened()
        assert [(DOWN, result("c")), (UP, start("a"))] == life.csms(result("c"))

    def test_a_held_message_of_a_transaction_goes_up_with_the_csms_s_id(self) -> None:
        """Its start was told to the CSMS after an outage: it knows another id."""
        life = an_outage()
        life.charger(start("a"))
        life.opened()
        life.csms(accepted("a", 42))
        life.lost()
        life.charger(stop("b", LOCAL))

        assert [(UP, stop("b", 42))] == life.opened()
        assert [(DOWN, result("b"))] == life.csms(result("b"))

    def test_one_that_was_sent_and_not_answered_keeps_it(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.opened()
        life.csms(accepted("a", 42))
        life.charger(stop("b", LOCAL))
        life.lost()

        assert [(UP, stop("b", 42))] == life.opened()

    def test_a_held_boot_is_the_one_that_the_csms_asks_for_later(self) -> None:
        life = Life()
        life.opened()
        life.lost()
        life.charger(boot("a"))
        life.opened()
        life.csms(booted("a"))
        life.away()
        life.charger(start("b"))
        life.opened()

        assert [(UP, boot(fresh(1)))] == life.csms(error("b", "SecurityError"))

    def test_a_send_and_noise_are_held_too(self) -> None:
        life = Life(V2_1)
        life.opened()
        life.lost()
        life.charger(SEND)
        life.charger("AT+CSQ")

        assert [(UP, SEND), (UP, "AT+CSQ")] == life.opened()

    def test_and_end_here_when_the_link_stays_away(self) -> None:
        life = Life(V2_1)
        life.opened()
        life.lost()
        life.charger(SEND)

        assert [] == life.passes(10)


class TestCatchingUp:
    def test_entries_go_one_by_one_in_order(self) -> None:
        life = an_outage()
        for text in (start("a"), meter("b", LOCAL), stop("c", LOCAL)):
            life.charger(text)

        assert [(UP, start("a"))] == life.opened()
        assert [(UP, meter("b", 42))] == life.csms(accepted("a", 42))
        assert [(UP, stop("c", 42))] == life.csms(result("b"))
        assert [] == life.csms(result("c"))
        assert Link.CONNECTED is life.link

    def test_a_live_message_of_a_transaction_goes_behind_them(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.opened()

        assert [(DOWN, result("b"))] == life.charger(stop("b", LOCAL))
        assert [(UP, stop("b", 42))] == life.csms(accepted("a", 42))

    def test_while_it_is_written_the_end_waits_for_it(self) -> None:
        life = an_outage(patient=True)
        life.charger(start("a"))
        life.write_all()
        life.opened()
        life.charger(stop("b", LOCAL))

        assert [] == life.csms(accepted("a", 42))
        assert Link.CATCHING_UP is life.link
        assert [(DOWN, result("b")), (UP, stop("b", 42))] == life.write_all()

    def test_when_it_cannot_be_written_the_end_comes(self) -> None:
        life = an_outage(patient=True)
        life.charger(start("a"))
        life.write_all()
        life.opened()
        life.charger(stop("b", LOCAL))
        life.csms(accepted("a", 42))

        assert [(DOWN, not_kept("b"))] == life.write(works=False)
        assert Link.CONNECTED is life.link
        assert [(UP, stop("b", 42))] == life.charger(stop("b", LOCAL))

    def test_live_calls_go_between_entries_one_outstanding(self) -> None:
        """C16 3.7 lets them overtake; section 5: the same discipline upwards."""
        life = an_outage()
        life.charger(start("a"))
        life.charger(stop("b", LOCAL))
        life.opened()

        assert [] == life.charger(heartbeat("c"))
        assert [(UP, heartbeat("c"))] == life.csms(accepted("a", 42))
        assert [(DOWN, result("c")), (UP, stop("b", 42))] == life.csms(result("c"))

    def test_the_csms_s_silence_to_a_live_call_is_waited_for_until_its_time_out(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.charger(meter("b", LOCAL))
        life.opened()
        life.charger(heartbeat("c"))
        life.csms(accepted("a", 42))

        assert [] == life.passes(29)
        assert [(UP, meter("b", 42))] == life.passes(1)

    def test_more_held_calls_than_pending_limit_do_not_wait(self) -> None:
        life = Life(timing=Timing(pending_limit=1))
        life.opened()
        life.away()
        life.charger(start("a"))
        life.opened()
        life.charger(heartbeat("b"))

        assert [(UP, heartbeat("b")), (UP, heartbeat("c"))] == life.charger(heartbeat("c"))
        assert Link.CATCHING_UP is life.link

    def test_sends_and_noise_pass_at_once(self) -> None:
        life = an_outage(V2_1)
        life.charger(event("a", 0))
        life.opened()

        assert [(UP, SEND)] == life.charger(SEND)
        assert [(UP, "AT+CSQ")] == life.charger("AT+CSQ")

    def test_commands_of_the_csms_reach_the_charger(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.opened()
        call = '[2,"c-1","ClearCache",{}]'

        assert [(DOWN, call)] == life.csms(call)
        assert [(UP, result("c-1"))] == life.charger(result("c-1"))

    def test_what_was_unanswered_at_the_loss_goes_first_and_is_uncertain(self) -> None:
        life = Life()
        life.opened()
        life.charger(start("a"))
        life.away()
        life.charger(meter("b", LOCAL))

        assert [(UP, start("a"))] == life.opened()
        assert [True, False] == [entry.uncertain for entry in life.disk.entries.values()]

    def test_a_tick_that_comes_late_is_not_forgotten(self) -> None:
        """Another event may come at the moment at which the CSMS's time is up."""
        life = an_outage(patient=True)
        life.charger(start("a"))
        life.write_all()
        life.opened()
        life.charger(meter("b", LOCAL))
        life.now += 30

        assert [(DOWN, result("b")), (UP, start("a"))] == life.write_all()
