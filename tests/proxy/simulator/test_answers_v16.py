"""Every command of an OCPP 1.6 operator; the conftest's operator judges answers by schema."""

from typing import Any

import pytest
from tests.proxy.simulator.conftest import (
    MakeCharger,
    asked,
    booted,
    charging,
    refusal_of,
    status_of,
)

from oye_proxy.ocppj.frames import CallError, CallResult
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.clock import START, ManualClock, rfc3339
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.evse import Status
from oye_proxy.simulator.official import official_schemas
from oye_proxy.simulator.vehicle import Vehicle


@pytest.fixture
async def charger(make_charger: MakeCharger) -> SimulatedCharger:
    return await booted(make_charger(OcppVersion.V1_6, connectors=2))


def profile(purpose: str = "TxDefaultProfile", **others: Any) -> dict[str, Any]:
    return {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Absolute",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "startSchedule": rfc3339(START),
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.5}],
        },
        **others,
    }


@pytest.mark.usefixtures("charger")
async def test_every_action_of_an_operator_gets_an_answer(csms: SimulatedCsms) -> None:
    """An empty payload is a result or a CALLERROR, never silence."""
    for action in sorted(official_schemas().from_csms(OcppVersion.V1_6)):
        answer = await csms.command("CP1", action, {})
        assert isinstance(answer, CallResult | CallError)


@pytest.mark.usefixtures("charger")
@pytest.mark.parametrize(
    ("action", "payload", "code"),
    [
        ("Nonsense", {}, "NotImplemented"),
        ("Heartbeat", {}, "NotSupported"),
        ("SignedUpdateFirmware", {}, "NotSupported"),
        ("Reset", {"type": "Lukewarm"}, "PropertyConstraintViolation"),
        ("Reset", {}, "ProtocolError"),
        ("Reset", {"type": "Soft", "more": 1}, "FormationViolation"),
    ],
)
async def test_what_cannot_be_done_is_refused(
    csms: SimulatedCsms, action: str, payload: dict[str, Any], code: str
) -> None:
    """J16 4.2.3."""
    assert code == await refusal_of(csms, action, payload)


@pytest.mark.usefixtures("charger")
@pytest.mark.parametrize(
    ("action", "payload", "expected"),
    [
        ("ChangeConfiguration", {"key": "CpoName", "value": "me"}, "Accepted"),
        ("ChangeConfiguration", {"key": "Nonsense", "value": "1"}, "NotSupported"),
        ("RemoteStartTransaction", {"idTag": "A", "connectorId": 9}, "Rejected"),
        ("RemoteStartTransaction", {"idTag": "A"}, "Accepted"),
        (
            "RemoteStartTransaction",
            {"idTag": "A", "chargingProfile": profile("TxDefaultProfile")},
            "Rejected",
        ),
        ("RemoteStopTransaction", {"transactionId": 9}, "Rejected"),
        ("UnlockConnector", {"connectorId": 1}, "Unlocked"),
        ("UnlockConnector", {"connectorId": 9}, "NotSupported"),
        ("ChangeAvailability", {"connectorId": 9, "type": "Operative"}, "Rejected"),
        ("TriggerMessage", {"requestedMessage": "Heartbeat", "connectorId": 9}, "Rejected"),
        ("TriggerMessage", {"requestedMessage": "MeterValues"}, "Accepted"),
        ("TriggerMessage", {"requestedMessage": "StatusNotification"}, "Accepted"),
        ("TriggerMessage", {"requestedMessage": "DiagnosticsStatusNotification"}, "Accepted"),
        ("TriggerMessage", {"requestedMessage": "FirmwareStatusNotification"}, "Accepted"),
        ("ExtendedTriggerMessage", {"requestedMessage": "LogStatusNotification"}, "Accepted"),
        (
            "ExtendedTriggerMessage",
            {"requestedMessage": "SignChargePointCertificate"},
            "NotImplemented",
        ),
        ("ClearChargingProfile", {}, "Unknown"),
        ("GetCompositeSchedule", {"connectorId": 9, "duration": 60}, "Rejected"),
        ("GetCompositeSchedule", {"connectorId": 0, "duration": 60}, "Accepted"),
    ],
)
async def test_commands_are_answered_by_what_the_charger_is(
    csms: SimulatedCsms, action: str, payload: dict[str, Any], expected: str
) -> None:
    assert expected == await status_of(csms, action, payload)


