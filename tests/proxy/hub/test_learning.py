"""What is learned from frames that passed: facts, tags, profiles; and whose word counts."""

from typing import Any

import pytest
from tests.proxy.hub.conftest import START, World

from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.learning import learn
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import Call, build_call, build_error, build_result
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.versions import OcppVersion

PROFILE = {
    "connectorId": 1,
    "csChargingProfiles": {
        "chargingProfileId": 7,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10}],
        },
    },
}


class Student:
    """One charger of a hub, and what it and its CSMS say."""

    def __init__(self, world: World) -> None:
        self.charger = world.maker.new_charger("CP1")
        self.tags = world.tags

    def exchange(
        self,
        source: Peer,
        action: str,
        payload: Any,
        answer: Any,
        version: OcppVersion = OcppVersion.V1_6,
    ) -> list[str]:
        """Let an answer of `source` pass; return the names of the news."""
        call = build_call("1", action, payload)
        assert isinstance(call, Call)
        target = Peer.CSMS if source is Peer.CHARGER else Peer.CHARGER
        result = build_result(call.message_id, answer)
        record = Record(source=source, target=target, data=result.text, frame=result, call=call)
        return [event.event for event in self.learn(record, version)]

    def learn(self, record: Record, version: OcppVersion = OcppVersion.V1_6) -> Any:
        return learn(self.charger, record, version, self.tags, START)


@pytest.fixture
def student(world: World) -> Student:
    return Student(world)


@pytest.mark.parametrize(("source", "learned"), [(Peer.CSMS, True), (Peer.PROXY, False)])
async def test_a_tag_is_learned_from_the_csms_not_from_ourselves(
    student: Student, source: Peer, *, learned: bool
) -> None:
    accepted = {"idTagInfo": {"status": "Accepted"}}
    student.exchange(source, "Authorize", {"idTag": "04A1B2C3"}, accepted)

    assert learned is bool(student.tags.take_changes())


@pytest.mark.parametrize(("status", "kept"), [("Accepted", True), ("Rejected", False)])
async def test_an_accepted_profile_is_known(student: Student, status: str, *, kept: bool) -> None:
    empty = student.charger.profiles.dump()
    student.exchange(Peer.CHARGER, "SetChargingProfile", PROFILE, {"status": status})

    assert kept is (empty != student.charger.profiles.dump())


async def test_what_a_clear_names_is_gone_even_if_it_was_not_there(student: Student) -> None:
    empty = student.charger.profiles.dump()
    student.exchange(Peer.CHARGER, "SetChargingProfile", PROFILE, {"status": "Accepted"})
    student.exchange(Peer.CHARGER, "ClearChargingProfile", {"id": 7}, {"status": "Unknown"})

    assert empty == student.charger.profiles.dump()


async def test_a_boot_is_news(student: Student) -> None:
    call = build_call("1", "BootNotification", {"chargePointModel": "Test"})
    record = Record(source=Peer.CHARGER, target=Peer.CSMS, data=call.text, frame=call)

    assert ["boot"] == [event.event for event in student.learn(record)]


@pytest.mark.parametrize("data", ["noise", "[]", '[3,"1"]'])
async def test_what_is_no_frame_teaches_nothing(student: Student, data: str) -> None:
    assert [] == student.learn(Record(source=Peer.CHARGER, target=Peer.CSMS, data=data))


COMM = {"name": "OCPPCommCtrlr"}
TIMEOUT = {"component": COMM, "variable": {"name": "MessageTimeout", "instance": "Default"}}


