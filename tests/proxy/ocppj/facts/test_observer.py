"""Transcripts of whole charges as chargers send them."""

from datetime import timedelta
from typing import Any

import msgspec
from tests.proxy.ocppj.facts.wire import START, Wire

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.facts import Event, Facts, StartedBy, Status
from oye_proxy.ocppj.frames import MessageId, build_call, build_error, build_result, parse
from oye_proxy.ocppj.versions import OcppVersion


def test_charge_of_a_1_6_wallbox() -> None:
    """Card, cable, charge, stop: one authorization, one start, one end (C16 4.8, 4.10)."""
    wire = Wire(OcppVersion.V1_6)

    booted = wire.charger(
        "BootNotification",
        {
            "chargePointVendor": "Alfen BV",
            "chargePointModel": "NG910-60023",
            "chargePointSerialNumber": "ACE0123456",
            "chargeBoxSerialNumber": "box-1",
            "firmwareVersion": "6.4.1-4210",
            "iccid": "",
            "imsi": "",
            "meterType": "TQ EM420",
            "meterSerialNumber": "70001",
        },
        {"status": "Accepted", "currentTime": "2026-05-04T18:00:00Z", "interval": 900},
    )
    assert ["boot"] == [event.event for event in booted]
    view = wire.facts.view(wire.now)
    assert ("Alfen BV", "NG910-60023", "ACE0123456", "accepted", 900, START) == (
        view.vendor,
        view.model,
        view.serial_number,
        view.boot_state,
        view.heartbeat_interval,
        view.booted_at,
    )

    for number in (0, 1):
        wire.charger("StatusNotification", _status_1_6(number, "Available", wire.later(1)), {})
    assert (Status.AVAILABLE, False, 0.0) == (
        wire.connector().status,
        wire.connector().plugged,
        wire.connector().power_w,
    )

    authorized = wire.charger(
        "Authorize", {"idTag": "04A1B2C3D4"}, {"idTagInfo": {"status": "Accepted"}}
    )
    assert [
        Event(
            "authorization",
            {
                "idTag": "04A1B2C3D4",
                "idTagName": None,
                "status": "Accepted",
                "source": "card",
                "evseId": None,
                "connectorId": None,
            },
        )
    ] == authorized

    wire.charger("StatusNotification", _status_1_6(1, "Preparing", wire.later(5)), {})
    started_at = wire.later(2)
    started = wire.charger(
        "StartTransaction",
        {
            "connectorId": 1,
            "idTag": "04A1B2C3D4",
            "meterStart": 1500000,
            "timestamp": started_at,
        },
        {"transactionId": 8812, "idTagInfo": {"status": "Accepted"}},
    )
    assert ["transaction_started"] == [event.event for event in started]
    assert ("8812", "04A1B2C3D4", "local", 1500000.0, "2026-05-04T18:00:09.000Z") == tuple(
        started[0].data[key]
        for key in ("transactionId", "idTag", "startedBy", "meterStartWh", "startedAt")
    )

    wire.charger("StatusNotification", _status_1_6(1, "Charging", wire.later(1)), {})
    wire.charger(
        "MeterValues",
        {
            "connectorId": 1,
            "transactionId": 8812,
            "meterValue": [
                {
                    "timestamp": wire.later(60),
                    "sampledValue": [
                        {"value": "1500.120", "unit": "kWh"},
                        {"value": "16,02", "measurand": "Current.Import", "phase": "L1"},
                        {"value": "15,98", "measurand": "Current.Import", "phase": "L2"},
                        {"value": "0.01", "measurand": "Current.Import", "phase": "L3"},
                        {"value": "231.0", "measurand": "Voltage", "phase": "L1-N"},
                        {"value": "229.0", "measurand": "Voltage", "phase": "L2-N"},
                        {"value": "0", "measurand": "Voltage", "phase": "L3-N"},
                    ],
                }
            ],
        },
        {},
    )
    charging = wire.connector()
    assert charging.transaction is not None
    assert (1500120.0, 120.0, 16.02, 230.0) == (
        charging.energy_wh,
        charging.transaction.energy_wh,
        charging.samples["Current.Import"].value,
        charging.samples["Voltage"].value,
    )
    assert (round(16.02 * 231 + 15.98 * 229 + 0.01 * 230, 1), False) == (
        charging.power_w,
        charging.power_estimated,
    )
    assert "04A1B2C3D4" == charging.transaction.id_tag
    assert "8812" == wire.facts.open_transaction(1)
    running = wire.facts.connector_of("8812")
    assert running is not None
    assert running.transaction == charging.transaction

    wire.charger("StatusNotification", _status_1_6(1, "SuspendedEV", wire.later(30)), {})
    assert (Status.SUSPENDED_EV, 0.0) == (wire.connector().status, wire.connector().power_w)

    stop = {
        "transactionId": 8812,
        "idTag": "04A1B2C3D4",
        "meterStop": 1507421,
        "timestamp": wire.later(3600),
        "reason": "Local",
        "transactionData": [
            {"timestamp": started_at, "sampledValue": [_register("1500000", "Transaction.Begin")]},
            {"timestamp": wire.later(0), "sampledValue": [_register("1507421", "Transaction.End")]},
        ],
    }
    ended = wire.charger("StopTransaction", stop, {"idTagInfo": {"status": "Accepted"}})
    assert ["transaction_ended"] == [event.event for event in ended]
    assert ("8812", 7421.0, "Local", 1) == tuple(
        ended[0].data[key] for key in ("transactionId", "energyWh", "reason", "evseId")
    )
    assert [] == wire.charger("StopTransaction", stop, {}), "a repetition is no news"
    finished = wire.connector()
    assert finished.transaction is None
    assert finished.last_transaction is not None
    assert (1507421.0, 7421.0) == (finished.energy_wh, finished.last_transaction.energy_wh)
    assert wire.facts.open_transaction(1) is None
    last = wire.facts.connector_of("8812")
    assert last is not None
    assert last.last_transaction == finished.last_transaction
    assert wire.facts.connector_of("8813") is None


