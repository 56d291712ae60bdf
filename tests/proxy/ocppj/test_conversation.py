"""The exact text, one unanswered CALL, the guard and the end of a conversation, as transcripts."""

import pytest
from tests.proxy.ocppj.conversations import P1, P2, a_conversation, progress, records, sent

from oye_proxy.errors import (
    NotSupportedError,
    TooManyRequestsError,
)
from oye_proxy.ocppj.commands import (
    InjectionState,
    Notice,
    NoticeName,
    Peer,
    Progress,
    Record,
    Send,
)
from oye_proxy.ocppj.conversation import Timing
from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.schemas import Violation
from oye_proxy.ocppj.versions import OcppVersion


class TestExactText:
    """Promise 1: a forwarded frame is the exact text that arrived, with the same opcode."""

    @pytest.mark.parametrize(
        "text",
        [
            '[2,"a","Heartbeat",{}]',
            ' [ 2 , "a" ,"Heartbeat", { } ] ',
            '[2,"a","MeterValues",{"v":1.0e+300,"v":123456789012345678901234567890}]',
            '[2,"a","DataTransfer",{"data":"\\u00e9\\/\\ud83d"}]',
            '[2,7,"Heartbeat",{}]',
            '[2,"a","Heartbeat"]',
            '[2,"a","Heartbeat",null]',
            '[2,"a","Heartbeat",{},"surplus"]',
            "",
            "  ",
            "AT+CGMI\r\nOK",
            "[]",
            "{}",
            '[9,"a",{}]',
            "[2]",
            "[2,null]",
            '[2,"a",7,{}]',
            '[2,"a","Heartbeat",{}] trailing',
            '[2,"a","GetConfiguration",{"configurationKey":]',
            '[3,"unknown",{}]',
            "[" * 100_000,
            '[2,"a","X",' + "[" * 5000 + "]" * 5000 + "]",
        ],
    )
    def test_whatever_arrives_leaves_as_it_is(self, text: str) -> None:
        conversation = a_conversation()

        assert [(Peer.CSMS, text)] == sent(conversation.receive(Peer.CHARGER, text, 1))
        assert [(Peer.CHARGER, text)] == sent(conversation.receive(Peer.CSMS, text, 1))

    def test_binary_stays_binary(self) -> None:
        conversation = a_conversation()
        data = b'[2,"a","Heartbeat",{}]'

        assert [(Peer.CSMS, data)] == sent(conversation.receive(Peer.CHARGER, data, 1))

    def test_an_unknown_subprotocol_is_relayed_without_observation(self) -> None:
        conversation = a_conversation(version=None)

        assert [
            Send(Peer.CSMS, "hello"),
            Record(source=Peer.CHARGER, target=Peer.CSMS, data="hello"),
        ] == conversation.receive(Peer.CHARGER, "hello", 1)
        with pytest.raises(NotSupportedError):
            conversation.inject(P1, "Reset", {}, 2)

    def test_types_5_and_6_of_ocpp_2_1_pass_both_ways_at_once(self) -> None:
        """Q4 4.2.4: a SEND is never answered and never counts as outstanding."""
        conversation = a_conversation(version=OcppVersion.V2_1)
        send = '[6,"s","NotifyPeriodicEventStream",{"id":1}]'
        objection = '[5,"c","FormatViolation","",{}]'
        conversation.receive(Peer.CSMS, '[2,"c-1","GetLocalListVersion",{}]', 1)

        assert [(Peer.CSMS, send)] == sent(conversation.receive(Peer.CHARGER, send, 2))
        assert [(Peer.CHARGER, send)] == sent(conversation.receive(Peer.CSMS, send, 2))
        assert [(Peer.CSMS, objection)] == sent(conversation.receive(Peer.CHARGER, objection, 2))
        assert [(Peer.CHARGER, objection)] == sent(conversation.receive(Peer.CSMS, objection, 2))

    def test_an_answer_is_recorded_with_the_call_it_answers(self) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CHARGER, '[2,"A","Heartbeat",{}]', 1)

        (record,) = records(conversation.receive(Peer.CSMS, '[3,"A",{"currentTime":"x"}]', 2))

        assert record.call is not None
        assert "Heartbeat" == record.call.action


