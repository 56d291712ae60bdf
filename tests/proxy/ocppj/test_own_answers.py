"""Who sent the CALLRESULT that a CALLRESULTERROR objects to (Q4 4.1.4)."""

from oye_proxy.ocppj.commands import Peer
from oye_proxy.ocppj.own_answers import OWN_ANSWERS, OWN_ANSWERS_SECONDS, OwnAnswers


def test_our_answers_are_known_for_five_minutes_and_per_peer() -> None:
    answers = OwnAnswers()
    answers.given(Peer.CHARGER, "a", 10)

    assert answers.include(Peer.CHARGER, "a", 10 + OWN_ANSWERS_SECONDS)
    assert not answers.include(Peer.CHARGER, "a", 10.1 + OWN_ANSWERS_SECONDS)
    assert not answers.include(Peer.CSMS, "a", 10)
    assert not answers.include(Peer.CHARGER, "b", 10)


def test_an_objection_may_come_twice() -> None:
    answers = OwnAnswers()
    answers.given(Peer.CHARGER, "a", 0)

    assert answers.include(Peer.CHARGER, "a", 1)
    assert answers.include(Peer.CHARGER, "a", 2)


def test_an_id_that_the_addressee_answered_is_no_longer_ours() -> None:
    answers = OwnAnswers()
    answers.given(Peer.CHARGER, "a", 0)
    answers.not_given(Peer.CHARGER, "a")

    assert not answers.include(Peer.CHARGER, "a", 1)


def test_the_oldest_is_forgotten_when_there_are_many() -> None:
    answers = OwnAnswers()
    for number in range(OWN_ANSWERS + 1):
        answers.given(Peer.CHARGER, str(number), 0)

    assert not answers.include(Peer.CHARGER, "0", 1)
    assert answers.include(Peer.CHARGER, "1", 1)
