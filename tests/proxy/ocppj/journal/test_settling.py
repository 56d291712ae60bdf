"""What becomes of entries that the CSMS was told, as transcripts."""

import pytest
from tests.proxy.ocppj.lives import (
    ACKNOWLEDGED,
    LOCAL,
    REFUSED,
    START,
    UP,
    an_outage,
    error,
    meter,
    result,
    start,
    started,
    stop,
    told,
)

from oye_proxy.ocppj.commands import KeepLink, Notice, NoticeName
from oye_proxy.ocppj.journal.entries import Settlement, TransactionLink


class TestSettlements:
    def test_what_was_said_and_answered_is_settled_with_the_entry(self) -> None:
        life = told(an_outage(), start("a"), meter("b", LOCAL))
        life.opened()
        life.csms(started("a", 42))
        life.csms(result("b"))
        at = START.replace(second=10)

        assert [
            Settlement(
                sequence=1,
                state=ACKNOWLEDGED,
                at=at,
                attempts=1,
                response=started("a", 42),
                csms_transaction_id=42,
            ),
            Settlement(
                sequence=2,
                state=ACKNOWLEDGED,
                at=at,
                attempts=1,
                sent=meter("b", 42),
                response=result("b"),
            ),
        ] == life.disk.settlements

    def test_attempts_are_counted_over_links_and_restarts(self) -> None:
        life = told(an_outage(), meter("a", 7))
        life.opened()
        life.csms(error("a"))
        life.away()
        life.opened()
        life.csms(error("a"))
        life.restart()
        life.opened()
        life.csms(error("a"))

        assert {1: REFUSED} == life.disk.states()

    def test_an_acknowledgement_after_a_callerror_counts(self) -> None:
        life = told(an_outage(), start("a"))
        life.opened()
        life.csms(error("a"))
        life.passes(60)
        life.csms(started("a", 42))

        assert {1: ACKNOWLEDGED} == life.disk.states()
        assert 2 == life.disk.settlements[-1].attempts


class TestTransactionIds:
    @pytest.mark.parametrize("given", ["42", "42.0", '"42"'])
    def test_the_csms_s_id_is_learned_however_it_is_written(self, given: str) -> None:
        life = told(an_outage(), start("a"), stop("b", LOCAL))
        life.opened()

        assert [(UP, stop("b", 42))] == life.csms(started("a", given))

    def test_a_stop_that_is_acknowledged_closes_the_link(self) -> None:
        life = told(an_outage(), start("a"), stop("b", LOCAL))
        life.opened()
        life.csms(started("a", 42))
        life.csms(result("b"))

        assert (
            TransactionLink(local_id=LOCAL, csms_id=42, closed_at=START.replace(second=10))
            == life.disk.links[LOCAL]
        )

    def test_two_transactions_have_their_own(self) -> None:
        life = told(
            an_outage(),
            start("a"),
            start("b", connector=2),
            stop("c", LOCAL + 1),
            stop("d", LOCAL),
        )
        life.opened()
        life.csms(started("a", 7))

        assert [(UP, stop("c", 8))] == life.csms(started("b", 8))
        assert [(UP, stop("d", 7))] == life.csms(result("c"))

    def test_a_restart_between_start_and_stop_forgets_nothing(self) -> None:
        life = told(an_outage(), start("a"), stop("b", LOCAL))
        life.opened()
        life.csms(started("a", 42))
        life.restart()

        assert [(UP, stop("b", 42))] == life.opened()

    @pytest.mark.parametrize("answer", ["Invalid", "Blocked", "Expired", "ConcurrentTx"])
    def test_a_start_that_the_csms_would_not_have_allowed_is_told(self, answer: str) -> None:
        life = told(an_outage(), start("a"), stop("b", LOCAL))
        life.opened()

        assert [(UP, stop("b", 42))] == life.csms(started("a", 42, answer))
        assert (
            Notice(NoticeName.START_REFUSED, {"transactionId": str(LOCAL), "status": answer})
            in life.commands
        )


class TestRefused:
    def test_the_rest_of_a_start_that_is_refused_goes_with_minus_one(self) -> None:
        """C16-E 3.18."""
        life = told(an_outage(attempts=1), start("a"), meter("b", LOCAL), stop("c", LOCAL))
        life.opened()

        assert [(UP, meter("b", -1))] == life.csms(error("a"))
        assert KeepLink(TransactionLink(local_id=LOCAL, csms_id=-1)) in life.commands
        assert [(UP, stop("c", -1))] == life.csms(result("b"))

    def test_after_a_restart_too(self) -> None:
        life = told(an_outage(attempts=1), start("a"), meter("b", LOCAL))
        life.opened()
        life.csms(error("a"))
        life.restart()

        assert [(UP, meter("b", -1))] == life.opened()
        life.csms(result("b"))
        assert [(UP, stop("c", -1))] == life.charger(stop("c", LOCAL))

    def test_a_stop_that_is_refused_ends_its_transaction_all_the_same(self) -> None:
        life = told(an_outage(attempts=1), start("a"), stop("b", LOCAL))
        life.opened()
        life.csms(started("a", 42))
        life.csms(error("b"))

        assert life.disk.links[LOCAL].closed_at is not None
