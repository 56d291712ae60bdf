"""When a CSMS hears the last BootNotification again, as transcripts."""

import pytest
from tests.proxy.ocppj.lives import (
    ACKNOWLEDGED,
    PENDING,
    UP,
    Life,
    an_outage,
    boot,
    booted,
    error,
    fresh,
    start,
    started,
    told,
)

from oye_proxy.ocppj.journal.replay import ReplayPolicy
from oye_proxy.ocppj.modes import Link


class TestWithTheLink:
    def test_auto_tells_of_a_boot_meanwhile(self) -> None:
        life = told(an_outage(), boot("a"))

        assert [(UP, boot(fresh(1)))] == life.opened()
        assert [] == life.csms(booted(fresh(1)))
        assert {1: ACKNOWLEDGED} == life.disk.states()

    def test_auto_tells_of_none_without(self) -> None:
        life = Life()
        life.opened()
        told(life, boot("a"))
        life.csms(booted("a"))
        life.away()
        told(life, start("b"))

        assert [(UP, start("b"))] == life.opened()

    def test_always_tells_of_the_last_one(self) -> None:
        life = Life(replay=ReplayPolicy(boot=True))
        life.opened()
        told(life, boot("a"))
        life.csms(booted("a"))
        life.away()

        assert [(UP, boot(fresh(1)))] == life.opened()
        assert [] == life.csms(booted(fresh(1)))
        assert Link.CONNECTED is life.link

    def test_never_tells_of_none(self) -> None:
        life = told(an_outage(boot=False), boot("a"), start("b"))

        assert [(UP, start("b"))] == life.opened()
        life.csms(error("b", "SecurityError"))
        assert [(UP, start("b"))] == life.passes(60)
        assert [] == list(life.disk.stock().latest)

    def test_a_csms_that_asks_by_security_error_hears_it(self) -> None:
        life = Life()
        life.opened()
        told(life, boot("a"))
        life.csms(booted("a"))
        life.away()
        told(life, start("b"))
        life.opened()

        assert [(UP, boot(fresh(1)))] == life.csms(error("b", "SecurityError"))
        assert [(UP, start("b"))] == life.csms(booted(fresh(1)))
        life.csms(started("b", 42))
        assert {1: ACKNOWLEDGED} == life.disk.states()

    def test_but_not_twice_on_one_link(self) -> None:
        """B01.FR.10: it says that nobody looked at the message, so no attempt counts."""
        life = told(an_outage(attempts=1), boot("a"), start("b"))
        life.opened()
        life.csms(booted(fresh(1)))

        for _ in range(3):
            life.csms(error("b", "SecurityError"))
            assert [(UP, start("b"))] == life.passes(60)
        assert PENDING is life.disk.states()[2]

    def test_without_a_boot_the_message_waits(self) -> None:
        life = told(an_outage(attempts=1), start("b"))
        life.opened()
        life.csms(error("b", "SecurityError"))

        assert {1: PENDING} == life.disk.states()
        assert [(UP, start("b"))] == life.passes(60)

    def test_and_goes_when_the_charger_has_booted_by_itself(self) -> None:
        life = told(an_outage(), start("b"))
        life.opened()
        life.csms(error("b", "SecurityError"))

        assert [(UP, boot("c"))] == life.charger(boot("c"))
        assert (UP, start("b")) in life.csms(booted("c"))

    @pytest.mark.parametrize("answer", ["Pending", "Rejected"])
    def test_one_that_is_not_accepted_is_asked_again_after_its_interval(self, answer: str) -> None:
        life = told(an_outage(), boot("a"))
        life.opened()
        life.csms(booted(fresh(1), answer, 17))

        assert (Link.STANDALONE, 27) == (life.link, life.conversation.deadline)
        assert [(UP, boot(fresh(2)))] == life.passes(17)
        life.csms(booted(fresh(2)))
        assert Link.CONNECTED is life.link

    def test_a_boot_that_errs_is_asked_again_after_a_minute(self) -> None:
        life = told(an_outage(), boot("a"))
        life.opened()
        life.csms(error(fresh(1)))

        assert Link.STANDALONE is life.link
        assert [(UP, boot(fresh(2)))] == life.passes(60)

    def test_a_boot_that_is_not_answered_is_said_again(self) -> None:
        life = told(an_outage(), boot("a"))
        life.opened()

        assert [(UP, boot(fresh(2)))] == life.passes(30)

    def test_the_boot_that_the_csms_asks_for_is_the_live_one_and_settles_the_older(self) -> None:
        life = told(an_outage(), boot("a"), start("c"))
        life.opened()
        life.csms(booted(fresh(1), "Rejected", 10))
        life.lost()
        life.opened()
        life.csms(booted(fresh(2)))

        assert ACKNOWLEDGED is life.disk.states()[1]
        assert [] == list(life.disk.stock().latest)
