"""Every CALL of a 1.6 charger keeps to its official schema; the numbers say what happened."""

import pytest

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.clock import START, ManualClock
from oye_proxy.simulator.evse import Evse, Reading, Sample, Transaction
from oye_proxy.simulator.exchange import Outgoing, Payload
from oye_proxy.simulator.identity import ChargerSimulation
from oye_proxy.simulator.messages_v16 import MessagesV16
from oye_proxy.simulator.official import official_schemas
from oye_proxy.simulator.vehicle import Meter, Offer, Vehicle

ENERGY = Reading("Energy.Active.Import.Register", 1234567.8, "Wh", None, "Outlet")
SAMPLE = Sample(
    START,
    "Transaction.End",
    (ENERGY, Reading("Frequency", 50.0, "Hertz"), Reading("Voltage", 230.1, "V", "L1-N")),
)


@pytest.fixture
def messages() -> MessagesV16:
    return MessagesV16(ChargerSimulation(charge_point_id="CP1" * 20), ManualClock())


@pytest.fixture
def evse() -> Evse:
    outlet = Evse(
        1,
        now=START,
        meter=Meter(register_wh=1000.4, seed=1),
        limiter=lambda _evse, _at: Offer(32, 3),
    )
    outlet.vehicle = Vehicle()
    return outlet


@pytest.fixture
def transaction() -> Transaction:
    return Transaction(
        transaction_id="", id_tag="A", started_at=START, meter_start_wh=1000.4, begin=SAMPLE
    )


def built(outgoing: Outgoing) -> Payload:
    payload = outgoing.build()
    violation = official_schemas().validate_call(OcppVersion.V1_6, outgoing.action, payload)
    assert violation is None
    return payload


def test_simple_messages_keep_to_their_schema(messages: MessagesV16, evse: Evse) -> None:
    for outgoing in (
        messages.boot("PowerUp"),
        messages.heartbeat(),
        messages.status(evse),
        *messages.charger_status(),
        messages.authorize("A"),
        messages.firmware_status("Idle"),
        messages.firmware_status("Idle", 3),
        messages.diagnostics_status("Idle"),
        messages.log_status("Idle", 3),
        messages.log_status("Idle", None),
    ):
        built(outgoing)
        assert not outgoing.transactional


@pytest.mark.parametrize(
    ("fault", "code"), [("GroundFailure", "GroundFailure"), ("Gremlins", "OtherError")]
)
def test_a_fault_has_a_code_that_1_6_knows(
    messages: MessagesV16, evse: Evse, fault: str, code: str
) -> None:
    """C16 7.6."""
    before = messages.status_word(evse)
    evse.fault = fault

    assert code == built(messages.status(evse))["errorCode"]
    assert before != messages.status_word(evse)


def test_an_id_that_comes_late_is_in_what_is_sent_later(
    messages: MessagesV16, evse: Evse, transaction: Transaction
) -> None:
    """StopTransaction and MeterValues may be queued before StartTransaction is answered."""
    evse.transaction = transaction
    metered = messages.metered(evse, transaction, SAMPLE)
    ended = messages.ended(evse, transaction, "Local", "A", SAMPLE)
    assert -1 == built(ended)["transactionId"]

    messages.learn_started(transaction, {"transactionId": 42})

    assert 42 == built(metered)["transactionId"]
    assert 42 == built(ended)["transactionId"]
    assert metered.transactional
    assert ended.transactional


def test_without_an_answer_the_id_is_minus_one(
    messages: MessagesV16, evse: Evse, transaction: Transaction
) -> None:
    """C16-E 3.18."""
    messages.learn_started(transaction, None)

    assert -1 == built(messages.ended(evse, transaction, "Local", None, SAMPLE))["transactionId"]


def test_values_are_texts_and_hertz_has_no_unit(messages: MessagesV16, evse: Evse) -> None:
    """C16 7.43: no unit Hertz before the errata."""
    payload = built(messages.metered(evse, None, SAMPLE))
    energy, frequency, voltage = payload["meterValue"][0]["sampledValue"]

    assert "transactionId" not in payload
    assert ("1234567.8", "Wh", "Outlet") == (energy["value"], energy["unit"], energy["location"])
    assert "unit" not in frequency
    assert "L1-N" == voltage["phase"]


def test_a_transaction_is_told_in_whole_watt_hours(
    messages: MessagesV16, evse: Evse, transaction: Transaction
) -> None:
    transaction.reservation_id = 4
    [started] = messages.started(evse, transaction)
    payload = built(started)

    assert 1000 == payload["meterStart"]
    assert 4 == payload["reservationId"]
    assert started.transactional
    assert [] == messages.flow_changed(evse, transaction)
    ended = built(messages.ended(evse, transaction, "Remote", "A", SAMPLE))
    assert 2 == len(ended["transactionData"])
    transaction.begin = None
    bare = messages.ended(evse, transaction, "Remote", None, Sample(START, "Transaction.End", ()))
    assert "transactionData" not in built(bare)


def test_the_status_of_a_tag_is_read_from_the_answer(messages: MessagesV16) -> None:
    assert "Blocked" == messages.tag_status({"idTagInfo": {"status": "Blocked"}})
    assert messages.tag_status({}) is None
