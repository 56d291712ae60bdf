"""What the proxy remembers of its own CALLs (LC 6.4)."""

from typing import Any

import pytest

from oye_proxy.errors import ConflictError
from oye_proxy.ocppj.frames import MalformedError, MessageId, parse
from oye_proxy.ocppj.injections import (
    FIRST_REQUEST_ID,
    FOLLOW_UPS,
    LAST_REQUEST_ID,
    REMEMBER_IDS,
    REMEMBER_SECONDS,
    UNCORRELATED_SECONDS,
    InjectedCall,
    InjectionMemory,
    request_id_of,
)
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
P1 = "7f3a0c1e-0000-4000-8000-000000000001"
P2 = "8f3a0c1e-0000-4000-8000-000000000002"


def an_id(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def find(memory: InjectionMemory, message_id: str) -> InjectedCall | None:
    return memory.find(MessageId.of(message_id))


def found_in(memory: InjectionMemory, text: str) -> str | None:
    with pytest.raises(MalformedError) as raised:
        parse(text)
    call = memory.find_in(raised.value, text)
    return call.message_id if call is not None else None


class TestIds:
    def test_an_id_is_remembered_whatever_its_case(self) -> None:
        memory = InjectionMemory()
        memory.remember(V1_6, P1, "ClearCache", {}, 0)

        call = find(memory, P1.upper())

        assert call is not None
        assert (P1, "ClearCache") == (call.message_id, call.action)
        assert find(memory, P2) is None

    @pytest.mark.parametrize(
        "mutilated", [P1[:35], P1[:8], f" {P1.upper()}", f"{P1}\n", f"urn:uuid:{P1}", f"{P1}#2"]
    )
    def test_an_id_that_comes_back_mutilated_is_recognised(self, mutilated: str) -> None:
        """A charger that stores 32 characters gives back 32 characters."""
        memory = InjectionMemory()
        memory.remember(V1_6, P1, "ClearCache", {}, 0)

        call = memory.find_similar(MessageId.of(mutilated))

        assert call is not None
        assert P1 == call.message_id

    @pytest.mark.parametrize("other", ["", "1", P1[:7], P2, P2[:20], f"{P1[:20]}x", "x" * 36])
    def test_another_id_is_not_taken_for_ours(self, other: str) -> None:
        memory = InjectionMemory()
        memory.remember(V1_6, P1, "ClearCache", {}, 0)

        assert memory.find_similar(MessageId.of(other)) is None

    def test_ids_are_kept_for_a_day(self) -> None:
        memory = InjectionMemory()
        memory.remember(V1_6, P1, "ClearCache", {}, 0)
        memory.remember(V1_6, an_id(1), "ClearCache", {}, REMEMBER_SECONDS)
        assert find(memory, P1) is not None

        memory.remember(V1_6, an_id(2), "ClearCache", {}, REMEMBER_SECONDS + 1)
        assert find(memory, P1) is None
        assert find(memory, an_id(1)) is not None

    def test_the_oldest_of_4096_is_forgotten(self) -> None:
        memory = InjectionMemory()
        for number in range(REMEMBER_IDS + 1):
            memory.remember(V1_6, an_id(number), "ClearCache", {}, 0)

        assert find(memory, an_id(0)) is None
        assert find(memory, an_id(1)) is not None

    def test_what_an_earlier_process_injected_is_known(self) -> None:
        memory = InjectionMemory(
            remembered=[InjectedCall(message_id=P1, action="GetReport", at=-5, request_id=7)]
        )

        assert find(memory, P1) is not None
        assert memory.follow_up("NotifyReport", {"requestId": 7}, 0) is not None

    def test_what_was_never_sent_is_forgotten(self) -> None:
        memory = InjectionMemory()
        memory.remember(V2_1, P1, "GetReport", {"requestId": 7}, 0)
        memory.withdraw(MessageId.of(P1))
        memory.withdraw(MessageId.of(P2))

        assert find(memory, P1) is None
        assert memory.follow_up("NotifyReport", {"requestId": 7}, 1) is None


class TestBrokenAnswers:
    @pytest.mark.parametrize(
        "text",
        [
            f'[3,"{P1}",{{',
            f"[3,{P1}",
            f'AT+OK [3,"{P1}",{{}}]',
            f'{{"id":"{P1.upper()}"}}',
            f'[3,"other",{{"and":"{P1}"',
            f'[3,"{P1[:8]}',
            f'[4,"{P1[:35]}',
            f' [ 5 , "{P1[:20].upper()}\r\n',
            f'noise [3,"{P1[:12]}',
        ],
    )
    def test_what_is_recognised(self, text: str) -> None:
        memory = InjectionMemory()
        memory.remember(V1_6, P2, "ClearCache", {}, 0)
        memory.remember(V1_6, P1, "ClearCache", {}, 0)

        assert P1 == found_in(memory, text)

    @pytest.mark.parametrize(
        "text",
        [
            "AT+OK",
            f'[3,"{P1[:7]}',
            f'[3,"{P1[:8]}x',
            f'[2,"{P1[:8]}',
            f'[3,"{P1[:7]}f',
            f'[3,"c-1",{{"data":"{P1[:35]}"',
        ],
    )
    def test_what_is_not(self, text: str) -> None:
        memory = InjectionMemory()
        memory.remember(V1_6, P1, "ClearCache", {}, 0)

        assert found_in(memory, text) is None


class TestRequestIds:
    @pytest.mark.parametrize("action", sorted(FOLLOW_UPS))
    def test_a_request_that_lacks_one_gets_one(self, action: str) -> None:
        payload = InjectionMemory().remember(V2_1, P1, action, {"a": 1}, 0)

        assert {"a": 1, "requestId": FIRST_REQUEST_ID} == payload

    def test_the_caller_s_own_is_kept(self) -> None:
        assert {"requestId": 7} == InjectionMemory().remember(
            V2_1, P1, "GetReport", {"requestId": 7}, 0
        )

    @pytest.mark.parametrize(
        ("version", "action", "payload"),
        [
            (V1_6, "UpdateFirmware", {"location": "x"}),
            (V2_1, "Reset", {}),
            (V2_1, "GetReport", None),
            (V2_1, "GetReport", [1]),
        ],
    )
    def test_others_are_left_alone(self, version: OcppVersion, action: str, payload: Any) -> None:
        assert payload == InjectionMemory().remember(version, P1, action, payload, 0)
        assert request_id_of(version, action, payload) is None

    def test_ids_of_the_csms_are_skipped_and_the_range_is_a_ring(self) -> None:
        memory = InjectionMemory(first_request_id=LAST_REQUEST_ID)
        memory.yield_request_id("GetLog", {"requestId": FIRST_REQUEST_ID})

        ids = [memory.complete(V2_1, "GetReport", {})["requestId"] for _ in range(2)]

        assert [LAST_REQUEST_ID, FIRST_REQUEST_ID + 1] == ids

    def test_only_so_many_ids_of_the_csms_are_remembered(self) -> None:
        memory = InjectionMemory()
        for number in range(REMEMBER_IDS + 1):
            memory.yield_request_id("GetLog", {"requestId": FIRST_REQUEST_ID + number})

        assert FIRST_REQUEST_ID == memory.complete(V2_1, "GetReport", {})["requestId"]


class TestFollowUps:
    @pytest.mark.parametrize(
        ("version", "action", "follow_up", "going_on", "ending"),
        [
            (V2_0_1, "GetBaseReport", "NotifyReport", {"tbc": True}, {"tbc": False}),
            (V2_0_1, "GetReport", "NotifyReport", {"tbc": True}, {}),
            (V2_0_1, "GetMonitoringReport", "NotifyMonitoringReport", {"tbc": True}, {}),
            (V2_0_1, "GetChargingProfiles", "ReportChargingProfiles", {"tbc": True}, {}),
            (V2_0_1, "CustomerInformation", "NotifyCustomerInformation", {"tbc": True}, {}),
            (V2_0_1, "GetDisplayMessages", "NotifyDisplayMessages", {"tbc": True}, {}),
            (
                V1_6,
                "GetLog",
                "LogStatusNotification",
                {"status": "Uploading"},
                {"status": "UploadFailure"},
            ),
            (
                V2_0_1,
                "UpdateFirmware",
                "FirmwareStatusNotification",
                {"status": "Downloaded"},
                {"status": "Installed"},
            ),
            (
                V1_6,
                "SignedUpdateFirmware",
                "SignedFirmwareStatusNotification",
                {"status": "Installing"},
                {"status": "InvalidSignature"},
            ),
            (
                V2_0_1,
                "PublishFirmware",
                "PublishFirmwareStatusNotification",
                {"status": "DownloadPaused"},
                {"status": "PublishFailed"},
            ),
            (V2_1, "GetDERControl", "ReportDERControl", {"tbc": True}, {}),
            (V2_1, "RequestBatterySwap", "BatterySwap", None, {"eventType": "BatteryOut"}),
        ],
    )
    def test_what_follows_and_what_ends(
        self,
        version: OcppVersion,
        action: str,
        follow_up: str,
        going_on: dict[str, Any] | None,
        ending: dict[str, Any],
    ) -> None:
        memory = InjectionMemory()
        assert not memory.expects(follow_up)
        memory.remember(version, P1, action, {"requestId": 7}, 0)
        assert memory.expects(follow_up)

        expected = [(going_on, False), (ending, True)]
        for payload, last in expected:
            if payload is not None:
                found = memory.follow_up(follow_up, {"requestId": 7, **payload}, 1)
                assert found is not None
                assert (P1, last) == (found[0].message_id, found[1])

    @pytest.mark.parametrize(
        ("action", "payload"),
        [
            ("NotifyReport", {"requestId": 8}),
            ("NotifyReport", {"requestId": "7b"}),
            ("NotifyReport", {}),
            ("NotifyReport", None),
            ("NotifyReport", [7]),
            ("NotifyMonitoringReport", {"requestId": 7}),
            ("Heartbeat", {"requestId": 7}),
        ],
    )
    def test_what_is_not_ours(self, action: str, payload: Any) -> None:
        memory = InjectionMemory()
        memory.remember(V2_1, P1, "GetReport", {"requestId": 7}, 0)

        assert memory.follow_up(action, payload, 1) is None

    @pytest.mark.parametrize("written", [7, 7.0, "7"])
    def test_an_id_is_read_however_it_is_written(self, written: Any) -> None:
        memory = InjectionMemory()
        memory.remember(V2_0_1, P1, "GetReport", {"requestId": 7}, 0)

        assert memory.follow_up("NotifyReport", {"requestId": written}, 1) is not None

    def test_an_id_is_found_in_a_text_that_nobody_can_read(self) -> None:
        memory = InjectionMemory()
        memory.remember(V2_0_1, P1, "GetReport", {"requestId": 7}, 0)
        text = '[2,"r","NotifyReport",{"requestId" : 7,"report'

        found = memory.broken_follow_up("NotifyReport", text, REMEMBER_SECONDS)

        assert found is not None
        assert P1 == found.message_id
        assert memory.broken_follow_up("NotifyReport", text, REMEMBER_SECONDS + 1) is None
        assert memory.broken_follow_up("NotifyEvent", text, 1) is None
        assert memory.broken_follow_up(None, text, 1) is None

    @pytest.mark.parametrize("written", [7.5, "x", "", [7], None])
    def test_what_is_no_id_is_not_ours(self, written: Any) -> None:
        memory = InjectionMemory()
        memory.remember(V2_0_1, P1, "GetReport", {"requestId": 7}, 0)

        assert memory.follow_up("NotifyReport", {"requestId": written}, 1) is None

    def test_they_are_ours_for_a_day_also_after_the_last(self) -> None:
        """A charger repeats what was not answered; an update may be tried again."""
        memory = InjectionMemory()
        memory.remember(V2_1, P1, "GetReport", {"requestId": 7}, 0)

        for now in (1, 2, REMEMBER_SECONDS):
            assert memory.follow_up("NotifyReport", {"requestId": 7}, now) is not None
        assert memory.follow_up("NotifyReport", {"requestId": 7}, REMEMBER_SECONDS + 1) is None

    def test_an_id_that_the_csms_uses_too_is_the_csmss(self) -> None:
        memory = InjectionMemory()
        memory.remember(V2_1, P1, "GetReport", {"requestId": 7}, 0)
        memory.yield_request_id("GetBaseReport", {"requestId": 7})

        assert memory.follow_up("NotifyReport", {"requestId": 7}, 1) is None

    def test_an_id_of_the_csms_is_not_taken(self) -> None:
        """The reports that it waits for must reach it."""
        memory = InjectionMemory()
        memory.yield_request_id("GetBaseReport", {"requestId": 7})
        with pytest.raises(ConflictError):
            memory.remember(V2_1, P2, "GetReport", {"requestId": 7}, 2)

        assert find(memory, P2) is None
        assert memory.follow_up("NotifyReport", {"requestId": 7}, 3) is None

    def test_the_latest_request_with_an_id_owns_what_follows(self) -> None:
        memory = InjectionMemory()
        memory.remember(V2_1, P1, "GetReport", {"requestId": 7}, 0)
        memory.remember(V2_1, P2, "GetReport", {"requestId": 7}, 2)

        found = memory.follow_up("NotifyReport", {"requestId": 7}, 3)
        assert found is not None
        assert P2 == found[0].message_id

    def test_a_request_of_the_csms_with_another_report_changes_nothing(self) -> None:
        memory = InjectionMemory()
        memory.remember(V2_1, P1, "GetReport", {"requestId": 7}, 0)
        for action, payload in [("GetLog", {"requestId": 7}), ("Reset", {}), ("GetReport", None)]:
            memory.yield_request_id(action, payload)

        assert memory.follow_up("NotifyReport", {"requestId": 7}, 1) is not None

    def test_an_id_that_was_used_again_outlives_its_first_request(self) -> None:
        memory = InjectionMemory()
        memory.remember(V2_1, P1, "GetReport", {"requestId": 7}, 0)
        memory.remember(V2_1, P2, "GetReport", {"requestId": 7}, REMEMBER_SECONDS)
        memory.remember(V2_1, an_id(1), "Reset", {}, REMEMBER_SECONDS + 1)

        found = memory.follow_up("NotifyReport", {"requestId": 7}, REMEMBER_SECONDS + 2)

        assert found is not None
        assert P2 == found[0].message_id


class TestUncorrelated:
    """1.6 GetDiagnostics and UpdateFirmware carry no id: a time window, when the owner wants it."""

    def a_memory(self, action: str = "GetDiagnostics", *, on: bool = True) -> InjectionMemory:
        memory = InjectionMemory(swallow_uncorrelated=on)
        memory.remember(V1_6, P1, action, {}, 0)
        return memory

    @pytest.mark.parametrize(
        ("action", "follow_up", "going_on", "ending"),
        [
            ("GetDiagnostics", "DiagnosticsStatusNotification", "Uploading", "Uploaded"),
            ("UpdateFirmware", "FirmwareStatusNotification", "Downloaded", "InstallationFailed"),
        ],
    )
    def test_the_window_ends_with_the_last_status(
        self, action: str, follow_up: str, going_on: str, ending: str
    ) -> None:
        memory = self.a_memory(action)

        lasts = [
            memory.follow_up(follow_up, {"status": status}, 1)
            for status in (going_on, ending, ending)
        ]

        assert [False, True, None] == [found[1] if found else None for found in lasts]
        assert not memory.expects(follow_up)

    def test_without_the_option_notifications_are_forwarded(self) -> None:
        memory = self.a_memory(on=False)

        assert not memory.expects("DiagnosticsStatusNotification")

    def test_the_window_ends_after_an_hour(self) -> None:
        memory = self.a_memory()
        status = {"status": "Uploading"}

        assert memory.follow_up("DiagnosticsStatusNotification", status, UNCORRELATED_SECONDS)
        assert (
            memory.follow_up("DiagnosticsStatusNotification", status, UNCORRELATED_SECONDS + 1)
            is None
        )

    def test_the_csms_s_own_request_ends_the_window(self) -> None:
        memory = self.a_memory()
        memory.yield_request_id("GetDiagnostics", {"location": "ftp://x"})

        assert not memory.expects("DiagnosticsStatusNotification")

    def test_what_was_never_sent_opens_no_window(self) -> None:
        memory = self.a_memory()
        memory.withdraw(MessageId.of(P1))

        assert not memory.expects("DiagnosticsStatusNotification")
