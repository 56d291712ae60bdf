"""What the charger hears in its CSMS's place, and when, as transcripts."""

import pytest
from tests.proxy.ocppj.lives import (
    ACKNOWLEDGED,
    DOWN,
    LOCAL,
    LOCAL_STATE,
    PENDING,
    UP,
    V1_6,
    V2_0_1,
    V2_1,
    Life,
    accepted,
    an_outage,
    boot,
    event,
    heartbeat,
    meter,
    not_kept,
    notify_event,
    result,
    start,
    status,
    stop,
)

from oye_proxy.ocppj.versions import OcppVersion


class TestAnswerWhenOnDisk:
    """C16 3.7.1, E13: who was told that a transaction's message is accepted may forget it."""

    @pytest.mark.parametrize(
        ("version", "text", "answer"),
        [
            (V1_6, start("a"), accepted("a")),
            (V1_6, meter("a", 7), result("a")),
            (V1_6, stop("a", 7), result("a")),
            (V1_6, stop("a", -1), result("a")),
            (V2_0_1, event("a", 0), result("a")),
            (V2_1, event("a", 0), result("a")),
        ],
    )
    def test_a_message_of_a_transaction_is_answered_when_it_is_on_disk(
        self, version: OcppVersion, text: str, answer: str
    ) -> None:
        life = an_outage(version, patient=True)

        assert [] == life.charger(text)
        assert [(DOWN, answer)] == life.write()

    @pytest.mark.parametrize(
        ("version", "text"),
        [
            (V1_6, heartbeat("a")),
            (V1_6, status("a")),
            (V1_6, boot("a")),
            (V1_6, meter("a", None)),
            (V2_0_1, notify_event("a", 0)),
        ],
    )
    def test_all_else_is_answered_at_once(self, version: OcppVersion, text: str) -> None:
        life = an_outage(version, patient=True)

        assert [DOWN] == [peer for peer, _ in life.charger(text)]

    @pytest.mark.parametrize("version", OcppVersion)
    def test_what_is_not_on_disk_is_not_accepted(self, version: OcppVersion) -> None:
        life = an_outage(version, patient=True)
        life.charger(start("a") if version.is_1_6 else event("a", 0))

        assert [(DOWN, not_kept("a"))] == life.write(works=False)
        assert {} == life.disk.states()

    def test_and_its_repetition_is_a_new_entry(self) -> None:
        life = an_outage(patient=True)
        life.charger(start("a"))
        life.write(works=False)
        life.charger(start("b"))

        assert [(DOWN, accepted("b", LOCAL + 1))] == life.write()
        assert [2] == list(life.disk.entries)

    def test_other_messages_do_not_wait_for_the_disk(self) -> None:
        life = an_outage(patient=True)
        life.charger(start("a"))

        assert [DOWN] == [peer for peer, _ in life.charger(heartbeat("b"))]
        assert [(DOWN, accepted("a"))] == life.write()

    def test_without_a_csms_transactions_are_on_disk_all_the_same(self) -> None:
        life = Life(patient=True)

        assert [] == life.charger(start("a"))
        assert [(DOWN, accepted("a"))] == life.write()
        assert {1: LOCAL_STATE} == life.disk.states()


class TestRepetitions:
    """The same event under another id, in each state that its first arrival can be in."""

    def test_while_it_is_being_written_both_are_answered_when_it_is_on_disk(self) -> None:
        life = an_outage(patient=True)
        life.charger(start("a"))

        assert [] == life.charger(start("b"))
        assert [(DOWN, accepted("a")), (DOWN, accepted("b"))] == life.write_all()
        assert {1: PENDING} == life.disk.states()

    def test_while_it_is_being_written_both_are_refused_when_it_fails(self) -> None:
        life = an_outage(patient=True)
        life.charger(start("a"))
        life.charger(start("b"))

        assert [(DOWN, not_kept(key)) for key in "ab"] == life.write(works=False)

    def test_while_it_is_being_written_and_the_charger_reconnects(self) -> None:
        life = an_outage(patient=True)
        life.charger(start("a"))
        life.reconnect()
        life.lost()

        assert [] == life.charger(start("b"))
        assert [(DOWN, accepted("b"))] == life.write_all()
        assert {1: PENDING} == life.disk.states()

    def test_when_it_is_on_disk(self) -> None:
        life = an_outage()
        life.charger(start("a"))

        assert [(DOWN, accepted("b"))] == life.charger(start("b"))
        assert {1: PENDING} == life.disk.states()

    def test_after_a_restart_of_the_proxy(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.restart()
        life.lost()

        assert [(DOWN, accepted("b"))] == life.charger(start("b"))
        assert {1: PENDING} == life.disk.states()

    def test_when_the_csms_has_acknowledged_it(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.opened()
        life.csms(accepted("a", 42))
        life.away()

        assert [(DOWN, accepted("b"))] == life.charger(start("b"))
        assert {1: ACKNOWLEDGED} == life.disk.states()

    @pytest.mark.parametrize("lives", [1, 2])
    def test_when_the_csms_answered_and_the_charger_did_not_hear_it(self, lives: int) -> None:
        """The start keeps the id that the CSMS gave."""
        life = Life()
        life.opened()
        life.charger(start("a"))
        life.csms(accepted("a", 42))
        for _ in range(lives):
            life.reconnect()
        life.lost()

        assert [(DOWN, accepted("b", 42))] == life.charger(start("b"))
        assert {} == life.disk.states()

    def test_an_answer_that_was_exchanged_is_repeated_as_the_charger_got_it(self) -> None:
        """The CSMS's id would mean another transaction here."""
        life = an_outage()
        life.charger(start("a"))
        life.opened()
        life.csms(accepted("a", 42))
        life.charger(start("b", connector=2))
        told = life.csms(accepted("b", LOCAL))
        life.reconnect()
        life.lost()

        assert [(DOWN, accepted("b", LOCAL + 1))] == told
        assert [(DOWN, accepted("c", LOCAL + 1))] == life.charger(start("c", connector=2))

    def test_in_relay_a_repetition_is_forwarded(self) -> None:
        life = Life()
        life.opened()
        life.charger(start("a"))
        life.csms(accepted("a", 42))

        assert [(UP, start("b"))] == life.charger(start("b"))

    def test_a_stop_and_a_meter_value_are_known_again(self) -> None:
        life = an_outage()
        for text in (meter("a", 7), stop("b", 7), meter("c", 7), stop("d", 7)):
            life.charger(text)

        assert {1: PENDING, 2: PENDING} == life.disk.states()

    def test_other_content_under_the_same_sequence_number_is_kept(self) -> None:
        life = an_outage(V2_0_1)
        life.charger(event("a", 3))
        life.charger(event("b", 3, note="X"))
        life.charger(event("c", 3))

        assert {1: PENDING, 2: PENDING} == life.disk.states()

    def test_an_event_is_known_again(self) -> None:
        life = an_outage(V2_0_1)
        life.charger(notify_event("a", 0))
        life.charger(notify_event("b", 0))

        assert {1: PENDING} == life.disk.states()
