"""Promise 3: what the owner injects stays between the proxy and the charger."""

import pytest
from tests.proxy.ocppj.conversations import P1, a_conversation, progress, records, sent

from oye_proxy.errors import (
    ChargerNotAcceptedError,
    ChargerReadOnlyError,
)
from oye_proxy.ocppj.boot import BootState
from oye_proxy.ocppj.commands import (
    FollowUp,
    InjectionState,
    Peer,
    Progress,
    Record,
)
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.versions import OcppVersion


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
