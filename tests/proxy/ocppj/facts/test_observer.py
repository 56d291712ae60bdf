"""What the facts read of frames: who started, what a restart keeps, what the owner is shown."""

from datetime import timedelta

import msgspec
from tests.proxy.ocppj.facts.wire import Wire, event_2, status_1_6

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.facts import Facts, StartedBy
from oye_proxy.ocppj.frames import MessageId, build_call, build_error, build_result, parse
from oye_proxy.ocppj.versions import OcppVersion


def test_remote_start_of_a_2_1_station_is_attributed() -> None:
    """`remoteStartId` tells whose start it is (F02)."""
    wire = Wire(OcppVersion.V2_1)
    request = {"remoteStartId": 77, "idToken": {"idToken": "auto", "type": "Central"}, "evseId": 2}
    wire.facts.note_remote_start("auto", 77, StartedBy.AUTOMATION, wire.now)
    wire.proxy("RequestStartTransaction", request, {"status": "Accepted"})
    payload = event_2("Started", 0, wire.later(9), "RemoteStart", "Charging")
    payload["evse"] = {"id": 2, "connectorId": 1}
    payload["transactionInfo"]["remoteStartId"] = 77

    started = wire.charger("TransactionEvent", payload, {})

    assert ("automation", 2, 77) == tuple(
        started[0].data[key] for key in ("startedBy", "evseId", "remoteStartId")
    )


def test_starts_are_attributed_to_who_sent_the_remote_start() -> None:
    """The CSMS is the operator, an injection the owner, nobody a local tag (section 14)."""
    cases: list[tuple[Peer | None, str]] = [
        (Peer.CSMS, "operator"),
        (Peer.PROXY, "owner"),
        (None, "local"),
    ]
    for source, expected in cases:
        wire = Wire(OcppVersion.V1_6)
        if source is Peer.CSMS:
            wire.csms("RemoteStartTransaction", {"idTag": "abcdef"}, {"status": "Accepted"})
        elif source is Peer.PROXY:
            wire.proxy("RemoteStartTransaction", {"idTag": "abcdef"}, {"status": "Accepted"})
        wire.later(20)

        events = wire.charger(
            "StartTransaction",
            {"connectorId": 1, "idTag": "ABCDEF", "meterStart": 0, "timestamp": "x"},
            {"transactionId": 5, "idTagInfo": {"status": "Accepted"}},
        )

        source_of_tag = "start" if source is None else "remote"
        assert [source_of_tag, expected] == [events[0].data["source"], events[1].data["startedBy"]]


def test_a_refused_remote_start_explains_nothing() -> None:
    wire = Wire(OcppVersion.V1_6)
    wire.csms("RemoteStartTransaction", {"idTag": "abcdef"}, {"status": "Rejected"})

    events = wire.charger(
        "StartTransaction",
        {"connectorId": 1, "idTag": "abcdef", "meterStart": 0},
        {"transactionId": 5, "idTagInfo": {"status": "Accepted"}},
    )

    assert "local" == events[1].data["startedBy"]


def test_an_answer_counts_only_when_the_charger_gave_or_got_it() -> None:
    """What the CSMS says to a replay ends at the proxy."""
    wire = Wire(OcppVersion.V1_6)
    call = build_call("1", "BootNotification", {})
    result = build_result(call.message_id, {"status": "Rejected", "interval": 1})
    for source, target in ((Peer.CSMS, Peer.PROXY), (Peer.CHARGER, Peer.CSMS)):
        wire.observe(
            Record(source=source, target=target, data=result.text, frame=result, call=call)
        )

    assert "unknown" == wire.facts.view(wire.now).boot_state


def test_frames_without_facts_move_last_seen_alone() -> None:
    wire = Wire(OcppVersion.V2_1)
    error = build_error(MessageId.of("1"), "InternalError")
    frames = [
        error,
        parse('[6,"1","NotifyPeriodicEventStream",{}]'),
        build_call("1", "Heartbeat", {}),
        None,
    ]
    for frame in frames:
        wire.later(1)
        record = Record(source=Peer.CHARGER, target=Peer.CSMS, data="", frame=frame)
        assert [] == wire.observe(record)
    assert wire.now == wire.facts.view(wire.now).last_seen

    wire.observe(Record(source=Peer.CSMS, target=Peer.CHARGER, data="", frame=error))
    wire.later(5)
    assert wire.now > (wire.facts.view(wire.now).last_seen or wire.now)


