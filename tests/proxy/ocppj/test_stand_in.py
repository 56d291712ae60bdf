"""The proxy in the CSMS's place, for one connection."""

from datetime import UTC, datetime, timedelta

import pytest

from oye_proxy.errors import StorageError
from oye_proxy.ocppj.authorization import AuthorizationPolicy, Authorizer
from oye_proxy.ocppj.commands import Drop, Keep, Notice, NoticeName
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
from oye_proxy.ocppj.journal.entries import EntryState
from oye_proxy.ocppj.journal.journal import (
    EVENT_ENTRIES,
    TRANSACTION_ENTRIES,
    WRITING_ENTRIES,
    Journal,
    Stock,
)
from oye_proxy.ocppj.stand_in import StandIn, Taken
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=60)


def a_stand_in(journal: Journal | None = None) -> StandIn:
    ids = iter(range(1_000_000_000, 1_000_000_100))
    responder = Responder(Authorizer(IdTagCache(), AuthorizationPolicy()), lambda: next(ids))
    return StandIn(responder, journal or Journal())


def an_event(message_id: str, number: int = 0) -> Call:
    return build_call(
        message_id,
        "TransactionEvent",
        {"seqNo": number, "transactionInfo": {"transactionId": "tx"}},
    )


def a_start(message_id: str) -> Call:
    return build_call(
        message_id,
        "StartTransaction",
        {"connectorId": 1, "idTag": "T", "meterStart": 0, "timestamp": "2026-11-21T10:00:00Z"},
    )


def codes(taken: Taken) -> list[str]:
    """Return the error codes of the answers that go now."""
    return [answer.code for _, answer in taken.answers if isinstance(answer, CallError)]


def texts(taken: Taken) -> list[str]:
    """Return the answers that go now."""
    return [answer.text for _, answer in taken.answers]


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


class TestWithAJournal:
    def test_a_transaction_is_answered_when_the_disk_has_it(self) -> None:
        """C16 3.7.1, E13."""
        stand_in = a_stand_in()
        taken = stand_in.take(V2_0_1, an_event("a"), NOW)
        (keep,) = taken.commands

        assert isinstance(keep, Keep)
        assert () == taken.answers
        assert ['[3,"a",{}]'] == texts(stand_in.kept(keep.entry.sequence))
        assert [] == texts(stand_in.kept(keep.entry.sequence))

    @pytest.mark.parametrize("version", OcppVersion)
    def test_what_the_disk_does_not_have_is_refused(self, version: OcppVersion) -> None:
        stand_in = a_stand_in()
        stand_in.take(version, a_start("a") if version.is_1_6 else an_event("a"), NOW)

        (text,) = texts(stand_in.failed(version, 1))

        assert text.startswith('[4,"a","InternalError"')

    def test_a_refused_message_is_new_when_it_comes_again(self) -> None:
        """Under its old id and text as well: no memory of answers stands in the way."""
        stand_in = a_stand_in()
        stand_in.take(V2_0_1, an_event("a"), NOW)
        stand_in.failed(V2_0_1, 1)

        taken = stand_in.take(V2_0_1, an_event("a"), LATER)

        assert () == taken.answers
        assert [2] == [keep.entry.sequence for keep in taken.commands if isinstance(keep, Keep)]

    def test_a_repetition_waits_for_the_same_entry(self) -> None:
        stand_in = a_stand_in()
        stand_in.take(V2_0_1, an_event("a"), NOW)
        again = stand_in.take(V2_0_1, an_event("b"), NOW)

        assert Taken(answers=()) == again
        assert ['[3,"a",{}]', '[3,"b",{}]'] == texts(stand_in.kept(1))

    def test_a_repetition_on_the_next_connection_waits_for_it_too(self) -> None:
        journal = Journal()
        a_stand_in(journal).take(V2_0_1, an_event("a"), NOW)
        stand_in = a_stand_in(journal)

        assert Taken(answers=()) == stand_in.take(V2_0_1, an_event("b"), NOW)
        assert ['[3,"b",{}]'] == texts(stand_in.kept(1))

    def test_a_later_repetition_gets_the_same_answer_under_its_own_id(self) -> None:
        """One start, one transaction id."""
        stand_in = a_stand_in()
        stand_in.take(V1_6, a_start("a"), NOW)
        (first,) = texts(stand_in.kept(1))

        assert [first.replace('"a"', '"b"')] == texts(stand_in.take(V1_6, a_start("b"), LATER))

    def test_a_full_journal_refuses_and_says_so_once(self) -> None:
        stand_in = a_stand_in(Journal(Stock(transactions=TRANSACTION_ENTRIES)))
        first = stand_in.take(V2_0_1, an_event("a", 0), NOW)
        second = stand_in.take(V2_0_1, an_event("b", 1), NOW)

        assert ["InternalError", "InternalError"] == codes(first) + codes(second)
        assert ((Notice(NoticeName.JOURNAL_FULL, {}),), ()) == (first.commands, second.commands)

    def test_a_disk_that_hangs_is_no_full_journal(self) -> None:
        stand_in = a_stand_in()
        for number in range(WRITING_ENTRIES):
            stand_in.take(V2_0_1, an_event("a", number), NOW)
        taken = stand_in.take(V2_0_1, an_event("z", 1000), NOW)

        assert (["InternalError"], ()) == (codes(taken), taken.commands)

    def test_an_event_is_answered_at_once_and_kept(self) -> None:
        stand_in = a_stand_in()
        taken = stand_in.take(V2_0_1, build_call("a", "NotifyEvent", {"seqNo": 0}), NOW)

        assert ['[3,"a",{}]'] == texts(taken)
        assert [Keep] == [type(command) for command in taken.commands]

    def test_the_oldest_events_make_room(self) -> None:
        stand_in = a_stand_in()
        for number in range(EVENT_ENTRIES):
            stand_in.take(V2_0_1, build_call("a", "NotifyEvent", {"seqNo": number}), NOW)

        taken = stand_in.take(V2_0_1, build_call("a", "NotifyEvent", {"seqNo": -1}), NOW)

        assert Drop((1,)) == taken.commands[-1]

    def test_what_cannot_be_answered_is_not_kept(self) -> None:
        taken = a_stand_in().take(V1_6, build_call("a", "StartTransaction", {}), NOW)

        assert () == taken.commands
        assert ["ProtocolError"] == [
            answer.code for _, answer in taken.answers if isinstance(answer, CallError)
        ]

    def test_without_an_id_to_give_a_start_is_refused(self) -> None:
        def none_left() -> int:
            raise StorageError("no id is left")

        responder = Responder(Authorizer(IdTagCache(), AuthorizationPolicy()), none_left)
        taken = StandIn(responder, Journal()).take(V1_6, a_start("a"), NOW)

        assert () == taken.commands
        assert ["InternalError"] == [
            answer.code for _, answer in taken.answers if isinstance(answer, CallError)
        ]

    def test_without_a_csms_it_is_on_disk_all_the_same(self) -> None:
        taken = a_stand_in().take(V2_0_1, an_event("a"), NOW, for_csms=False)

        assert [EntryState.LOCAL] == [
            keep.entry.state for keep in taken.commands if isinstance(keep, Keep)
        ]
