"""The life of an injection: queued, sent, settled exactly once, swallowed for ever."""

import pytest

from oye_proxy.ocppj.commands import Command, FollowUp, InjectionState, Peer, Progress, Record
from oye_proxy.ocppj.frames import Call, CallError, CallResult, MalformedError, MessageId, parse
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.injector import Injector, is_answer, is_own_call
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
P1 = "7f3a0c1e-0000-4000-8000-000000000001"
P2 = "8f3a0c1e-0000-4000-8000-000000000002"


def an_injector() -> Injector:
    return Injector(InjectionMemory(), call_timeout=30)


def a_sent_injection(action: str = "ClearCache") -> tuple[Injector, Call]:
    injector = an_injector()
    call = injector.prepare(V1_6, P1, action, {}, 0)
    injector.sent(call, 0)
    return injector, call


def answer(injector: Injector, text: str) -> list[Command]:
    frame = parse(text)
    assert isinstance(frame, CallResult | CallError)
    return injector.swallow_answer(V1_6, frame, text)


def broken(text: str) -> MalformedError:
    with pytest.raises(MalformedError) as raised:
        parse(text)
    return raised.value


def states(commands: list[Command]) -> list[InjectionState]:
    return [command.state for command in commands if isinstance(command, Progress)]


def test_it_is_remembered_before_it_is_sent() -> None:
    injector = an_injector()
    injector.prepare(V1_6, P1, "ClearCache", {}, 0)

    assert [] != answer(injector, f'[3,"{P1}",{{}}]')


def test_prepare_completes_the_payload() -> None:
    call = an_injector().prepare(V2_0_1, P1, "GetReport", {}, 0)

    assert "requestId" in call.payload


def test_sending_is_recorded_and_told() -> None:
    injector = an_injector()
    call = injector.prepare(V1_6, P1, "ClearCache", {}, 0)

    assert [
        Record(source=Peer.PROXY, target=Peer.CHARGER, data=call.text, frame=call, injection=P1),
        Progress(message_id=P1, state=InjectionState.SENT),
    ] == injector.sent(call, 0)


def test_only_what_was_sent_has_a_deadline() -> None:
    injector = an_injector()
    assert injector.deadline is None
    first = injector.prepare(V1_6, P1, "ClearCache", {}, 0)
    second = injector.prepare(V1_6, P2, "ClearCache", {}, 0)
    assert injector.deadline is None

    injector.sent(first, 5)
    injector.sent(second, 6)
    assert 35 == injector.deadline


def test_an_answer_settles_it_and_names_the_call() -> None:
    injector, call = a_sent_injection()
    text = f'[3,"{P1}",{{"status":"Accepted"}}]'

    assert [
        Record(
            source=Peer.CHARGER,
            target=Peer.PROXY,
            data=text,
            frame=parse(text),
            call=call,
            injection=P1,
        ),
        Progress(
            message_id=P1,
            state=InjectionState.ANSWERED,
            payload={"status": "Accepted"},
            accepted=True,
        ),
    ] == answer(injector, text)


def test_a_second_answer_is_swallowed_and_settles_nothing() -> None:
    injector, _ = a_sent_injection()
    answer(injector, f'[3,"{P1}",{{}}]')

    (record,) = answer(injector, f'[4,"{P1}","InternalError","",{{}}]')

    assert isinstance(record, Record)
    assert record.late
    assert (None, "ClearCache") == (record.call, record.action)


def test_a_broken_answer_is_recorded_with_the_action_of_its_call() -> None:
    injector, _ = a_sent_injection()
    recorded = []
    for _ in ("in time", "late"):
        text = f'[3,"{P1}",{{]'
        (record, *_) = injector.swallow_malformed(V1_6, broken(text), text, text)[1]
        assert isinstance(record, Record)
        recorded.append((record.late, record.action))

    assert [(False, "ClearCache"), (True, "ClearCache")] == recorded


def test_an_answer_to_somebody_else_is_not_swallowed() -> None:
    injector, _ = a_sent_injection()

    assert [] == answer(injector, '[3,"c-1",{}]')


def test_an_answer_under_a_mutilated_id_settles_it() -> None:
    injector, call = a_sent_injection()
    text = f'[3,"{P1[:32]}",{{"status":"Accepted"}}]'
    frame = parse(text)
    assert isinstance(frame, CallResult)

    key, commands = injector.swallow_mutilated(V1_6, frame, text)

    assert call.message_id.key == key
    assert [InjectionState.ANSWERED] == states(commands)
    assert [] == states(injector.swallow_mutilated(V1_6, frame, text)[1])


def test_another_answer_is_not_mutilated() -> None:
    injector, _ = a_sent_injection()
    frame = parse(f'[3,"{P2[:32]}",{{}}]')
    assert isinstance(frame, CallResult)

    assert (None, []) == injector.swallow_mutilated(V1_6, frame, frame.text)


def test_an_answer_before_the_call_was_sent_settles_nothing() -> None:
    injector = an_injector()
    call = injector.prepare(V1_6, P1, "ClearCache", {}, 0)
    assert [] == states(answer(injector, f'[3,"{P1}",{{}}]'))

    assert [InjectionState.SENT] == states(injector.sent(call, 1))


def test_no_answer_in_time_settles_it() -> None:
    injector, _ = a_sent_injection()

    assert [] == injector.expire(29.9)
    assert [InjectionState.TIMED_OUT] == states(injector.expire(30))
    assert [] == injector.expire(31)