class TestCallTimeout:
    """A charger's MessageTimeout is our `call_timeout`, now and after a reconnect."""

    @staticmethod
    def waits(world: World, charger: Charger) -> float | None:
        """How long a new connection waits for the answer to a command."""
        conversation = world.maker.conversation(charger, OcppVersion.V2_0_1, Mode.STANDALONE)
        conversation.inject("1", "ClearCache", {}, 0)
        return conversation.deadline

    async def test_the_running_and_the_next_connection_take_it(
        self, world: World, student: Student
    ) -> None:
        charger = student.charger
        charger.conversation = world.maker.conversation(
            charger, OcppVersion.V2_0_1, Mode.STANDALONE
        )
        told = {"getVariableResult": [{**TIMEOUT, "attributeValue": "45"}]}
        student.exchange(Peer.CHARGER, "GetVariables", {}, told, OcppVersion.V2_0_1)
        charger.conversation.inject("1", "ClearCache", {}, 0)

        assert 45 == charger.conversation.deadline
        assert 45 == self.waits(world, charger)

    @pytest.mark.parametrize(("source", "seconds"), [(Peer.CHARGER, 45), (Peer.CSMS, 30)])
    async def test_a_report_tells_it_when_the_charger_sent_it(
        self, world: World, student: Student, source: Peer, seconds: float
    ) -> None:
        item = {**TIMEOUT, "variableAttribute": [{"value": "45"}]}
        call = build_call("1", "NotifyReport", {"reportData": [item]})
        record = Record(source=source, target=Peer.PROXY, data=call.text, frame=call)
        student.learn(record, OcppVersion.V2_0_1)

        assert seconds == self.waits(world, student.charger)

    async def test_what_we_answered_ourselves_tells_nothing(
        self, world: World, student: Student
    ) -> None:
        told = {"getVariableResult": [{**TIMEOUT, "attributeValue": "45"}]}
        student.exchange(Peer.PROXY, "GetVariables", {}, told, OcppVersion.V2_0_1)

        assert 30 == self.waits(world, student.charger)


async def test_a_ping_that_comes_too_late_is_warned_of_once_per_value(
    student: Student, caplog: pytest.LogCaptureFixture
) -> None:
    """J16-E 3.11: WebSocketPingInterval is below attempts x retry interval."""
    keys = {"TransactionMessageAttempts": "3", "TransactionMessageRetryInterval": "10"}
    told = {"configurationKey": [{"key": key, "value": value} for key, value in keys.items()]}
    student.exchange(Peer.CHARGER, "GetConfiguration", {}, told)
    for value in ("20", "60", "60", "90", "20", "60"):
        change = {"key": "WebSocketPingInterval", "value": value}
        student.exchange(Peer.CHARGER, "ChangeConfiguration", change, {"status": "Accepted"})

    assert [
        f"CP1 may lose messages when its connection breaks: it looks at the connection every "
        f"{seconds} s only, but gives a message up after 30 s. A shorter WebSocketPingInterval in "
        "its settings helps; the proxy leaves them alone"
        for seconds in (60, 90)
    ] == caplog.messages


async def test_an_action_that_the_charger_does_not_have_is_known_until_it_has_it(
    student: Student,
) -> None:
    call = build_call("1", "ClearCache", {})
    error = build_error(call.message_id, "NotSupported")
    student.learn(
        Record(source=Peer.CHARGER, target=Peer.CSMS, data=error.text, frame=error, call=call)
    )
    assert "NotSupported" == student.charger.not_offered.get("ClearCache")

    student.exchange(Peer.CHARGER, "ClearCache", {}, {"status": "Rejected"})

    assert student.charger.not_offered.get("ClearCache") is None


@pytest.mark.parametrize(
    ("source", "code"),
    [(Peer.CSMS, "NotImplemented"), (Peer.PROXY, "NotSupported"), (Peer.CHARGER, "GenericError")],
)
async def test_another_error_says_nothing_about_what_the_charger_has(
    student: Student, source: Peer, code: str
) -> None:
    call = build_call("1", "ClearCache", {})
    error = build_error(call.message_id, code)
    student.learn(Record(source=source, target=Peer.PROXY, data=error.text, frame=error, call=call))

    assert student.charger.not_offered.get("ClearCache") is None


async def test_the_answer_to_a_forgotten_call_says_nothing(student: Student) -> None:
    error = build_error(build_call("1", "ClearCache", {}).message_id, "NotSupported")
    record = Record(source=Peer.CHARGER, target=Peer.PROXY, data=error.text, frame=error)

    assert [] == student.learn(record)
