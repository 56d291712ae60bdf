"""A conversation without its CSMS: every CALL is answered here, whatever it looks like."""

import json

import pytest
from tests.proxy.ocppj.conversations import P1, a_conversation, records, sent

from oye_proxy.ocppj.boot import BootState
from oye_proxy.ocppj.commands import (
    Notice,
    NoticeName,
    Peer,
    Record,
)
from oye_proxy.ocppj.conversation import Timing
from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.versions import OcppVersion

# Ids that look like one, and that no reader of JSON takes.
NO_JSON = ['"a\\qb"', '"a\tb"', '"a\nb"', '"\\ud800"', '"\\u12"', "01", "1.", "1e", "-1.e5"]


class TestWithoutTheCsms:
    def test_calls_are_answered_here(self) -> None:
        conversation = a_conversation(relay=False)

        commands = conversation.receive(Peer.CHARGER, '[2,"A","Heartbeat",{}]', 5)

        assert [(Peer.CHARGER, '[3,"A",{"currentTime":"2026-11-21T10:00:05.000Z"}]')] == sent(
            commands
        )
        assert [
            (Peer.CHARGER, Peer.PROXY),
            (Peer.PROXY, Peer.CHARGER),
        ] == [(record.source, record.target) for record in records(commands)]

    def test_a_lost_link_holds_calls_and_a_return_sends_them_in_order(self) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CHARGER, '[2,"A","StatusNotification",{"n":1}]', 0)
        conversation.csms_lost(1)
        held = conversation.receive(Peer.CHARGER, '[2,"B","MeterValues",{}]', 2)

        assert [] == sent(held)
        assert [
            (Peer.CSMS, '[2,"A","StatusNotification",{"n":1}]'),
            (Peer.CSMS, '[2,"B","MeterValues",{}]'),
        ] == sent(conversation.csms_opened(3))
        assert Link.CONNECTED is conversation.link

    def test_after_standalone_after_the_held_calls_are_answered_here(self) -> None:
        conversation = a_conversation(timing=Timing(standalone_after=10))
        conversation.csms_lost(1)
        conversation.receive(Peer.CHARGER, '[2,"A","StatusNotification",{}]', 2)

        assert 11 == conversation.deadline
        commands = conversation.tick(11)

        assert [(Peer.CHARGER, '[3,"A",{}]')] == sent(commands)
        assert Notice(NoticeName.STANDS_IN, {}) == commands[0]
        assert Link.STANDALONE is conversation.link

    def test_more_than_pending_limit_held_calls_end_the_holding(self) -> None:
        conversation = a_conversation(timing=Timing(pending_limit=2))
        conversation.csms_lost(1)
        for number in range(2):
            conversation.receive(Peer.CHARGER, f'[2,"{number}","StatusNotification",{{}}]', 2)

        commands = conversation.receive(Peer.CHARGER, '[2,"2","StatusNotification",{}]', 2)

        assert [(Peer.CHARGER, f'[3,"{number}",{{}}]') for number in range(3)] == sent(commands)
        assert Notice(NoticeName.PENDING_OVERFLOW, {}) in commands

    def test_a_call_that_was_unanswered_for_long_is_not_resent(self) -> None:
        conversation = a_conversation(timing=Timing(call_timeout=30))
        conversation.receive(Peer.CHARGER, '[2,"A","Heartbeat",{}]', 0)
        conversation.csms_lost(31)

        assert [] == conversation.csms_opened(32)

    def test_calls_of_the_lost_csms_are_forgotten_and_late_answers_end_here(self) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 0)
        conversation.receive(Peer.CSMS, '[2,"c-2","ClearCache",{}]', 0)

        (discarded,) = conversation.csms_lost(1)
        answer = conversation.receive(Peer.CHARGER, '[3,"c-1",{"status":"Accepted"}]', 2)

        assert isinstance(discarded, Record)
        assert "discarded" == discarded.note
        assert [] == sent(answer)

    def test_an_injection_works_without_a_csms(self) -> None:
        conversation = a_conversation(relay=False)

        assert [(Peer.CHARGER, f'[2,"{P1}","ClearCache",{{}}]')] == sent(
            conversation.inject(P1, "ClearCache", {}, 0)
        )

    def test_forwarding_switched_off_answers_at_once(self) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CHARGER, '[2,"A","StatusNotification",{}]', 0)

        assert [(Peer.CHARGER, '[3,"A",{}]')] == sent(conversation.csms_off(1))
        assert Link.STANDALONE is conversation.link

    def test_a_repeated_call_gets_the_same_answer(self) -> None:
        conversation = a_conversation(relay=False)
        first = sent(conversation.receive(Peer.CHARGER, '[2,"A","Heartbeat",{}]', 5))

        assert first == sent(conversation.receive(Peer.CHARGER, '[2,"A","Heartbeat",{}]', 9))

    def test_malformed_input_is_answered_by_the_rules_of_the_version(self) -> None:
        """P4 4.2.3: an unreadable id is answered as `-1`."""
        conversation = a_conversation(version=OcppVersion.V2_0_1, relay=False)

        ((peer, text),) = sent(conversation.receive(Peer.CHARGER, "garbage", 0))

        assert Peer.CHARGER is peer
        assert str(text).startswith('[4,"-1","RpcFrameworkError"')

    @pytest.mark.parametrize("is_held", [False, True])
    @pytest.mark.parametrize(
        ("version", "code"),
        [
            (OcppVersion.V1_6, None),
            (OcppVersion.V2_0_1, "RpcFrameworkError"),
            (OcppVersion.V2_1, "RpcFrameworkError"),
        ],
    )
    @pytest.mark.parametrize("token", NO_JSON)
    def test_an_id_that_is_no_json_is_unreadable(
        self,
        token: str,
        version: OcppVersion,
        code: str | None,
        is_held: bool,  # noqa: FBT001
    ) -> None:
        """1.6 ignores it; P4/Q4 4.2.3: an unreadable id is answered as `-1`."""
        conversation = a_conversation(version=version, relay=is_held)
        conversation.csms_lost(1)

        commands = conversation.receive(Peer.CHARGER, f'[2,{token},"Heartbeat",{{}}]', 2)
        commands += conversation.tick(20)

        answers = [json.loads(data)[:3] for _, data in sent(commands)]
        assert ([] if code is None else [[4, "-1", code]]) == answers
        following = sent(conversation.receive(Peer.CHARGER, '[2,"A","StatusNotification",{}]', 21))
        assert [(Peer.CHARGER, '[3,"A",{}]')] == following

    @pytest.mark.parametrize("peer", [Peer.CHARGER, Peer.CSMS])
    @pytest.mark.parametrize("token", NO_JSON)
    def test_an_id_that_is_no_json_is_relayed_as_it_is(self, token: str, peer: Peer) -> None:
        """While there is a CSMS, it decides."""
        text = f'[2,{token},"Heartbeat",{{}}]'
        other = Peer.CSMS if peer is Peer.CHARGER else Peer.CHARGER

        assert [(other, text)] == sent(a_conversation().receive(peer, text, 1))

    def test_what_is_no_call_is_held_too(self) -> None:
        """The CSMS decides about malformed input, also ten seconds later."""
        conversation = a_conversation(version=OcppVersion.V2_1)
        conversation.csms_lost(0)
        said = ['[2,"A",7,{}]', '[6,"s","NotifyPeriodicEventStream",{}]', "AT+CSQ"]
        for text in said:
            assert [] == sent(conversation.receive(Peer.CHARGER, text, 1))

        assert [(Peer.CSMS, text) for text in said] == sent(conversation.csms_opened(2))

    @pytest.mark.parametrize("answer", ['[3,"c-1",{}]', '[3,"c-1",{"status":]'])
    def test_an_answer_to_a_lost_csms_is_not_held(self, answer: str) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 0)
        conversation.csms_lost(1)

        assert [Peer.PROXY] == [
            record.target for record in records(conversation.receive(Peer.CHARGER, answer, 2))
        ]
        assert [] == conversation.csms_opened(3)

    def test_when_the_csms_stays_away_what_was_held_is_answered_by_the_rules(self) -> None:
        """P4 4.4: 2.0.1 has no type 6; P4 4.2.3, 4.3: the action is no string."""
        conversation = a_conversation(version=OcppVersion.V2_0_1)
        conversation.csms_lost(0)
        for text in ('[2,"A",7,{}]', '[6,"s","X",{}]', ""):
            conversation.receive(Peer.CHARGER, text, 1)

        answers = [str(data)[:30] for _, data in sent(conversation.tick(10))]

        assert [
            '[4,"A","FormatViolation","acti',
            '[4,"s","MessageTypeNotSupporte',
        ] == answers

    def test_an_unknown_subprotocol_is_held_and_then_ends_here(self) -> None:
        conversation = a_conversation(version=None)
        conversation.csms_lost(0)
        assert [] == sent(conversation.receive(Peer.CHARGER, "hello", 1))
        assert [(Peer.CSMS, "hello")] == sent(conversation.csms_opened(2))

        conversation.csms_off(3)
        (record,) = conversation.receive(Peer.CHARGER, "hello", 4)
        assert isinstance(record, Record)
        assert "discarded" == record.note

    def test_a_held_boot_tells_the_boot_state_whoever_answers_it(self) -> None:
        answered_by_csms = a_conversation()
        answered_here = a_conversation()
        for conversation in (answered_by_csms, answered_here):
            conversation.csms_lost(0)
            conversation.receive(Peer.CHARGER, '[2,"b","BootNotification",{}]', 1)

        answered_by_csms.csms_opened(2)
        answered_by_csms.receive(Peer.CSMS, '[3,"b",{"status":"Pending"}]', 3)
        answered_here.tick(10)

        assert BootState.PENDING is answered_by_csms.boot_state
        assert BootState.ACCEPTED is answered_here.boot_state

    def test_a_held_call_is_resent_again_when_the_link_is_lost_again(self) -> None:
        conversation = a_conversation()
        text = '[2,"A","StatusNotification",{}]'
        conversation.csms_lost(0)
        conversation.receive(Peer.CHARGER, text, 1)
        conversation.csms_opened(2)
        conversation.csms_lost(3)

        assert [(Peer.CSMS, text)] == sent(conversation.csms_opened(4))

    @pytest.mark.parametrize(
        ("text", "note"),
        [
            ('[2,"A","Heartbeat",{}]', None),
            ('[2,"A","Heartbeat",{},1]', "surplus"),
            ('[2,7,"Heartbeat",{}]', "odd_id"),
            (f'[2,"{"A" * 37}","Heartbeat",{{}}]', "odd_id"),
        ],
    )
    def test_a_call_of_an_odd_shape_is_answered_and_marked(
        self, text: str, note: str | None
    ) -> None:
        commands = a_conversation(relay=False).receive(Peer.CHARGER, text, 1)

        assert 1 == len(sent(commands))
        assert note == records(commands)[0].note


