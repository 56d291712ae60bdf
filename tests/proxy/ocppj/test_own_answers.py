"""Who sent the CALLRESULT that a CALLRESULTERROR objects to (Q4 4.1.4)."""

from oye_proxy.ocppj.commands import Peer, Record, Send
from oye_proxy.ocppj.frames import build_call, build_result
from oye_proxy.ocppj.own_answers import OWN_ANSWERS, OWN_ANSWERS_SECONDS, OwnAnswers


def give(answers: OwnAnswers, message_id: str, now: float) -> None:
    """Answer a CALL of the charger."""
    call = build_call(message_id, "Heartbeat", {})
    answers.give(Peer.CHARGER, call, build_result(call.message_id, {}), now)


def test_an_answer_goes_to_the_peer_and_into_the_record() -> None:
    call = build_call("a", "Reset", {})
    answer = build_result(call.message_id, {})

    assert [
        Send(Peer.CSMS, answer.text),
        Record(source=Peer.PROXY, target=Peer.CSMS, data=answer.text, frame=answer, call=call),
    ] == OwnAnswers().give(Peer.CSMS, call, answer, 0)


def test_our_answers_are_known_for_five_minutes_and_per_peer() -> None:
    answers = OwnAnswers()
    give(answers, "a", 10)

    assert answers.include(Peer.CHARGER, "a", 10 + OWN_ANSWERS_SECONDS)
    assert not answers.include(Peer.CHARGER, "a", 10.1 + OWN_ANSWERS_SECONDS)
    assert not answers.include(Peer.CSMS, "a", 10)
    assert not answers.include(Peer.CHARGER, "b", 10)


def test_an_objection_may_come_twice() -> None:
    answers = OwnAnswers()
    give(answers, "a", 0)

    assert answers.include(Peer.CHARGER, "a", 1)
    assert answers.include(Peer.CHARGER, "a", 2)


def test_an_id_that_the_addressee_answered_is_no_longer_ours() -> None:
    answers = OwnAnswers()
    give(answers, "a", 0)
    answers.not_given(Peer.CHARGER, "a")

    assert not answers.include(Peer.CHARGER, "a", 1)


def test_the_oldest_is_forgotten_when_there_are_many() -> None:
    answers = OwnAnswers()
    for number in range(OWN_ANSWERS + 1):
        give(answers, str(number), 0)

    assert not answers.include(Peer.CHARGER, "0", 1)
    assert answers.include(Peer.CHARGER, "1", 1)
