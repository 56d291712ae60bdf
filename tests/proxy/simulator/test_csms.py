import asyncio
from collections.abc import AsyncIterator

import pytest

from oye_proxy.errors import ChargerNotConnectedError
from oye_proxy.ocppj.frames import CallError, CallResult
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.official import official_schemas
from oye_proxy.simulator.scripted import ScriptedCharger
from oye_proxy.tasks import spawn

SUBPROTOCOLS = {
    OcppVersion.V1_6: "ocpp1.6",
    OcppVersion.V2_0_1: "ocpp2.0.1",
    OcppVersion.V2_1: "ocpp2.1",
}


@pytest.fixture
async def operator() -> AsyncIterator[SimulatedCsms]:
    async with SimulatedCsms() as operator:
        yield operator


async def connect(operator: SimulatedCsms, *subprotocols: str) -> ScriptedCharger:
    offered = subprotocols or ("ocpp1.6",)
    charger = await ScriptedCharger.connect(f"{operator.url}/a/CP%2F1?x", subprotocols=offered)
    await operator.until(lambda: "CP/1" in operator.connections)
    return charger


async def test_the_first_offered_version_that_it_knows_is_chosen(operator: SimulatedCsms) -> None:
    """Q4 3.1.2: in the charger's order."""
    async with await connect(operator, "ocpp9", "ocpp2.0.1", "ocpp1.6") as charger:
        assert "ocpp2.0.1" == charger.subprotocol
        assert OcppVersion.V2_0_1 == operator.version("CP/1")


@pytest.mark.parametrize("version", list(OcppVersion))
async def test_every_action_of_a_charger_gets_an_answer_by_its_schema(
    operator: SimulatedCsms, version: OcppVersion
) -> None:
    schemas = official_schemas()
    requests = {
        "DataTransfer": {"vendorId": "x"},
        "Heartbeat": {},
        "FirmwareStatusNotification": {"status": "Idle"},
        "LogStatusNotification": {"status": "Idle", "requestId": 1},
        "SignCertificate": {"csr": "x"},
    }
    async with await connect(operator, SUBPROTOCOLS[version]) as charger:
        for action, payload in requests.items():
            answer = await charger.send_call(action, payload)
            assert isinstance(answer, CallResult), answer.text
            assert schemas.validate_result(version, action, answer.payload) is None

    assert [] == operator.ledger.violations


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[2,"1","Heartbeat",{"more":1}]', "FormationViolation"),
        ('[2,"1","Nonsense",{}]', "NotImplemented"),
        ('[2,"1","ClearCache",{}]', "NotSupported"),
    ],
)
async def test_a_payload_against_its_schema_is_refused(
    operator: SimulatedCsms, text: str, code: str
) -> None:
    async with await connect(operator) as charger:
        await charger.send_text(text)

        assert f'"{code}"' in str(await charger.receive())


async def test_what_is_no_frame_or_answers_nothing_is_a_violation(operator: SimulatedCsms) -> None:
    async with await connect(operator) as charger:
        await charger.send_text("AT")
        await charger.send_text('[3,"x",{}]')
        await charger.send_bytes(b"ignored")
        await operator.until(lambda: len(operator.ledger.violations) == 2)

    assert ["no frame", "answer"] == [each.action for each in operator.ledger.violations]


async def test_an_answer_against_its_schema_is_a_violation(operator: SimulatedCsms) -> None:
    async with await connect(operator) as charger:
        commanding = spawn(operator.command("CP/1", "ClearCache", {}), name="command")
        await charger.answer_next({"status": "Perhaps"})
        await commanding

    assert ["ClearCache answer"] == [each.action for each in operator.ledger.violations]


async def test_commands_wait_for_each_other(operator: SimulatedCsms) -> None:
    """P4 4.1.1: one unanswered CALL per direction."""
    async with await connect(operator) as charger:
        one = spawn(operator.command("CP/1", "ClearCache", {}), name="one")
        two = spawn(operator.command("CP/1", "GetLocalListVersion", {}), name="two")
        first = await charger.receive_call()
        await asyncio.sleep(0)
        assert ["ClearCache"] == [call.action for call in charger.calls]
        await charger.refuse(first, "GenericError")
        await charger.answer_next({"listVersion": 1})

        assert isinstance(await one, CallError)
        assert isinstance(await two, CallResult)


async def test_a_charger_that_leaves_ends_the_command(operator: SimulatedCsms) -> None:
    charger = await connect(operator)
    commanding = spawn(operator.command("CP/1", "ClearCache", {}), name="command")
    await charger.receive_call()
    await charger.abort()

    with pytest.raises(ChargerNotConnectedError):
        await commanding
    with pytest.raises(ChargerNotConnectedError):
        await operator.command("CP/1", "ClearCache", {})


async def test_a_connection_can_be_closed_with_a_code(operator: SimulatedCsms) -> None:
    charger = await connect(operator)

    await operator.disconnect("CP/1", 4001, "bye")

    assert 4001 == await charger.wait_ended()
    await charger.close()


async def test_tags_have_the_status_that_was_set(operator: SimulatedCsms) -> None:
    operator.tags["BAD"] = "Blocked"
    async with await connect(operator) as charger:
        known = await charger.send_call("Authorize", {"idTag": "BAD"})
        operator.accept_unknown = False
        unknown = await charger.send_call("Authorize", {"idTag": "X"})

    assert isinstance(known, CallResult)
    assert isinstance(unknown, CallResult)
    assert {"idTagInfo": {"status": "Blocked"}} == known.payload
    assert {"idTagInfo": {"status": "Invalid"}} == unknown.payload


async def test_the_observer_sees_both_directions() -> None:
    seen: list[tuple[str, str, bool]] = []

    def observe(charge_point_id: str, text: str, *, outgoing: bool) -> None:
        seen.append((charge_point_id, text[:4], outgoing))

    async with SimulatedCsms(observer=observe) as operator, await connect(operator) as charger:
        await charger.send_call("Authorize", {"idTag": "A"}, message_id="1")

    assert [("CP/1", '[2,"', False), ("CP/1", '[3,"', True)] == seen