LONG_ID = "A" * 37


FRAMEWORK = '[4,"-1","RpcFrameworkError"'


class TestMalformedInputWithoutACsms:
    """Each row says how the answer begins in 1.6, 2.0.1 and 2.1; None where there is none."""

    @pytest.mark.parametrize(
        ("data", "in_1_6", "in_2_0_1", "in_2_1"),
        [
            ("", None, None, None),
            (" \r\n", None, None, None),
            (b'[2,"a","Heartbeat",{}]', '[3,"a",{', '[3,"a",{', '[3,"a",{'),
            (b"\xff\xfe", None, FRAMEWORK, FRAMEWORK),
            ("AT+CSQ", None, FRAMEWORK, FRAMEWORK),
            (
                '[2,"a","Heartbeat",{',
                '[4,"a","FormationViolation"',
                '[4,"a","FormatViolation"',
                '[4,"a","FormatViolation"',
            ),
            (
                '[2,"a","Heartbeat",{}]~',
                '[4,"a","FormationViolation"',
                '[4,"a","FormatViolation"',
                '[4,"a","FormatViolation"',
            ),
            ("{}", None, FRAMEWORK, FRAMEWORK),
            ("[]", None, FRAMEWORK, FRAMEWORK),
            ('[9,"a",{}]', None, '[4,"a","MessageTypeNotSupported"', None),
            ('[5,"a","FormatViolation","",{}]', None, '[4,"a","MessageTypeNotSupported"', None),
            ('[6,"a","X",{}]', None, '[4,"a","MessageTypeNotSupported"', None),
            ('[2,null,"Heartbeat",{}]', None, FRAMEWORK, FRAMEWORK),
            ("[2]", None, FRAMEWORK, FRAMEWORK),
            ('[2,7,"Heartbeat",{}]', "[3,7,{", "[3,7,{", "[3,7,{"),
            (f'[2,"{LONG_ID}","Heartbeat",{{}}]', *[f'[3,"{LONG_ID}",{{'] * 3),
            ('[2,"a","Heartbeat"]', '[3,"a",{', '[3,"a",{', '[3,"a",{'),
            ('[2,"a","Heartbeat",null]', '[3,"a",{', '[3,"a",{', '[3,"a",{'),
            ('[2,"a","Heartbeat",{},1]', '[3,"a",{', '[3,"a",{', '[3,"a",{'),
            ('[2,"a","Heartbeat",{"a":1,"a":2}]', '[3,"a",{', '[3,"a",{', '[3,"a",{'),
            (
                '[2,"a",7,{}]',
                '[4,"a","FormationViolation"',
                '[4,"a","FormatViolation"',
                '[4,"a","FormatViolation"',
            ),
            ('[3,"a",{}]', None, None, None),
            ('[3,"a",{', None, None, None),
            ('[4,"a","InternalError","",{}]', None, None, None),
        ],
    )
    def test_it_is_answered_or_kept(
        self, data: str | bytes, in_1_6: str | None, in_2_0_1: str | None, in_2_1: str | None
    ) -> None:
        for version, beginning in zip(OcppVersion, (in_1_6, in_2_0_1, in_2_1), strict=True):
            commands = a_conversation(version=version, relay=False).receive(Peer.CHARGER, data, 1)

            assert data == records(commands)[0].data
            answers = sent(commands)
            assert (beginning is not None) == bool(answers)
            for peer, text in answers:
                assert Peer.CHARGER is peer
                assert str(text).startswith(str(beginning))