def test_what_never_got_its_turn_is_aborted_and_forgotten() -> None:
    injector = an_injector()
    call = injector.prepare(V1_6, P1, "ClearCache", {}, 0)

    assert [InjectionState.ABORTED] == states([injector.unsent(call)])
    assert [] == injector.abort_all()
    assert injector.memory.find(call.message_id) is None


def test_what_was_refused_at_once_is_never_settled() -> None:
    injector = an_injector()
    injector.withdraw(injector.prepare(V1_6, P1, "ClearCache", {}, 0))

    assert [] == injector.abort_all()


def test_the_charger_s_leaving_aborts_all_and_says_which_were_sent() -> None:
    injector, _ = a_sent_injection()
    unsent = injector.prepare(V1_6, P2, "ClearCache", {}, 0)

    assert [
        (P1, "the charger left before it answered"),
        (P2, "the charger left; the command was not sent"),
    ] == [
        (command.message_id, command.description)
        for command in injector.abort_all()
        if isinstance(command, Progress)
    ]
    assert [] == injector.abort_all()
    assert [] != answer(injector, f'[3,"{P1}",{{}}]')
    assert injector.memory.find(unsent.message_id) is None


class TestMalformed:
    @pytest.mark.parametrize("token", ['"7\\q"', '"\t7"', '"7\n"'])
    def test_an_id_that_is_no_json_is_found_by_what_was_meant(self, token: str) -> None:
        """A charger that writes the characters of an id without escapes."""
        injector = an_injector()
        injector.sent(injector.prepare(V1_6, token[1:-1], "ClearCache", {}, 0), 0)
        text = f'[3,{token},{{"status":"Accepted"}}]'

        key, _ = injector.swallow_malformed(V1_6, broken(text), text, text)

        assert MessageId.of(token[1:-1]).key == key

    @pytest.mark.parametrize(
        ("version", "code"), [(V1_6, "FormationViolation"), (V2_1, "FormatViolation")]
    )
    def test_a_broken_answer_settles_it_as_refused(self, version: OcppVersion, code: str) -> None:
        injector, _ = a_sent_injection()
        text = f'[3,"{P1}",{{"status":]'

        key, commands = injector.swallow_malformed(version, broken(text), text, text)

        assert P1 == key
        assert [code] == [
            command.error_code for command in commands if isinstance(command, Progress)
        ]
        assert (P1, 1) == (
            key,
            len(injector.swallow_malformed(version, broken(text), text, text)[1]),
        )

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "noise",
            '[3,"c-1",',
            f'[2,"A","DataTransfer",{{"data":"{P1}"',
            f'[2,"a\\qb","DataTransfer",{{"data":"{P1}"}}]',
            f'[2,01,"DataTransfer",{{"data":"{P1}"}}]',
        ],
    )
    def test_what_is_not_ours_is_left_alone(self, text: str) -> None:
        injector, _ = a_sent_injection()

        assert (None, []) == injector.swallow_malformed(V1_6, broken(text), text, text)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ('[2,"A",7', True),
        ('[2,"a\\qb",7', True),
        ('[6,"A",7]', True),
        ('[3,"A",', False),
        ('[2,"A', False),
        ('[2,"",7,', False),
        ("x", False),
    ],
)
def test_a_broken_call_is_the_charger_s_own(text: str, own: bool) -> None:  # noqa: FBT001
    assert own == is_own_call(broken(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [('[3,"A",', True), ("[4,null]", True), ('[5,"A",{', True), ('[2,"A",7]', False), ("x", False)],
)
def test_a_broken_answer_is_an_answer(text: str, expected: bool) -> None:  # noqa: FBT001
    assert expected == is_answer(broken(text))


def test_a_broken_follow_up_is_recorded_and_nothing_else() -> None:
    injector = an_injector()
    injector.prepare(V2_0_1, P1, "GetReport", {"requestId": 7}, 0)
    text = '[2,"r","NotifyReport",{"requestId":7,'

    assert [
        Record(
            source=Peer.CHARGER,
            target=Peer.PROXY,
            data=text,
            injection=P1,
            note="malformed_follow_up",
        )
    ] == injector.swallow_broken_follow_up("NotifyReport", text, text, 1)
    assert [] == injector.swallow_broken_follow_up("NotifyEvent", text, text, 1)


def test_a_follow_up_is_attached_to_its_injection() -> None:
    injector = an_injector()
    injector.sent(injector.prepare(V2_0_1, P1, "GetReport", {"requestId": 7}, 0), 0)
    text = '[2,"r","NotifyReport",{"requestId":7,"tbc":true}]'
    call = parse(text)
    assert isinstance(call, Call)

    assert [
        Record(source=Peer.CHARGER, target=Peer.PROXY, data=text, frame=call, injection=P1),
        FollowUp(
            message_id=P1,
            action="NotifyReport",
            payload={"requestId": 7, "tbc": True},
            last=False,
        ),
    ] == injector.swallow_follow_up(call, text, 1)


@pytest.mark.parametrize(
    "text", ['[2,"r","Heartbeat",{}]', '[2,"r","NotifyReport",{"requestId":8}]']
)
def test_another_call_of_the_charger_is_no_follow_up(text: str) -> None:
    injector = an_injector()
    injector.prepare(V2_0_1, P1, "GetReport", {"requestId": 7}, 0)
    call = parse(text)
    assert isinstance(call, Call)

    assert [] == injector.swallow_follow_up(call, text, 1)
