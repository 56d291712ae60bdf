"""The proxy in the CSMS's place, for one connection."""

from datetime import UTC, datetime, timedelta

import pytest

from oye_proxy.ocppj.authorization import AuthorizationPolicy, Authorizer
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    MalformedError,
    MessageId,
    build_call,
    parse,
)
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.stand_in import StandIn
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=60)


def a_stand_in() -> StandIn:
    ids = iter(range(1_000_000_000, 1_000_000_100))
    responder = Responder(Authorizer(IdTagCache(), AuthorizationPolicy()), lambda: next(ids))
    return StandIn(responder, Journal())


def answer_of(
    stand_in: StandIn, version: OcppVersion, call: Call, at: datetime
) -> CallResult | CallError:
    """Return the answer that goes at once."""
    ((_, answer),) = stand_in.take(version, call, at).answers
    return answer


@pytest.mark.parametrize("version", OcppVersion)
def test_a_call_is_answered_under_its_id(version: OcppVersion) -> None:
    answer = answer_of(a_stand_in(), version, build_call("a", "Heartbeat", {}), NOW)

    assert isinstance(answer, CallResult)
    assert '[3,"a",{"currentTime":"2026-11-21T10:00:00.000Z"}]' == answer.text


@pytest.mark.parametrize(
    ("version", "action", "code"),
    [
        (V1_6, "Reset", "NotSupported"),
        (V1_6, "Nonsense", "NotImplemented"),
        (V2_1, "Nonsense", "NotImplemented"),
    ],
)
def test_what_cannot_be_answered_is_refused(version: OcppVersion, action: str, code: str) -> None:
    answer = answer_of(a_stand_in(), version, build_call("a", action, {}), NOW)

    assert isinstance(answer, CallError)
    assert code == answer.code


@pytest.mark.parametrize("action", ["Heartbeat", "Nonsense"])
def test_the_same_id_and_text_get_the_same_answer(action: str) -> None:
    """J16-E 3.1, P4-E 4.6: a retry may reuse its id."""
    stand_in = a_stand_in()
    call = build_call("a", action, {})

    assert answer_of(stand_in, V1_6, call, NOW) == answer_of(stand_in, V1_6, call, LATER)


def test_the_same_id_with_another_text_is_a_new_call() -> None:
    stand_in = a_stand_in()
    answer_of(stand_in, V1_6, build_call("a", "Heartbeat", {}), NOW)

    answer = answer_of(stand_in, V1_6, build_call("a", "StatusNotification", {}), LATER)

    assert '[3,"a",{}]' == answer.text


def test_answers_are_forgotten_when_a_csms_answers_again() -> None:
    stand_in = a_stand_in()
    call = build_call("a", "Heartbeat", {})
    before = answer_of(stand_in, V1_6, call, NOW)
    stand_in.forget_answers()

    assert before != answer_of(stand_in, V1_6, call, LATER)


@pytest.mark.parametrize(
    ("version", "code"), [(V1_6, "FormationViolation"), (V2_0_1, "FormatViolation")]
)
def test_a_broken_call_is_refused_in_the_words_of_the_version(
    version: OcppVersion, code: str
) -> None:
    with pytest.raises(MalformedError) as raised:
        parse('[2,"a",7,{}]')

    text = a_stand_in().answer_malformed(version, raised.value)

    assert text is not None
    assert text.startswith(f'[4,"a","{code}"')


@pytest.mark.parametrize(("version", "answered"), [(V1_6, False), (V2_0_1, True), (V2_1, False)])
def test_types_5_and_6_are_unknown_to_2_0_1_alone(
    version: OcppVersion,
    answered: bool,  # noqa: FBT001
) -> None:
    """J16 4.1.3 says ignore, P4 4.4 has a code for it, 2.1 knows them (Q4 4.1.3)."""
    text = a_stand_in().answer_unknown_type(version, MessageId.of("a"))

    assert answered == (text is not None)