class TestOneUnansweredCall:
    """Promise 2: the charger has at most one unanswered CALL (OCPP 2.1 part 4, 4.1.1)."""

    def test_csms_call_waits_behind_an_injection(self) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "Reset", {"type": "Soft"}, 0)

        assert [] == conversation.receive(Peer.CSMS, '[2,"c-1","GetLocalListVersion",{}]', 1)
        assert [(Peer.CHARGER, '[2,"c-1","GetLocalListVersion",{}]')] == sent(
            conversation.receive(Peer.CHARGER, f'[3,"{P1}",{{"status":"Accepted"}}]', 2)
        )

    def test_injection_waits_behind_a_csms_call_and_says_so(self) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,"c-1","GetLocalListVersion",{}]', 0)

        assert [Progress(message_id=P1, state=InjectionState.QUEUED)] == conversation.inject(
            P1, "Reset", {"type": "Soft"}, 1
        )
        commands = conversation.receive(Peer.CHARGER, '[3,"c-1",{"listVersion":0}]', 2)
        assert [
            (Peer.CSMS, '[3,"c-1",{"listVersion":0}]'),
            (Peer.CHARGER, f'[2,"{P1}","Reset",{{"type":"Soft"}}]'),
        ] == sent(commands)
        assert [(P1, InjectionState.SENT)] == progress(commands)

    def test_the_csms_goes_before_an_owner_who_waited_longer(self) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "Reset", {"type": "Soft"}, 0)
        conversation.inject(P2, "ClearCache", {}, 1)
        conversation.receive(Peer.CSMS, '[2,"c-1","GetLocalListVersion",{}]', 2)

        released = conversation.receive(Peer.CHARGER, f'[3,"{P1}",{{"status":"Accepted"}}]', 3)

        assert [(Peer.CHARGER, '[2,"c-1","GetLocalListVersion",{}]')] == sent(released)

    def test_overlapping_calls_of_the_csms_are_serialised(self) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,"c-1","GetLocalListVersion",{}]', 0)

        assert [] == conversation.receive(Peer.CSMS, '[2,"c-2","ClearCache",{}]', 0)

    def test_csms_overlap_pass_lets_them_through(self) -> None:
        conversation = a_conversation(csms_may_overlap=True)
        conversation.receive(Peer.CSMS, '[2,"c-1","GetLocalListVersion",{}]', 0)

        assert [(Peer.CHARGER, '[2,"c-2","ClearCache",{}]')] == sent(
            conversation.receive(Peer.CSMS, '[2,"c-2","ClearCache",{}]', 0)
        )

    def test_a_csms_call_is_held_for_csms_hold_at_most(self) -> None:
        """The CSMS must not time out because of the proxy."""
        conversation = a_conversation(timing=Timing(csms_hold=10))
        conversation.inject(P1, "Reset", {"type": "Soft"}, 0)
        conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 1)

        assert 11 == conversation.deadline
        assert [(Peer.CHARGER, '[2,"c-1","ClearCache",{}]')] == sent(conversation.tick(11))

    def test_an_injection_that_gets_no_turn_is_aborted_unsent(self) -> None:
        conversation = a_conversation(timing=Timing(call_timeout=60, injection_wait=30))
        conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 0)
        conversation.inject(P1, "Reset", {"type": "Soft"}, 1)

        commands = conversation.tick(31)

        assert [(P1, InjectionState.ABORTED)] == progress(commands)
        assert [] == sent(commands)

    def test_the_turn_ends_after_call_timeout(self) -> None:
        conversation = a_conversation(timing=Timing(call_timeout=30, csms_hold=99))
        conversation.inject(P1, "Reset", {"type": "Soft"}, 0)
        conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 1)

        commands = conversation.tick(30)

        assert [(P1, InjectionState.TIMED_OUT)] == progress(commands)
        assert [(Peer.CHARGER, '[2,"c-1","ClearCache",{}]')] == sent(commands)

    def test_answers_and_calls_of_the_charger_are_never_held(self) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "Reset", {"type": "Soft"}, 0)

        assert [(Peer.CSMS, '[2,"A","Heartbeat",{}]')] == sent(
            conversation.receive(Peer.CHARGER, '[2,"A","Heartbeat",{}]', 1)
        )
        assert [(Peer.CHARGER, '[3,"A",{}]')] == sent(
            conversation.receive(Peer.CSMS, '[3,"A",{}]', 1)
        )

    def test_a_33rd_waiting_command_of_the_owner_is_refused(self) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 0)
        for number in range(32):
            conversation.inject(f"{number:08d}-0000-4000-8000-000000000000", "ClearCache", {}, 1)

        with pytest.raises(TooManyRequestsError):
            conversation.inject(P1, "ClearCache", {}, 1)
        commands = conversation.charger_lost(2)
        assert (P1, InjectionState.ABORTED) not in progress(commands)
        assert 32 == len(progress(commands))

    def test_a_call_that_csms_hold_forced_out_is_recorded_as_an_overlap(self) -> None:
        conversation = a_conversation(timing=Timing(csms_hold=10))
        conversation.inject(P1, "Reset", {"type": "Soft"}, 0)
        conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 1)

        (record,) = records(conversation.tick(11))

        assert "overlaps" == record.note

    def test_the_call_of_a_lost_csms_keeps_its_turn(self) -> None:
        """The charger is still at work on it and takes CSMS and proxy for one sender."""
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 0)
        conversation.csms_off(1)

        assert [(P1, InjectionState.QUEUED)] == progress(
            conversation.inject(P1, "Reset", {"type": "Soft"}, 2)
        )
        assert [(P1, InjectionState.SENT)] == progress(
            conversation.receive(Peer.CHARGER, '[3,"c-1",{"status":"Accepted"}]', 3)
        )

    def test_an_answer_whose_id_lost_its_escapes_ends_the_turn(self) -> None:
        """The id is no JSON any more, and yet it says which CALL is answered."""
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,"c\\t1","ClearCache",{}]', 0)
        conversation.receive(Peer.CSMS, '[2,"c-2","Reset",{}]', 0)
        answer = '[3,"c\t1",{"status":"Accepted"}]'

        assert [(Peer.CSMS, answer), (Peer.CHARGER, '[2,"c-2","Reset",{}]')] == sent(
            conversation.receive(Peer.CHARGER, answer, 1)
        )

    def test_a_broken_answer_ends_the_turn_a_broken_call_with_the_same_id_does_not(self) -> None:
        """Each side counts its own ids."""
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,"7","ClearCache",{}]', 0)
        conversation.inject(P1, "Reset", {"type": "Soft"}, 1)

        assert [] == progress(conversation.receive(Peer.CHARGER, '[2,"7","MeterValues",{', 2))
        assert [(P1, InjectionState.SENT)] == progress(
            conversation.receive(Peer.CHARGER, '[3,"7",{"status":]', 3)
        )

    def test_a_call_that_reuses_an_id_waits_for_its_own_turn(self) -> None:
        conversation = a_conversation()
        text = '[2,"c-1","ClearCache",{}]'
        answer = '[3,"c-1",{"status":"Accepted"}]'
        conversation.receive(Peer.CSMS, text, 0)

        assert [] == conversation.receive(Peer.CSMS, text, 1)
        assert [(Peer.CSMS, answer), (Peer.CHARGER, text)] == sent(
            conversation.receive(Peer.CHARGER, answer, 2)
        )
        assert [(Peer.CSMS, answer)] == sent(conversation.receive(Peer.CHARGER, answer, 3))

    def test_a_numeric_id_is_another_than_its_text(self) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,7,"ClearCache",{}]', 0)
        conversation.receive(Peer.CSMS, '[2,8,"ClearCache",{}]', 0)

        assert [(Peer.CSMS, '[3,"7",{}]')] == sent(
            conversation.receive(Peer.CHARGER, '[3,"7",{}]', 1)
        )
        assert [(Peer.CSMS, "[3,7,{}]"), (Peer.CHARGER, '[2,8,"ClearCache",{}]')] == sent(
            conversation.receive(Peer.CHARGER, "[3,7,{}]", 1)
        )