def test_charge_of_a_2_0_1_station() -> None:
    """Cable first, then card; the charger makes the ids, the state and the numbers (E01 to E12)."""
    wire = Wire(OcppVersion.V2_0_1)
    wire.charger(
        "BootNotification",
        {
            "reason": "PowerUp",
            "chargingStation": {
                "vendorName": "Wallbox",
                "model": "Pulsar Pro",
                "serialNumber": "998877",
                "firmwareVersion": "6.7.21",
                "modem": {"iccid": "8934", "imsi": "2040"},
            },
        },
        {"status": "Accepted", "currentTime": "2026-05-04T18:00:00Z", "interval": 300},
    )
    wire.charger("StatusNotification", _status_2("Available", wire.later(1)), {})
    wire.charger("StatusNotification", _status_2("Occupied", wire.later(5)), {})
    assert Status.PREPARING is wire.connector().status

    started = wire.charger(
        "TransactionEvent",
        _event_2("Started", 0, wire.later(1), "CablePluggedIn", "EVConnected")
        | {"meterValue": [_meter_value_2(wire.later(0), 812.5, "Transaction.Begin")]},
        {},
    )
    assert ["transaction_started"] == [event.event for event in started]
    assert Status.PREPARING is wire.connector().status

    token = {"idToken": "04AABBCCDDEE80", "type": "ISO14443"}
    wire.charger("Authorize", {"idToken": token}, {"idTokenInfo": {"status": "Accepted"}})
    again = wire.charger(
        "TransactionEvent",
        _event_2("Updated", 1, wire.later(3), "Authorized", "Charging") | {"idToken": token},
        {"idTokenInfo": {"status": "Accepted"}},
    )
    assert [] == again, "the Authorize told of the tag"
    wire.charger(
        "TransactionEvent",
        _event_2("Updated", 3, wire.later(60), "MeterValuePeriodic", None)
        | {"meterValue": [_meter_value_2(wire.later(0), 813.7, "Sample.Periodic", 7.2)]},
        {},
    )
    charging = wire.connector()
    assert charging.transaction is not None
    assert (Status.CHARGING, 7200.0, 813700.0) == (
        charging.status,
        charging.power_w,
        charging.energy_wh,
    )
    assert ("04AABBCCDDEE80", "ISO14443", 1200.0, 3, True, StartedBy.LOCAL) == (
        charging.transaction.id_tag,
        charging.transaction.id_tag_type,
        charging.transaction.energy_wh,
        charging.transaction.seq_no,
        charging.transaction.gap,
        charging.transaction.started_by,
    )

    ended = wire.charger(
        "TransactionEvent",
        _event_2("Ended", 4, wire.later(600), "StopAuthorized", "EVConnected", "Local")
        | {
            "idToken": token,
            "meterValue": [_meter_value_2(wire.later(0), 815.0, "Transaction.End")],
        },
        {"idTokenInfo": {"status": "Accepted"}},
    )
    assert ["transaction_ended"] == [event.event for event in ended]
    assert (2500.0, "Local", True) == tuple(
        ended[0].data[key] for key in ("energyWh", "reason", "gap")
    )
    assert Status.FINISHING is wire.connector().status
    wire.charger("StatusNotification", _status_2("Available", wire.later(20)), {})
    assert Status.AVAILABLE is wire.connector().status


