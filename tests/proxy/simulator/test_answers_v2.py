"""Every command of an OCPP 2.x operator; the conftest's operator judges answers by schema."""

from typing import Any

import pytest
from tests.proxy.simulator.conftest import asked, charging, refusal_of, status_of

from oye_proxy.ocppj.frames import CallError, CallResult
from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.clock import START, ManualClock, rfc3339
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.evse import Status
from oye_proxy.simulator.official import official_schemas
from oye_proxy.simulator.vehicle import Vehicle

TOKEN = {"idToken": "A", "type": "ISO14443"}


@pytest.fixture
def charger(charger_v2: SimulatedCharger) -> SimulatedCharger:
    return charger_v2


def profile(purpose: str = "TxDefaultProfile", **others: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Absolute",
        "chargingSchedule": [
            {
                "id": 1,
                "chargingRateUnit": "A",
                "startSchedule": rfc3339(START),
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.5}],
            }
        ],
        **others,
    }


async def test_every_action_of_an_operator_gets_an_answer(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    """An empty payload is a result or a CALLERROR, never silence."""
    for action in sorted(official_schemas().from_csms(charger.settings.version)):
        if not official_schemas().is_send(charger.settings.version, action):
            answer = await csms.command("CP1", action, {})
            assert isinstance(answer, CallResult | CallError)


@pytest.mark.usefixtures("charger")
@pytest.mark.parametrize(
    ("action", "payload", "code"),
    [
        ("Nonsense", {}, "NotImplemented"),
        ("Heartbeat", {}, "NotSupported"),
        ("SetDisplayMessage", {}, "NotSupported"),
        ("Reset", {"type": "Lukewarm"}, "PropertyConstraintViolation"),
        ("Reset", {"type": "Immediate", "more": 1}, "FormatViolation"),
    ],
)
async def test_what_cannot_be_done_is_refused(
    csms: SimulatedCsms, action: str, payload: dict[str, Any], code: str
) -> None:
    """P4 4.3."""
    assert code == await refusal_of(csms, action, payload)


@pytest.mark.usefixtures("charger")
@pytest.mark.parametrize(
    ("action", "payload", "expected"),
    [
        (
            "RequestStartTransaction",
            {"idToken": TOKEN, "remoteStartId": 1, "evseId": 9},
            "Rejected",
        ),
        ("RequestStartTransaction", {"idToken": TOKEN, "remoteStartId": 1}, "Accepted"),
        (
            "RequestStartTransaction",
            {"idToken": TOKEN, "remoteStartId": 1, "chargingProfile": profile()},
            "Rejected",
        ),
        ("RequestStopTransaction", {"transactionId": "9"}, "Rejected"),
        ("UnlockConnector", {"evseId": 1, "connectorId": 1}, "Unlocked"),
        ("UnlockConnector", {"evseId": 1, "connectorId": 2}, "UnknownConnector"),
        ("ChangeAvailability", {"evse": {"id": 9}, "operationalStatus": "Operative"}, "Rejected"),
        ("TriggerMessage", {"requestedMessage": "Heartbeat", "evse": {"id": 9}}, "Rejected"),
        ("TriggerMessage", {"requestedMessage": "StatusNotification"}, "Rejected"),
        ("TriggerMessage", {"requestedMessage": "TransactionEvent"}, "Rejected"),
        ("TriggerMessage", {"requestedMessage": "MeterValues"}, "Accepted"),
        ("TriggerMessage", {"requestedMessage": "LogStatusNotification"}, "Accepted"),
        ("TriggerMessage", {"requestedMessage": "FirmwareStatusNotification"}, "Accepted"),
        ("TriggerMessage", {"requestedMessage": "SignV2GCertificate"}, "NotImplemented"),
        ("ClearChargingProfile", {"chargingProfileId": 9}, "Unknown"),
        ("GetCompositeSchedule", {"evseId": 9, "duration": 60}, "Rejected"),
        ("GetCompositeSchedule", {"evseId": 0, "duration": 60}, "Accepted"),
        ("Reset", {"type": "Immediate", "evseId": 1}, "Rejected"),
        (
            "GetReport",
            {"requestId": 1, "componentVariable": [{"component": {"name": "Nonsense"}}]},
            "EmptyResultSet",
        ),
        ("GetChargingProfiles", {"requestId": 1, "chargingProfile": {}}, "NoProfiles"),
    ],
)
async def test_commands_are_answered_by_what_the_charger_is(
    csms: SimulatedCsms, action: str, payload: dict[str, Any], expected: str
) -> None:
    assert expected == await status_of(csms, action, payload)


@pytest.mark.usefixtures("charger")
@pytest.mark.parametrize(
    ("evse_id", "wish", "reason"),
    [
        (0, profile(), None),
        (9, profile(), "UnknownEvse"),
        (0, profile("ChargingStationMaxProfile"), None),
        (1, profile("ChargingStationMaxProfile"), "InvalidProfile"),
        (0, profile("ChargingStationMaxProfile", chargingProfileKind="Relative"), "InvalidProfile"),
        (0, profile("ChargingStationExternalConstraints"), "InvalidProfile"),
        (1, profile("TxProfile", transactionId="x"), "TxNotFound"),
    ],
)
async def test_a_profile_is_kept_where_it_may_be(
    csms: SimulatedCsms, evse_id: int, wish: dict[str, Any], reason: str | None
) -> None:
    """K01."""
    answer = await asked(csms, "SetChargingProfile", {"evseId": evse_id, "chargingProfile": wish})

    assert reason == answer.get("statusInfo", {}).get("reasonCode")
    assert ("Accepted" if reason is None else "Rejected") == answer["status"]


async def test_a_transaction_profile_shows_in_the_schedule_and_in_the_report(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    running = (await charging(csms, charger)).transaction_id
    wish = profile("TxProfile", transactionId=running)

    assert "Accepted" == await status_of(
        csms, "SetChargingProfile", {"evseId": 1, "chargingProfile": wish}
    )
    default = {"evseId": 0, "chargingProfile": profile(id=2, stackLevel=1)}
    assert "Accepted" == await status_of(csms, "SetChargingProfile", default)
    answer = await asked(csms, "GetCompositeSchedule", {"evseId": 1, "duration": 60})
    assert [{"startPeriod": 0, "limit": 10.5, "numberPhases": 3}] == answer["schedule"][
        "chargingSchedulePeriod"
    ]
    asking = {"requestId": 5, "chargingProfile": {"chargingLimitSource": ["CSO"]}}
    assert "Accepted" == await status_of(csms, "GetChargingProfiles", asking)
    await csms.until(lambda: len(csms.ledger.calls_of("CP1", "ReportChargingProfiles")) == 2)
    reports = csms.ledger.calls_of("CP1", "ReportChargingProfiles")
    assert [True, False] == [report.payload["tbc"] for report in reports]
    assert [wish] == reports[0].payload["chargingProfile"]
    criteria = {"chargingProfileCriteria": {"chargingProfilePurpose": "TxProfile"}}
    assert "Accepted" == await status_of(csms, "ClearChargingProfile", criteria)


async def test_the_profile_of_a_remote_start_limits_its_transaction(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    """F02.FR.19: a TxProfile without transactionId."""
    charger.plug_in(vehicle=Vehicle())
    payload = {
        "idToken": TOKEN,
        "remoteStartId": 77,
        "evseId": 1,
        "chargingProfile": profile("TxProfile"),
    }

    assert "Accepted" == await status_of(csms, "RequestStartTransaction", payload)
    await csms.until(lambda: csms.ledger.calls_of("CP1", "TransactionEvent"))
    charger.charging.refresh()
    assert [10.5] * 3 == charger.charging.evses[0].meter.currents_a
    started = csms.ledger.calls_of("CP1", "TransactionEvent")[0].payload
    assert 77 == started["transactionInfo"]["remoteStartId"]
    assert "RemoteStart" == started["triggerReason"]


async def test_events_are_numbered_without_gaps(
    csms: SimulatedCsms, charger: SimulatedCharger, clock: ManualClock
) -> None:
    """E01.FR.07."""
    await charging(csms, charger)
    clock.advance(30)
    charger.unplug()
    await charger.until(lambda: not charger.waiting)

    [transaction] = csms.ledger.transactions.values()
    events = csms.ledger.calls_of("CP1", "TransactionEvent")
    assert list(range(len(events))) == transaction.seq_nos
    assert ["Started", "Updated", "Updated"] == [each.payload["eventType"] for each in events[:3]]
    assert "Ended" == events[-1].payload["eventType"]


async def test_the_status_of_a_transaction_can_be_asked(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    """E14."""
    running = (await charging(csms, charger)).transaction_id

    own = await asked(csms, "GetTransactionStatus", {"transactionId": running})
    other = await asked(csms, "GetTransactionStatus", {"transactionId": "x"})

    assert {"messagesInQueue": False, "ongoingIndicator": True} == own
    assert {"messagesInQueue": False, "ongoingIndicator": False} == other
    assert {"messagesInQueue": False} == await asked(csms, "GetTransactionStatus", {})


async def test_a_reset_on_idle_waits_for_the_transaction(
    csms: SimulatedCsms, charger: SimulatedCharger, clock: ManualClock
) -> None:
    """B12."""
    await charging(csms, charger)

    assert "Scheduled" == await status_of(csms, "Reset", {"type": "OnIdle"})
    clock.advance(60)
    assert charger.connected
    charger.unplug()
    await charger.until(lambda: not charger.waiting)
    clock.advance(1)
    await charger.until(lambda: not charger.connected)
    clock.advance(5)
    await csms.until(lambda: len(csms.ledger.boots["CP1"]) == 2)

    assert "RemoteReset" == csms.ledger.boots["CP1"][1]["reason"]


async def test_a_transaction_keeps_its_connector_locked(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    """F05.FR.02."""
    await charging(csms, charger)

    assert "OngoingAuthorizedTransaction" == await status_of(
        csms, "UnlockConnector", {"evseId": 1, "connectorId": 1}
    )
    assert "Accepted" == await status_of(
        csms, "TriggerMessage", {"requestedMessage": "TransactionEvent"}
    )


async def test_availability_waits_for_the_end_of_a_transaction(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    """G03, G04."""
    await charging(csms, charger)

    assert "Scheduled" == await status_of(
        csms, "ChangeAvailability", {"operationalStatus": "Inoperative"}
    )
    assert Status.UNAVAILABLE == charger.charging.evses[1].status
    charger.unplug()
    assert Status.UNAVAILABLE == charger.charging.evses[0].status
    assert "Accepted" == await status_of(
        csms, "ChangeAvailability", {"operationalStatus": "Operative", "evse": {"id": 1}}
    )


async def test_the_local_list_has_versions(csms: SimulatedCsms, charger: SimulatedCharger) -> None:
    """D01."""
    entry = {"idToken": TOKEN, "idTokenInfo": {"status": "Accepted"}}
    full = {"versionNumber": 5, "updateType": "Full", "localAuthorizationList": [entry]}
    removal = {
        "versionNumber": 6,
        "updateType": "Differential",
        "localAuthorizationList": [{"idToken": TOKEN}],
    }

    assert "Accepted" == await status_of(csms, "SendLocalList", full)
    assert {"a": "Accepted"} == charger.charging.tags.local_list
    assert {"versionNumber": 5} == await asked(csms, "GetLocalListVersion", {})
    assert "Accepted" == await status_of(csms, "SendLocalList", removal)
    assert "VersionMismatch" == await status_of(csms, "SendLocalList", removal)
    assert {} == charger.charging.tags.local_list


async def test_a_reservation_is_told_when_it_expires(
    csms: SimulatedCsms, charger: SimulatedCharger, clock: ManualClock
) -> None:
    """H01, H04."""
    expiry = rfc3339(clock.now().replace(hour=1))
    wish = {"id": 4, "expiryDateTime": expiry, "idToken": TOKEN, "evseId": 1}

    assert "Accepted" == await status_of(csms, "ReserveNow", wish)
    assert "Occupied" == await status_of(csms, "ReserveNow", {**wish, "id": 5})
    assert "Rejected" == await status_of(csms, "ReserveNow", {**wish, "evseId": 9})
    await csms.until(lambda: csms.ledger.statuses["CP1", 1] == "Reserved")
    clock.advance(3600)
    await csms.until(lambda: csms.ledger.calls_of("CP1", "ReservationStatusUpdate"))

    assert Status.AVAILABLE == charger.charging.evses[0].status
    assert "Accepted" == await status_of(csms, "ReserveNow", {**wish, "evseId": 2, "id": 6})
    assert "Accepted" == await status_of(csms, "CancelReservation", {"reservationId": 6})


@pytest.mark.parametrize(
    ("action", "payload", "follow_up", "statuses"),
    [
        (
            "GetLog",
            {
                "logType": "SecurityLog",
                "requestId": 3,
                "log": {"remoteLocation": "ftp://127.0.0.1/"},
            },
            "LogStatusNotification",
            ["Uploading", "Uploaded"],
        ),
        (
            "UpdateFirmware",
            {
                "requestId": 3,
                "firmware": {
                    "location": "ftp://127.0.0.1/fw",
                    "retrieveDateTime": rfc3339(START),
                },
            },
            "FirmwareStatusNotification",
            ["Downloading", "Downloaded", "Installing", "Installed"],
        ),
    ],
)
async def test_long_work_is_told_step_by_step(
    csms: SimulatedCsms,
    charger: SimulatedCharger,
    clock: ManualClock,
    action: str,
    payload: dict[str, Any],
    follow_up: str,
    statuses: list[str],
) -> None:
    assert "Accepted" == await status_of(csms, action, payload)
    clock.advance(5 * len(statuses))
    await charger.until(lambda: not charger.waiting)

    told = [call.payload for call in csms.ledger.calls_of("CP1", follow_up)]
    assert statuses == [each["status"] for each in told]
    assert {3} == {each["requestId"] for each in told}