class TestGuardAndValidation:
    def test_a_csms_command_that_redirects_the_charger_passes_and_is_told(self) -> None:
        conversation = a_conversation()
        text = '[2,"c","ChangeConfiguration",{"key":"CentralSystemURL","value":"wss://x"}]'

        commands = conversation.receive(Peer.CSMS, text, 0)

        assert [(Peer.CHARGER, text)] == sent(commands)
        assert Notice(NoticeName.CHARGER_REDIRECTED, {"action": "ChangeConfiguration"}) in commands

    def test_guard_block_answers_it_in_the_charger_s_place(self) -> None:
        conversation = a_conversation(block_lockout=True)
        text = '[2,"c","ChangeConfiguration",{"key":"AuthorizationKey","value":"00"}]'

        commands = conversation.receive(Peer.CSMS, text, 0)

        assert [(Peer.CSMS, '[3,"c",{"status":"Rejected"}]')] == sent(commands)
        assert Notice(NoticeName.COMMAND_BLOCKED, {"action": "ChangeConfiguration"}) in commands

    def test_enforce_refuses_an_invalid_call_to_its_sender(self) -> None:
        def refuse(_: OcppVersion, call: Call) -> Violation | None:
            bad = call.action == "Bad"
            return Violation(Cause.FORMAT_VIOLATION, "extra property x") if bad else None

        conversation = a_conversation(validate=refuse)

        for peer in (Peer.CHARGER, Peer.CSMS):
            assert [(peer, '[4,"A","FormationViolation","extra property x",{}]')] == sent(
                conversation.receive(peer, '[2,"A","Bad",{"x":1}]', 0)
            )

    def test_the_csms_objection_to_our_refusal_ends_here(self) -> None:
        conversation = a_conversation(version=OcppVersion.V2_1, block_lockout=True)
        conversation.receive(Peer.CSMS, '[2,"c","SetNetworkProfile",{}]', 0)

        assert [] == sent(conversation.receive(Peer.CSMS, '[5,"c","FormatViolation","",{}]', 1))


