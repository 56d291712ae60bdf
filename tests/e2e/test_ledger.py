"""The judge itself: what the CSMS with a ledger recognises, and what it does not let pass."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.e2e.ledger import FIRST_TRANSACTION_ID, Repetition
from tests.e2e.ledger_csms import Faults, LedgerCsms

from oye_proxy.ocppj.frames import CallError, CallResult
from oye_proxy.simulator.scripted import HandshakeRefusedError, ScriptedCharger

AT = "2026-11-21T10:00:00.000Z"
START = {"connectorId": 1, "idTag": "TAG", "meterStart": 5, "timestamp": AT}


def event(kind: str, seq_no: int, **more: Any) -> dict[str, Any]:
    return {
        "eventType": kind,
        "timestamp": AT,
        "triggerReason": "Authorized",
        "seqNo": seq_no,
        "transactionInfo": {"transactionId": "T1"},
        **more,
    }


def stop(transaction_id: int) -> dict[str, Any]:
    return {"transactionId": transaction_id, "meterStop": 9, "timestamp": AT}


@pytest.fixture
async def csms(tmp_path: Path) -> AsyncIterator[LedgerCsms]:
    async with LedgerCsms(tmp_path / "ledger") as csms:
        yield csms


async def connect(csms: LedgerCsms, subprotocol: str = "ocpp1.6") -> ScriptedCharger:
    return await ScriptedCharger.connect(f"{csms.url}/ocpp/CP1", subprotocols=[subprotocol])


async def test_a_repeated_message_is_kept_once_and_answered_alike(csms: LedgerCsms) -> None:
    """J16-E 3.1: under its own id, and as some chargers do under a new one."""
    async with await connect(csms) as charger:
        first = await charger.send_call("StartTransaction", START, message_id="m-1")
        again = await charger.send_call("StartTransaction", START, message_id="m-1")
        renamed = await charger.send_call("StartTransaction", START, message_id="m-2")
    answers = [first.payload, again.payload, renamed.payload]

    assert [FIRST_TRANSACTION_ID] * 3 == [answer["transactionId"] for answer in answers]
    assert [True, False] == [
        line.same_id for line in csms.ledger.lines if isinstance(line, Repetition)
    ]
    assert 1 == len(csms.ledger.messages)


async def test_an_event_marked_offline_meanwhile_is_the_same_one(csms: LedgerCsms) -> None:
    """E04.FR.03."""
    async with await connect(csms, "ocpp2.0.1") as charger:
        await charger.send_call("TransactionEvent", event("Started", 0), message_id="m-1")
        marked = event("Started", 0, offline=True)
        await charger.send_call("TransactionEvent", marked, message_id="m-1")

    assert 1 == len(csms.ledger.messages)
    assert [] == csms.ledger.violations


async def test_the_ledger_outlives_its_csms(tmp_path: Path) -> None:
    """And a line that a kill has cut counts for nothing."""
    path = tmp_path / "ledger"
    async with LedgerCsms(path) as csms, await connect(csms) as charger:
        await charger.send_call("StartTransaction", START, message_id="m-1")
    with path.open("ab") as file:
        file.write(b'{"type":"message","charge')
    async with LedgerCsms(path) as csms, await connect(csms) as charger:
        again = await charger.send_call("StartTransaction", START, message_id="m-1")
        other = START | {"meterStart": 6}
        second = await charger.send_call("StartTransaction", other, message_id="m-2")
        await charger.send_call("StopTransaction", stop(FIRST_TRANSACTION_ID))
        kept = csms.ledger.messages
        violations = csms.ledger.violations

    assert FIRST_TRANSACTION_ID == again.payload["transactionId"]
    assert FIRST_TRANSACTION_ID + 1 == second.payload["transactionId"]
    assert 3 == len(kept)
    assert [] == violations


@pytest.mark.parametrize(
    ("subprotocol", "action", "payload", "violation"),
    [
        ("ocpp1.6", "StopTransaction", stop(77), "its transaction is unknown"),
        ("ocpp2.0.1", "TransactionEvent", event("Updated", 0), "its transaction is unknown"),
        ("ocpp2.1", "TransactionEvent", event("Started", 1), "seqNo is not 0"),
        ("ocpp1.6", "Heartbeat", {"now": True}, "has a property that the schema lacks"),
    ],
)
async def test_what_no_charger_says_is_a_violation(
    csms: LedgerCsms, subprotocol: str, action: str, payload: dict[str, Any], violation: str
) -> None:
    async with await connect(csms, subprotocol) as charger:
        await charger.send_call(action, payload)

    assert [violation in each.what for each in csms.ledger.violations] == [True]


async def test_a_message_after_the_end_is_a_violation(csms: LedgerCsms) -> None:
    async with await connect(csms) as charger:
        await charger.send_call("StartTransaction", START)
        await charger.send_call("StopTransaction", stop(FIRST_TRANSACTION_ID))
        late = stop(FIRST_TRANSACTION_ID) | {"meterStop": 10}
        await charger.send_call("StopTransaction", late)

    assert 1 == len(csms.ledger.violations)
    assert csms.ledger.violations[0].what.endswith("its transaction has ended")


async def test_a_second_call_before_the_answer_is_a_violation(csms: LedgerCsms) -> None:
    """J16 4.1.1, P4/Q4 4.1.1."""
    csms.faults = Faults(answers_after=None)
    async with await connect(csms) as charger:
        await charger.send_text('[2,"m-1","Heartbeat",{}]')
        await charger.send_text('[2,"m-2","Heartbeat",{}]')
        await charger.send_text('[3,"m-3",{}]')
        csms.faults = Faults()
        await charger.receive()

    assert [
        "Heartbeat before the CALL before it was answered",
        'an answer without a CALL: [3,"m-3",{}]',
    ] == [each.what for each in csms.ledger.violations]


async def test_it_asks_to_stop_what_runs_under_its_own_id(csms: LedgerCsms) -> None:
    async with await connect(csms) as charger:
        await charger.send_call("StartTransaction", START)
        sampled = {"timestamp": AT, "sampledValue": [{"value": "7"}]}
        meter = {"connectorId": 1, "transactionId": FIRST_TRANSACTION_ID, "meterValue": [sampled]}
        await charger.send_call("MeterValues", meter)
        command = await charger.answer_next({"status": "Perhaps"}, "RemoteStopTransaction")
        await charger.send_call("Heartbeat", {})

    assert {"transactionId": FIRST_TRANSACTION_ID} == command.payload
    assert 1 == len(csms.ledger.violations)
    assert csms.ledger.violations[0].what.startswith("answer to RemoteStopTransaction: status:")


async def test_it_misbehaves_as_it_is_told(csms: LedgerCsms) -> None:
    csms.faults = Faults(handshake=503, headers=(("Retry-After", "7"),))
    with pytest.raises(HandshakeRefusedError) as refused:
        await connect(csms)
    csms.faults = Faults(asks_for_boot=True, refused=1)
    async with await connect(csms) as charger:
        unbooted = await charger.send_call("StartTransaction", START)
        boot = {"chargePointVendor": "OYE", "chargePointModel": "Test"}
        booted = await charger.send_call("BootNotification", boot)
        failed = await charger.send_call("StartTransaction", START)
        worked = await charger.send_call("StartTransaction", START)
    answers = [unbooted, booted, failed, worked]

    assert (503, "7") == (refused.value.status, refused.value.headers["retry-after"])
    assert ["SecurityError", None, "InternalError", None] == [
        answer.code if isinstance(answer, CallError) else None for answer in answers
    ]
    assert isinstance(worked, CallResult)
    assert [] == csms.ledger.violations


async def test_an_answer_is_cut_in_its_frame(csms: LedgerCsms) -> None:
    csms.faults = Faults(answers_cut=1)
    charger = await connect(csms)
    await charger.send_text('[2,"m-1","Heartbeat",{}]')

    assert 1006 == await charger.wait_ended()
    assert [] == charger.messages


def test_faults_are_told_as_json() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"silence": true}', type=Faults)
