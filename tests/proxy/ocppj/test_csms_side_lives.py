"""Boots, forwarding off and on, restarts: what the CSMS hears of what was kept."""

import pytest
from tests.proxy.ocppj.lives import (
    DOWN,
    LOCAL,
    LOCAL_STATE,
    PENDING,
    UP,
    V1_6,
    V2_0_1,
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
    offline_event,
    result,
    start,
    started,
    status,
    stop,
)

from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.versions import OcppVersion


class TestBootOfTheCharger:
    def test_a_csms_that_does_not_accept_the_charger_is_stood_in_for(self) -> None:
        life = an_outage()
        life.charger(boot("a"))
        life.charger(start("b"))
        life.opened()
        life.csms(booted(fresh(1), "Rejected", 60))

        assert Link.STANDALONE is life.link
        assert "charger_not_accepted" == life.notices()[-1]
        assert [DOWN] == [peer for peer, _ in life.charger(heartbeat("c"))]
        assert [(DOWN, result("d"))] == life.charger(meter("d", LOCAL))

    def test_it_is_asked_again_after_its_interval(self) -> None:
        life = an_outage()
        life.charger(boot("a"))
        life.charger(start("b"))
        life.opened()
        life.csms(booted(fresh(1), "Pending", 60))

        assert [] == life.passes(59)
        assert [(UP, boot(fresh(2)))] == life.passes(1)
        assert [(UP, start("b"))] == life.csms(booted(fresh(2)))
        assert Link.CATCHING_UP is life.link

    def test_its_commands_reach_the_charger_all_the_same(self) -> None:
        """B02.FR.02: a CSMS configures a charger that is Pending."""
        life = an_outage()
        life.charger(boot("a"))
        life.opened()
        life.csms(booted(fresh(1), "Pending", 60))
        call = '[2,"c-1","GetConfiguration",{}]'

        assert [(DOWN, call)] == life.csms(call)
        assert [(UP, result("c-1"))] == life.charger(result("c-1"))

    def test_a_live_boot_that_is_not_accepted_stops_the_replay(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.charger(meter("m", LOCAL))
        life.opened()
        life.charger(boot("b"))
        life.csms(accepted("a", 42))

        assert [(DOWN, booted("b", "Pending", 60))] == life.csms(booted("b", "Pending", 60))
        assert Link.STANDALONE is life.link
        assert [(UP, boot(fresh(1)))] == life.passes(60)

    def test_a_live_boot_that_is_accepted_makes_the_older_one_needless(self) -> None:
        life = an_outage()
        life.charger(boot("a"))
        life.reconnect()
        life.lost()
        life.opened()
        life.charger(boot("b"))
        life.passes(30)
        told = life.csms(booted("b"))

        assert (DOWN, booted("b")) in told
        assert Link.CONNECTED is life.link
        assert [] == list(life.disk.stock().latest)


class TestForwardingOffAndOn:
    def test_what_happened_without_a_csms_is_never_told(self) -> None:
        life = Life()
        for text in (boot("x"), status("s"), start("a"), stop("b", LOCAL)):
            life.charger(text)

        assert [] == life.opened()
        assert Link.CONNECTED is life.link
        assert {1: LOCAL_STATE, 2: LOCAL_STATE} == life.disk.states()

    def test_what_is_still_written_of_it_when_a_csms_comes_is_not_told_either(self) -> None:
        life = Life(patient=True)
        life.charger(start("a"))
        wire = life.opened()
        before = life.link

        assert [(DOWN, accepted("a"))] == wire + life.write_all()
        assert [Link.CATCHING_UP, Link.CONNECTED] == [before, life.link]

    def test_the_rest_of_a_transaction_that_the_csms_knows_is(self) -> None:
        life = Life()
        life.opened()
        life.charger(start("a"))
        life.csms(accepted("a", 42))
        life.off()
        life.charger(start("b", connector=2))
        life.charger(stop("c", 42))

        assert {1: LOCAL_STATE, 2: PENDING} == life.disk.states()
        assert [(UP, stop("c", 42))] == life.opened()

    def test_the_rest_of_a_2_x_transaction_too(self) -> None:
        life = Life(V2_0_1)
        life.opened()
        life.charger(event("a", 0, "Started"))
        life.csms(result("a"))
        life.off()
        life.charger(event("b", 0, "Started", "tx-2"))
        life.charger(event("c", 1))

        assert {1: LOCAL_STATE, 2: PENDING} == life.disk.states()
        assert [(UP, offline_event("c", 1))] == life.opened()

    def test_the_rest_of_one_whose_start_waits_for_its_return_too(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.off()
        life.charger(stop("b", LOCAL))

        assert {1: PENDING, 2: PENDING} == life.disk.states()

    def test_and_after_a_restart(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.off()
        life.restart()
        life.charger(stop("b", LOCAL))

        assert {1: PENDING, 2: PENDING} == life.disk.states()

    @pytest.mark.parametrize(
        ("version", "text", "answer", "rest"),
        [
            (V1_6, start("a"), started("a", 42), stop("b", 42)),
            (V2_0_1, event("a", 0, "Started"), result("a"), event("b", 1, "Ended")),
        ],
    )
    def test_and_of_one_that_was_relayed_before_it(
        self, version: OcppVersion, text: str, answer: str, rest: str
    ) -> None:
        life = Life(version)
        life.opened()
        life.charger(text)
        life.csms(answer)
        life.restart(remembers=True)
        life.charger(rest)

        assert {1: PENDING} == life.disk.states()

    def test_a_boot_without_a_csms_is_the_one_that_a_later_one_asks_for(self) -> None:
        life = Life()
        life.opened()
        life.charger(start("a"))
        life.csms(accepted("a", 42))
        life.off()
        life.charger(boot("b"))
        life.charger(stop("c", 42))
        life.opened()

        assert [(UP, boot(fresh(1)))] == life.csms(error("c", "SecurityError"))


class TestLivesOfChargerAndProxy:
    def test_nothing_accepted_is_lost_when_the_charger_leaves(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.reconnect()

        assert [(UP, start("a"))] == life.opened()

    def test_nothing_accepted_is_lost_when_the_proxy_is_killed(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.charger(stop("b", LOCAL))
        life.restart()

        assert [(UP, start("a"))] == life.opened()
        assert [(UP, stop("b", 42))] == life.csms(accepted("a", 42))

    def test_the_ids_are_known_after_it(self) -> None:
        life = an_outage()
        life.charger(start("a"))
        life.opened()
        life.csms(accepted("a", 42))
        life.restart()
        life.opened()

        assert [(UP, stop("b", 42))] == life.charger(stop("b", LOCAL))
        remote_stop = '[2,"c-1","RemoteStopTransaction",{"transactionId":42}]'
        assert [(DOWN, remote_stop.replace("42", str(LOCAL)))] == life.csms(remote_stop)

    def test_a_link_lost_in_the_middle_goes_on_where_it_was(self) -> None:
        life = an_outage()
        for text in (start("a"), meter("b", LOCAL), stop("c", LOCAL)):
            life.charger(text)
        life.opened()
        life.csms(accepted("a", 42))
        life.away()

        assert [(UP, meter("b", 42))] == life.opened()