def test_the_charger_s_leaving_settles_every_injection() -> None:
    conversation = a_conversation()
    conversation.inject(P1, "ClearCache", {}, 0)
    conversation.inject(P2, "ClearCache", {}, 0)

    assert [
        (P1, InjectionState.ABORTED),
        (P2, InjectionState.ABORTED),
    ] == progress(conversation.charger_lost(1))
    assert [] == conversation.charger_lost(2)


def test_what_waits_when_the_charger_leaves_is_recorded_as_discarded() -> None:
    conversation = a_conversation()
    conversation.inject(P1, "ClearCache", {}, 0)
    conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 0)

    (record,) = records(conversation.charger_lost(1))

    assert ("discarded", '[2,"c-1","ClearCache",{}]') == (record.note, record.data)
    assert conversation.deadline is None
    assert [] == conversation.tick(99)


def test_a_new_call_timeout_holds_for_what_is_sent_from_now_on() -> None:
    conversation = a_conversation()
    conversation.inject(P1, "ClearCache", {}, 0)
    conversation.set_call_timeout(100)

    assert 30 == conversation.deadline
    assert [(P1, InjectionState.TIMED_OUT)] == progress(conversation.tick(30))
    conversation.inject(P2, "ClearCache", {}, 30)
    assert 130 == conversation.deadline
