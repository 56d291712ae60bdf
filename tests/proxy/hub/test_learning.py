"""What is learned from frames that passed: facts, tags, profiles; and whose word counts."""

from typing import Any

import pytest
from tests.proxy.hub.conftest import START, World

from oye_proxy.hub.learning import learn
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import Call, build_call, build_result
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

    def exchange(self, source: Peer, action: str, payload: Any, answer: Any) -> list[str]:
        """Let an answer of `source` pass; return the names of the news."""
        call = build_call("1", action, payload)
        assert isinstance(call, Call)
        target = Peer.CSMS if source is Peer.CHARGER else Peer.CHARGER
        result = build_result(call.message_id, answer)
        record = Record(source=source, target=target, data=result.text, frame=result, call=call)
        return [event.event for event in self.learn(record)]

    def learn(self, record: Record) -> Any:
        return learn(self.charger, record, OcppVersion.V1_6, self.tags, START)


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