def test_remote_start_of_a_2_1_station_is_attributed() -> None:
    """`remoteStartId` tells whose start it is (F02)."""
    wire = Wire(OcppVersion.V2_1)
    request = {"remoteStartId": 77, "idToken": {"idToken": "auto", "type": "Central"}, "evseId": 2}
    wire.facts.note_remote_start("auto", 77, StartedBy.AUTOMATION, wire.now)
    wire.proxy("RequestStartTransaction", request, {"status": "Accepted"})
    payload = _event_2("Started", 0, wire.later(9), "RemoteStart", "Charging")
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
    wire.charger("StatusNotification", _status_1_6(2, "Charging", wire.later(1)), {})
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
    wire.charger("StatusNotification", _status_1_6(1, "Preparing", wire.later(0)), {})

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


def _status_1_6(connector_id: int, status: str, time: str) -> dict[str, Any]:
    return {
        "connectorId": connector_id,
        "errorCode": "NoError",
        "status": status,
        "timestamp": time,
    }


def _status_2(status: str, time: str) -> dict[str, Any]:
    return {"timestamp": time, "connectorStatus": status, "evseId": 1, "connectorId": 1}


def _register(value: str, context: str) -> dict[str, str]:
    return {
        "value": value,
        "context": context,
        "measurand": "Energy.Active.Import.Register",
        "unit": "Wh",
    }


def _event_2(
    kind: str,
    seq_no: int,
    time: str,
    trigger: str,
    state: str | None,
    reason: str | None = None,
) -> dict[str, Any]:
    info = {"transactionId": "e3b0-1", "chargingState": state, "stoppedReason": reason}
    return {
        "eventType": kind,
        "timestamp": time,
        "triggerReason": trigger,
        "seqNo": seq_no,
        "transactionInfo": {key: value for key, value in info.items() if value},
        "evse": {"id": 1, "connectorId": 1},
    }


def _meter_value_2(
    time: str, kwh: float, context: str, power_kw: float | None = None
) -> dict[str, Any]:
    samples: list[dict[str, Any]] = [
        {
            "value": kwh,
            "context": context,
            "measurand": "Energy.Active.Import.Register",
            "unitOfMeasure": {"unit": "kWh"},
        }
    ]
    if power_kw is not None:
        samples.append(
            {
                "value": power_kw,
                "measurand": "Power.Active.Import",
                "unitOfMeasure": {"unit": "W", "multiplier": 3},
            }
        )
    return {"timestamp": time, "sampledValue": samples}


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