@pytest.mark.usefixtures("charger")
@pytest.mark.parametrize(
    ("connector_id", "wish", "expected"),
    [
        (0, profile(), "Accepted"),
        (9, profile(), "Rejected"),
        (0, profile("ChargePointMaxProfile"), "Accepted"),
        (1, profile("ChargePointMaxProfile"), "Rejected"),
        (0, profile("ChargePointMaxProfile", chargingProfileKind="Relative"), "Rejected"),
        (0, profile("TxProfile"), "Rejected"),
        (1, profile("TxProfile"), "Rejected"),
        (1, profile(stackLevel=11), "Rejected"),
    ],
)
async def test_a_profile_is_kept_where_it_may_be(
    csms: SimulatedCsms, connector_id: int, wish: dict[str, Any], expected: str
) -> None:
    """C16 3.13.1, 5.16."""
    assert expected == await status_of(
        csms, "SetChargingProfile", {"connectorId": connector_id, "csChargingProfiles": wish}
    )


async def test_a_transaction_profile_needs_the_running_transaction(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    """C16 3.13.1."""
    running = int((await charging(csms, charger)).transaction_id)
    other, own = (
        {"connectorId": 1, "csChargingProfiles": profile("TxProfile", transactionId=number)}
        for number in (running + 1, running)
    )

    assert "Rejected" == await status_of(csms, "SetChargingProfile", other)
    assert "Accepted" == await status_of(csms, "SetChargingProfile", own)
    schedule = await asked(csms, "GetCompositeSchedule", {"connectorId": 1, "duration": 60})
    assert [{"startPeriod": 0, "limit": 10.5, "numberPhases": 3}] == schedule["chargingSchedule"][
        "chargingSchedulePeriod"
    ]
    assert "Accepted" == await status_of(
        csms, "ClearChargingProfile", {"connectorId": 1, "chargingProfilePurpose": "TxProfile"}
    )


async def test_the_profile_of_a_remote_start_limits_its_transaction(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    """C16-E 3.41: a TxProfile without transactionId."""
    charger.plug_in(vehicle=Vehicle())
    payload = {"idTag": "A", "connectorId": 1, "chargingProfile": profile("TxProfile")}

    assert "Accepted" == await status_of(csms, "RemoteStartTransaction", payload)
    await charger.until(lambda: charger.charging.evses[0].transaction)
    charger.charging.refresh()
    assert [10.5] * 3 == charger.charging.evses[0].meter.currents_a


async def test_get_configuration_tells_all_or_the_asked(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    everything = await asked(csms, "GetConfiguration", {})
    one = await asked(csms, "GetConfiguration", {"key": ["NumberOfConnectors", "Nonsense"]})

    assert len(everything["configurationKey"]) > 17
    assert "2" == one["configurationKey"][0]["value"]
    assert ["Nonsense"] == one["unknownKey"]
    assert charger.accepted


async def test_changed_intervals_act(
    csms: SimulatedCsms, charger: SimulatedCharger, clock: ManualClock
) -> None:
    await status_of(csms, "ChangeConfiguration", {"key": "HeartbeatInterval", "value": "7"})
    clock.advance(7)

    await csms.until(lambda: csms.ledger.calls_of("CP1", "Heartbeat"))
    assert charger.accepted


async def test_a_new_password_is_used_at_once(
    csms: SimulatedCsms, charger: SimulatedCharger, clock: ManualClock
) -> None:
    """SW A01: the charger reconnects with the new AuthorizationKey."""
    secret = b"\x01" * 16
    payload = {"key": "AuthorizationKey", "value": secret.hex()}

    assert "Accepted" == await status_of(csms, "ChangeConfiguration", payload)
    await charger.until(lambda: not charger.connected)
    clock.advance(5)
    await csms.until(lambda: "CP1" in csms.connections)

    request = csms.connections["CP1"].websocket.request
    assert request is not None
    assert "Basic Q1AxOgEBAQ" == request.headers["Authorization"][:16]


async def test_availability_waits_for_the_end_of_a_transaction(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    """C16 5.2."""
    await charging(csms, charger)
    whole = {"connectorId": 0, "type": "Inoperative"}

    assert "Scheduled" == await status_of(csms, "ChangeAvailability", whole)
    assert Status.UNAVAILABLE == charger.charging.evses[1].status
    charger.unplug()
    assert Status.UNAVAILABLE == charger.charging.evses[0].status
    assert "Accepted" == await status_of(
        csms, "ChangeAvailability", {"connectorId": 0, "type": "Operative"}
    )
    await csms.until(lambda: csms.ledger.statuses["CP1", 1] == "Available")


async def test_unlocking_ends_the_transaction(
    csms: SimulatedCsms, charger: SimulatedCharger
) -> None:
    await charging(csms, charger)

    assert "Unlocked" == await status_of(csms, "UnlockConnector", {"connectorId": 1})
    await csms.until(lambda: next(iter(csms.ledger.transactions.values())).ended)
    assert ["UnlockCommand"] == [each.reason for each in csms.ledger.transactions.values()]


async def test_the_local_list_has_versions(csms: SimulatedCsms, charger: SimulatedCharger) -> None:
    """C16 5.15."""
    entry = {"idTag": "A", "idTagInfo": {"status": "Accepted"}}
    full = {"listVersion": 5, "updateType": "Full", "localAuthorizationList": [entry]}
    removal = {
        "listVersion": 6,
        "updateType": "Differential",
        "localAuthorizationList": [{"idTag": "A"}],
    }

    assert "Accepted" == await status_of(csms, "SendLocalList", full)
    assert {"a": "Accepted"} == charger.charging.tags.local_list
    assert {"listVersion": 5} == await asked(csms, "GetLocalListVersion", {})
    assert "Accepted" == await status_of(csms, "SendLocalList", removal)
    assert "VersionMismatch" == await status_of(csms, "SendLocalList", removal)
    assert {} == charger.charging.tags.local_list


async def test_a_reservation_keeps_others_away_until_it_expires(
    csms: SimulatedCsms, charger: SimulatedCharger, clock: ManualClock
) -> None:
    """C16 5.13."""
    expiry = rfc3339(clock.now().replace(hour=1))
    wish = {"connectorId": 1, "reservationId": 4, "idTag": "VIP", "expiryDate": expiry}

    assert "Accepted" == await status_of(csms, "ReserveNow", wish)
    assert Status.RESERVED == charger.charging.evses[0].status
    assert "Accepted" == await status_of(csms, "ReserveNow", wish), "the same id renews it"
    assert "Occupied" == await status_of(csms, "ReserveNow", {**wish, "reservationId": 5})
    assert "Rejected" == await status_of(csms, "ReserveNow", {**wish, "connectorId": 9})
    stranger = {"idTag": "A", "connectorId": 1}
    assert "Rejected" == await status_of(csms, "RemoteStartTransaction", stranger)
    clock.advance(3600)
    await csms.until(lambda: csms.ledger.statuses["CP1", 1] == "Available")


async def test_a_reservation_ends_with_its_start_or_its_cancellation(
    csms: SimulatedCsms, charger: SimulatedCharger, clock: ManualClock
) -> None:
    expiry = rfc3339(clock.now().replace(hour=1))
    wish = {"connectorId": 0, "reservationId": 4, "idTag": "VIP", "expiryDate": expiry}

    assert "Accepted" == await status_of(csms, "ReserveNow", wish)
    assert "Accepted" == await status_of(csms, "CancelReservation", {"reservationId": 4})
    await status_of(csms, "ReserveNow", wish)
    charger.plug_in()
    charger.present_tag("VIP", 1)
    await csms.until(lambda: csms.ledger.calls_of("CP1", "StartTransaction"))

    assert 4 == csms.ledger.calls_of("CP1", "StartTransaction")[0].payload["reservationId"]


@pytest.mark.parametrize(
    ("action", "payload", "follow_up", "statuses"),
    [
        (
            "GetDiagnostics",
            {"location": "ftp://127.0.0.1/"},
            "DiagnosticsStatusNotification",
            ["Uploading", "Uploaded"],
        ),
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
            {"location": "ftp://127.0.0.1/fw", "retrieveDate": rfc3339(START)},
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
    await asked(csms, action, payload)
    clock.advance(5 * len(statuses))
    await charger.until(lambda: not charger.waiting)

    told = [call.payload["status"] for call in csms.ledger.calls_of("CP1", follow_up)]
    assert statuses == told
