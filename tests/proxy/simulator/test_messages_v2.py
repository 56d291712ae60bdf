"""Every CALL of a 2.x charger keeps to its official schema; the numbers say what happened."""

from uuid import UUID

import pytest

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.clock import START, ManualClock
from oye_proxy.simulator.device_model import Variable
from oye_proxy.simulator.evse import Authorization, Evse, Reading, Sample, Transaction
from oye_proxy.simulator.exchange import Outgoing, Payload
from oye_proxy.simulator.identity import ChargerSimulation
from oye_proxy.simulator.messages_v2 import MessagesV2
from oye_proxy.simulator.official import official_schemas
from oye_proxy.simulator.vehicle import Meter, Offer, Vehicle

SAMPLE = Sample(
    START,
    "Sample.Periodic",
    (
        Reading("Energy.Active.Import.Register", 1234.5, "Wh", None, "Outlet"),
        Reading("Voltage", 230.1, "V", "L1-N"),
    ),
)


@pytest.fixture
def messages() -> MessagesV2:
    return MessagesV2(
        ChargerSimulation(charge_point_id="CP1" * 20),
        ManualClock(),
        new_id=lambda: UUID(int=7),
        is_online=lambda: False,
    )


@pytest.fixture
def evse() -> Evse:
    return Evse(
        1,
        now=START,
        meter=Meter(register_wh=1000, seed=1),
        limiter=lambda _evse, _at: Offer(32, 3),
    )


@pytest.fixture
def transaction() -> Transaction:
    return Transaction(
        transaction_id="", id_tag="A", started_at=START, meter_start_wh=1000, begin=SAMPLE
    )


def built(outgoing: Outgoing) -> Payload:
    payload = outgoing.build()
    for version in (OcppVersion.V2_0_1, OcppVersion.V2_1):
        assert official_schemas().validate_call(version, outgoing.action, payload) is None
    return payload


def test_simple_messages_keep_to_their_schema(messages: MessagesV2, evse: Evse) -> None:
    profile = {
        "id": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": [
            {
                "id": 1,
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6.0}],
            }
        ],
    }
    variable = Variable(component="EVSE", name="Power", evse_id=1, unit="W").describe()
    for outgoing in (
        messages.boot("PowerUp"),
        messages.heartbeat(),
        messages.status(evse),
        messages.authorize("A"),
        messages.firmware_status("Idle"),
        messages.firmware_status("Installed", 3),
        messages.log_status("Idle"),
        messages.log_status("Uploaded", 3),
        messages.reservation_ended(4, "Expired"),
        messages.metered(evse, None, SAMPLE),
        *messages.report(3, [[variable], [variable]]),
        *messages.customer_information(3, ["a", "b"]),
        *messages.charging_profiles(3, {0: [profile], 1: [profile]}),
    ):
        built(outgoing)
        assert not outgoing.transactional
    assert [] == messages.charger_status()


def test_a_connector_is_occupied_by_a_car_not_by_a_tag(messages: MessagesV2, evse: Evse) -> None:
    seen = [messages.status_word(evse)]
    evse.authorization = Authorization("A")
    seen.append(messages.status_word(evse))
    evse.vehicle = Vehicle()
    seen.append(messages.status_word(evse))
    evse.fault = "GroundFailure"
    seen.append(messages.status_word(evse))

    assert ["Available", "Available", "Occupied", "Faulted"] == seen


def test_a_transaction_is_a_numbered_row_of_events(
    messages: MessagesV2, evse: Evse, transaction: Transaction
) -> None:
    """E01, E02: the charger chooses the id and numbers its events from 0."""
    transaction.reservation_id = 4
    evse.transaction = transaction
    events = [
        *messages.started(evse, transaction),
        messages.metered(evse, transaction, SAMPLE),
        messages.ended(evse, transaction, "Local", "A", SAMPLE),
    ]
    payloads = [built(event) for event in events]

    assert all(event.transactional for event in events)
    assert [0, 1, 2, 3] == [payload["seqNo"] for payload in payloads]
    assert {str(UUID(int=7))} == {each["transactionInfo"]["transactionId"] for each in payloads}
    assert ["Authorized", "ChargingStateChanged", "MeterValuePeriodic", "StopAuthorized"] == [
        payload["triggerReason"] for payload in payloads
    ]
    assert 4 == payloads[0]["reservationId"]
    assert {"idToken": "A", "type": "ISO14443"} == payloads[0]["idToken"] == payloads[3]["idToken"]
    assert all(payload["offline"] for payload in payloads)
    assert 1234.5 == payloads[2]["meterValue"][0]["sampledValue"][0]["value"]


@pytest.mark.parametrize(
    ("reason", "trigger", "state"),
    [
        ("Remote", "RemoteStop", "EVConnected"),
        ("EVDisconnected", "EVCommunicationLost", "Idle"),
        ("DeAuthorized", "Deauthorized", "EVConnected"),
        ("ImmediateReset", "ResetCommand", "EVConnected"),
        ("Other", "AbnormalCondition", "EVConnected"),
    ],
)
def test_the_end_says_why(
    messages: MessagesV2,
    evse: Evse,
    transaction: Transaction,
    reason: str,
    trigger: str,
    state: str,
) -> None:
    transaction.remote_start_id = 9
    transaction.begin = None
    nothing = Sample(START, "Transaction.End", ())
    payload = built(messages.ended(evse, transaction, reason, None, nothing))

    assert trigger == payload["triggerReason"]
    assert state == payload["transactionInfo"]["chargingState"]
    assert reason == payload["transactionInfo"]["stoppedReason"]
    assert 9 == payload["transactionInfo"]["remoteStartId"]
    assert "meterValue" not in payload


def test_the_answer_to_a_start_changes_nothing_but_tells_the_tag(
    messages: MessagesV2, transaction: Transaction
) -> None:
    messages.learn_started(transaction, {"idTokenInfo": {"status": "Blocked"}})

    assert "" == transaction.transaction_id
    assert "Blocked" == messages.tag_status({"idTokenInfo": {"status": "Blocked"}})
    assert messages.tag_status({}) is None
