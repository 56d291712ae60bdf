"""The four promises and the life of a charger's conversation, as transcripts."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.errors import (
    ChargerNotAcceptedError,
    ChargerReadOnlyError,
    NotSupportedError,
    TooManyRequestsError,
)
from oye_proxy.ocppj.authorization import AuthorizationPolicy, Authorizer
from oye_proxy.ocppj.boot import BootState
from oye_proxy.ocppj.commands import (
    Command,
    FollowUp,
    InjectionState,
    Notice,
    Peer,
    Progress,
    Record,
    Send,
)
from oye_proxy.ocppj.conversation import Conversation, Timing
from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.modes import Link, Mode
from oye_proxy.ocppj.schemas import Violation
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.ocppj.versions import OcppVersion

P1 = "7f3a0c1e-0000-4000-8000-000000000001"
P2 = "7f3a0c1e-0000-4000-8000-000000000002"
START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def a_conversation(
    *,
    version: OcppVersion | None = OcppVersion.V1_6,
    relay: bool = True,
    memory: InjectionMemory | None = None,
    **options: Any,
) -> Conversation:
    ids = iter(range(1_000_000_000, 1_000_001_000))
    numbers = itertools.count(1)
    conversation = Conversation(
        version=version,
        responder=Responder(Authorizer(IdTagCache(), AuthorizationPolicy()), lambda: next(ids)),
        journal=Journal(),
        memory=memory or InjectionMemory(),
        wall=lambda now: START + timedelta(seconds=now),
        new_id=lambda: str(uuid.UUID(int=next(numbers))),
        **options,
    )
    if relay:
        conversation.csms_opened(0)
    return conversation


def sent(commands: list[Command]) -> list[tuple[Peer, str | bytes]]:
    """What goes onto the wire."""
    return [(command.to, command.data) for command in commands if isinstance(command, Send)]


def progress(commands: list[Command]) -> list[tuple[str, InjectionState]]:
    return [
        (command.message_id, command.state) for command in commands if isinstance(command, Progress)
    ]


def records(commands: list[Command]) -> list[Record]:
    return [command for command in commands if isinstance(command, Record)]


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


class TestNothingOfAnInjectionReachesTheCsms:
    """Promise 3 (LC 6.4)."""

    @pytest.mark.parametrize(
        "answer",
        [
            f'[3,"{P1}",{{"status":"Accepted"}}]',
            f'[3,"{P1.upper()}",{{"status":"Accepted"}}]',
            f'[4,"{P1}","InternalError","",{{}}]',
            f'[3,"{P1}"',
            f'[3,"{P1[:20]}',
            f'[3,"{P1[:32]}",{{"status":"Accepted"}}]',
            f'[3," {P1}",{{"status":"Accepted"}}]',
            f'[3,"{P1}",{{"status":}}]',
            f'[3,"{P1}",{{"status":"Accepted"}}] AT+OK',
            f'AT+OK [3,"{P1}",{{"status":"Accepted"}}]',
            f'{{"id":"{P1}"}}',
            f'["3","{P1}",{{}}]',
            f'[9,"{P1}",{{}}]',
            f'[5,"{P1}","FormatViolation","",{{}}]',
            f'[3,"{P1}",{"[" * 100_000}',
        ],
    )
    def test_an_answer_is_swallowed_however_it_looks(self, answer: str) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "Reset", {"type": "Soft"}, 0)

        commands = conversation.receive(Peer.CHARGER, answer, 1)

        assert [] == sent(commands)
        assert [P1] == [record.injection for record in records(commands)]
        assert 1 == len(progress(commands))

    def test_a_binary_answer_is_swallowed_too(self) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "ClearCache", {}, 0)

        commands = conversation.receive(
            Peer.CHARGER, f'[3,"{P1}",{{"status":"Accepted"}}]'.encode(), 1
        )

        assert [] == sent(commands)
        assert [(P1, InjectionState.ANSWERED)] == progress(commands)

    def test_late_and_repeated_answers_are_swallowed_and_marked(self) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "ClearCache", {}, 0)
        conversation.tick(30)

        for moment in (31, 32, 23 * 3600):
            (record,) = conversation.receive(Peer.CHARGER, f'[3,"{P1}",{{}}]', moment)
            assert isinstance(record, Record)
            assert record.late

    def test_answers_after_a_reconnect_are_swallowed(self) -> None:
        """The memory outlives the connection (and, loaded from the store, the process)."""
        memory = InjectionMemory()
        a_conversation(memory=memory).inject(P1, "ClearCache", {}, 0)

        commands = a_conversation(memory=memory).receive(Peer.CHARGER, f'[3,"{P1}",{{}}]', 5)

        assert [] == sent(commands)

    def test_a_call_of_the_charger_that_mentions_our_id_is_forwarded(self) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "ClearCache", {}, 0)
        text = f'[2,"A","DataTransfer",{{"vendorId":"x","data":"{P1}"}}'

        assert [(Peer.CSMS, text)] == sent(conversation.receive(Peer.CHARGER, text, 1))

    def test_a_result_that_says_no_is_an_answer_that_was_not_accepted(self) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "Reset", {"type": "Soft"}, 0)

        commands = conversation.receive(Peer.CHARGER, f'[3,"{P1}",{{"status":"Rejected"}}]', 1)

        assert (
            Progress(
                message_id=P1,
                state=InjectionState.ANSWERED,
                payload={"status": "Rejected"},
                accepted=False,
            )
            in commands
        )

    def test_a_callerror_tells_code_description_and_details(self) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "Reset", {"type": "Soft"}, 0)

        commands = conversation.receive(
            Peer.CHARGER, f'[4,"{P1}","NotSupported","no",{{"a":1}}]', 1
        )

        assert (
            Progress(
                message_id=P1,
                state=InjectionState.REFUSED,
                error_code="NotSupported",
                description="no",
                details={"a": 1},
                accepted=False,
            )
            in commands
        )

    def test_the_reports_that_follow_are_answered_and_swallowed(self) -> None:
        conversation = a_conversation(version=OcppVersion.V2_0_1)
        (call,) = [
            command.frame
            for command in conversation.inject(P1, "GetBaseReport", {"reportBase": "X"}, 0)
            if isinstance(command, Record)
        ]
        assert isinstance(call, Call)
        request_id = call.payload["requestId"]
        assert 1_700_000_000 <= request_id <= 1_799_999_999
        conversation.receive(Peer.CHARGER, f'[3,"{P1}",{{"status":"Accepted"}}]', 1)

        first = conversation.receive(
            Peer.CHARGER, f'[2,"r1","NotifyReport",{{"requestId":{request_id},"tbc":true}}]', 2
        )
        last = conversation.receive(
            Peer.CHARGER, f'[2,"r2","NotifyReport",{{"requestId":{request_id}}}]', 3
        )

        assert [(Peer.CHARGER, '[3,"r1",{}]')] == sent(first)
        assert [(Peer.CHARGER, '[3,"r2",{}]')] == sent(last)
        assert [False, True] == [
            command.last for command in first + last if isinstance(command, FollowUp)
        ]

    @pytest.mark.parametrize("rest", ["", ',"reportData":[{', ',"tbc":false}] AT+OK'])
    def test_a_report_that_breaks_off_is_refused_and_swallowed(self, rest: str) -> None:
        conversation = a_conversation(version=OcppVersion.V2_0_1)
        conversation.inject(P1, "GetReport", {"requestId": 7}, 0)
        conversation.receive(Peer.CHARGER, f'[3,"{P1}",{{"status":"Accepted"}}]', 1)
        ours = f'[2,"r1","NotifyReport",{{"requestId": 7{rest}'

        commands = conversation.receive(Peer.CHARGER, ours, 2)

        refusal = '[4,"r1","FormatViolation","message is not JSON",{}]'
        assert [(Peer.CHARGER, refusal)] == sent(commands)
        assert [P1] == [record.injection for record in records(commands)][:1]

    def test_another_report_that_breaks_off_is_the_csmss(self) -> None:
        conversation = a_conversation(version=OcppVersion.V2_0_1)
        conversation.inject(P1, "GetReport", {"requestId": 7}, 0)
        other = '[2,"r1","NotifyReport",{"requestId": 70'

        assert [(Peer.CSMS, other)] == sent(conversation.receive(Peer.CHARGER, other, 2))

    def test_a_report_that_is_repeated_after_the_last_is_swallowed_too(self) -> None:
        """A charger that missed our answer sends the CALL again (P4-E 4.6)."""
        conversation = a_conversation(version=OcppVersion.V2_0_1)
        conversation.inject(P1, "GetBaseReport", {"reportBase": "X", "requestId": 9}, 0)
        last = '[2,"r1","NotifyReport",{"requestId":9,"tbc":false}]'

        for _ in range(2):
            assert [(Peer.CHARGER, '[3,"r1",{}]')] == sent(
                conversation.receive(Peer.CHARGER, last, 1)
            )

    def test_an_answer_to_what_was_never_sent_settles_nothing(self) -> None:
        conversation = a_conversation()
        conversation.receive(Peer.CSMS, '[2,"c-1","ClearCache",{}]', 0)
        conversation.inject(P1, "ClearCache", {}, 1)

        assert [] == sent(conversation.receive(Peer.CHARGER, f'[3,"{P1}",{{}}]', 2))
        assert [(P1, InjectionState.SENT)] == progress(
            conversation.receive(Peer.CHARGER, '[3,"c-1",{}]', 3)
        )

    def test_reports_that_the_csms_asked_for_are_forwarded(self) -> None:
        conversation = a_conversation(version=OcppVersion.V2_0_1)
        conversation.inject(P1, "GetBaseReport", {"reportBase": "X", "requestId": 5}, 0)
        conversation.receive(Peer.CHARGER, f'[3,"{P1}",{{"status":"Accepted"}}]', 1)
        conversation.receive(Peer.CSMS, '[2,"c","GetReport",{"requestId":5}]', 2)

        for text in (
            '[2,"r1","NotifyReport",{"requestId":5}]',
            '[2,"r2","NotifyReport",{"requestId":6}]',
            '[2,"r3","NotifyReport",{}]',
        ):
            assert [(Peer.CSMS, text)] == sent(conversation.receive(Peer.CHARGER, text, 3))

    def test_what_a_trigger_or_a_remote_start_causes_is_forwarded(self) -> None:
        conversation = a_conversation()
        conversation.inject(P1, "TriggerMessage", {"requestedMessage": "Heartbeat"}, 0)
        conversation.receive(Peer.CHARGER, f'[3,"{P1}",{{"status":"Accepted"}}]', 1)

        assert [(Peer.CSMS, '[2,"A","Heartbeat",{}]')] == sent(
            conversation.receive(Peer.CHARGER, '[2,"A","Heartbeat",{}]', 2)
        )

    def test_an_objection_to_our_own_answer_ends_here(self) -> None:
        """Q4 4.1.4: a CALLRESULTERROR goes to whoever sent the CALLRESULT."""
        conversation = a_conversation(version=OcppVersion.V2_1)
        conversation.inject(P1, "GetBaseReport", {"reportBase": "X", "requestId": 9}, 0)
        conversation.receive(Peer.CHARGER, '[2,"r1","NotifyReport",{"requestId":9}]', 1)

        commands = conversation.receive(Peer.CHARGER, '[5,"r1","FormatViolation","",{}]', 2)

        assert [] == sent(commands)

    def test_an_objection_to_the_csms_s_later_answer_passes(self) -> None:
        """Some chargers count their ids from 1 after each start."""
        conversation = a_conversation(version=OcppVersion.V2_1, relay=False)
        conversation.receive(Peer.CHARGER, '[2,"1","Heartbeat",{}]', 0)
        conversation.csms_opened(1)
        conversation.receive(Peer.CHARGER, '[2,"1","Heartbeat",{"n":2}]', 2)
        conversation.receive(Peer.CSMS, '[3,"1",{}]', 3)
        objection = '[5,"1","FormatViolation","",{}]'

        assert [(Peer.CSMS, objection)] == sent(conversation.receive(Peer.CHARGER, objection, 4))


class TestInjectionPreflight:
    def test_monitor_refuses_every_command(self) -> None:
        with pytest.raises(ChargerReadOnlyError):
            a_conversation(mode=Mode.MONITOR).inject(P1, "Reset", {}, 0)

    @pytest.mark.parametrize(
        ("status", "action", "refused"),
        [
            ("Accepted", "RemoteStartTransaction", False),
            ("Pending", "RemoteStartTransaction", True),
            ("Pending", "RemoteStopTransaction", True),
            ("Pending", "GetConfiguration", False),
            ("Rejected", "GetConfiguration", True),
            ("Nonsense", "GetConfiguration", False),
        ],
    )
    def test_the_boot_state_decides(self, status: str, action: str, refused: bool) -> None:  # noqa: FBT001
        """C16 4.2, B02.FR.05, B03.FR.03."""
        conversation = a_conversation()
        conversation.receive(Peer.CHARGER, '[2,"b","BootNotification",{}]', 0)
        conversation.receive(Peer.CSMS, f'[3,"b",{{"status":"{status}"}}]', 0)

        if refused:
            with pytest.raises(ChargerNotAcceptedError):
                conversation.inject(P1, action, {}, 1)
        else:
            assert [(P1, InjectionState.SENT)] == progress(conversation.inject(P1, action, {}, 1))

    def test_a_reconnect_needs_no_boot(self) -> None:
        """J16 5.4."""
        assert BootState.UNKNOWN is a_conversation().boot_state


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
        assert Notice("stands_in", {}) == commands[0]
        assert Link.STANDALONE is conversation.link

    def test_more_than_pending_limit_held_calls_end_the_holding(self) -> None:
        conversation = a_conversation(timing=Timing(pending_limit=2))
        conversation.csms_lost(1)
        for number in range(2):
            conversation.receive(Peer.CHARGER, f'[2,"{number}","StatusNotification",{{}}]', 2)

        commands = conversation.receive(Peer.CHARGER, '[2,"2","StatusNotification",{}]', 2)

        assert [(Peer.CHARGER, f'[3,"{number}",{{}}]') for number in range(3)] == sent(commands)
        assert Notice("pending_overflow", {}) in commands

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


class TestGuardAndValidation:
    def test_a_csms_command_that_redirects_the_charger_passes_and_is_told(self) -> None:
        conversation = a_conversation()
        text = '[2,"c","ChangeConfiguration",{"key":"CentralSystemURL","value":"wss://x"}]'

        commands = conversation.receive(Peer.CSMS, text, 0)

        assert [(Peer.CHARGER, text)] == sent(commands)
        assert Notice("charger_redirected", {"action": "ChangeConfiguration"}) in commands

    def test_guard_block_answers_it_in_the_charger_s_place(self) -> None:
        conversation = a_conversation(block_lockout=True)
        text = '[2,"c","ChangeConfiguration",{"key":"AuthorizationKey","value":"00"}]'

        commands = conversation.receive(Peer.CSMS, text, 0)

        assert [(Peer.CSMS, '[3,"c",{"status":"Rejected"}]')] == sent(commands)
        assert Notice("command_blocked", {"action": "ChangeConfiguration"}) in commands

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