def test_a_restart_keeps_statuses_and_open_transactions() -> None:
    """OCPP behaviour, section 12: last status per connector, open transactions, boot state."""
    wire = Wire(OcppVersion.V1_6)
    wire.charger(
        "BootNotification",
        {"chargePointVendor": "V", "chargePointModel": "M"},
        {"status": "Accepted", "interval": 60},
    )
    wire.charger("StatusNotification", status_1_6(2, "Charging", wire.later(1)), {})
    wire.charger(
        "StartTransaction",
        {"connectorId": 2, "idTag": "04A1B2C3D4", "meterStart": 100, "timestamp": wire.later(1)},
        {"transactionId": 9, "idTagInfo": {"status": "Accepted"}},
    )
    dump = wire.facts.dump()

    restored = Wire(OcppVersion.V1_6, Facts.restore(dump))

    assert dump == restored.facts.dump()
    ended = restored.charger(
        "StopTransaction", {"transactionId": 9, "meterStop": 350, "timestamp": wire.later(1)}, {}
    )
    assert (250.0, 2, "04A1B2C3D4") == (
        ended[0].data["energyWh"],
        ended[0].data["evseId"],
        ended[0].data["idTag"],
    )
    assert [] == Wire(OcppVersion.V1_6, Facts.restore(restored.facts.dump())).charger(
        "StopTransaction", {"transactionId": 9, "meterStop": 350}, {}
    )


def test_a_dump_that_cannot_be_read_is_no_dump() -> None:
    for data in (b"", b"\xff", b"[]", b'{"connectors": 5, "bootState": "odd"}'):
        assert Facts().dump() == Facts.restore(data).dump()


def test_json_of_the_view() -> None:
    """The keys that the live contract promises."""
    wire = Wire(OcppVersion.V1_6)
    wire.charger("StatusNotification", status_1_6(1, "Preparing", wire.later(0)), {})

    shown = msgspec.json.decode(msgspec.json.encode(wire.facts.view(wire.now)))

    assert {
        "ocppVersion",
        "vendor",
        "model",
        "serialNumber",
        "firmwareVersion",
        "iccid",
        "imsi",
        "meterType",
        "meterSerialNumber",
        "bootState",
        "bootedAt",
        "bootReason",
        "heartbeatInterval",
        "lastSeen",
        "firmwareStatus",
        "logStatus",
        "supportedFeatureProfiles",
        "connectorCount",
        "ratedPowerW",
        "ratedCurrentA",
        "fault",
        "status",
        "statusSince",
        "errorCode",
        "vendorErrorCode",
        "vendorId",
        "info",
        "availability",
        "limit",
        "localListVersion",
        "reservations",
        "samples",
        "connectors",
    } == set(shown)
    assert {
        "evseId": 1,
        "connectorId": 1,
        "status": "Preparing",
        "statusSince": "2026-05-04T18:00:00Z",
        "plugged": True,
        "errorCode": "NoError",
        "vendorErrorCode": None,
        "vendorId": None,
        "info": None,
        "availability": "operative",
        "socket": None,
        "powerW": None,
        "powerEstimated": False,
        "energyWh": None,
        "samples": {},
        "limit": None,
        "transaction": None,
        "lastTransaction": None,
    } == shown["connectors"][0]


def test_values_that_come_faster_than_anybody_looks_are_not_lost() -> None:
    """The newest counts when somebody looks, and before a stop is read."""
    wire = Wire(OcppVersion.V1_6)
    for register in (1000, 1001, 1002):
        wire.now += timedelta(milliseconds=1)
        wire.charger(
            "MeterValues",
            {
                "connectorId": 1,
                "meterValue": [
                    {"timestamp": wire.now.isoformat(), "sampledValue": [{"value": str(register)}]}
                ],
            },
            {},
        )

    assert 1002.0 == wire.connector().energy_wh
