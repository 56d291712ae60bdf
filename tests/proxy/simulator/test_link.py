"""The connection's rules: one CALL at a time, transactions survive, faults happen once."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from websockets.asyncio.client import connect

from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.charger import SimulatedCharger
from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.exchange import Answer, CallRefusedError, Outgoing, Payload
from oye_proxy.simulator.identity import ChargerSimulation
from oye_proxy.simulator.link import QUEUE_LIMIT, AnswerFault, ChargerLink
from oye_proxy.simulator.scripted import ScriptedCsms, ScriptedPeer
from oye_proxy.tasks import cancel, spawn


class Bench:
    """A link, the script at the other end, and everything the link told."""

    def __init__(self, server: ScriptedCsms, call_timeout: float = 5.0) -> None:
        self.clock = ManualClock()
        self.results: list[Payload | None] = []
        self.done: list[str] = []
        self.server = server
        self.link = ChargerLink(
            version=OcppVersion.V1_6,
            clock=self.clock,
            new_id=SimulatedCharger(ChargerSimulation())._new_id,
            call_timeout=call_timeout,
            retries=lambda: (3, 10.0),
            answer=self._answer,
            changed=lambda: None,
        )

    async def open(self) -> ScriptedPeer:
        websocket = await connect(self.server.url, compression=None, proxy=None)
        opened = asyncio.Event()
        self.task = spawn(self.link.serve(websocket, opened.set), name="link")
        await opened.wait()
        peer = await self.server.next_connection()
        self.websocket = websocket
        return peer

    async def close(self) -> None:
        await cancel(self.task)
        await self.websocket.close()

    def send(
        self, action: str, *, transactional: bool = False, build: Callable[[], Payload] = dict
    ) -> Outgoing:
        outgoing = Outgoing(
            action, build, transactional=transactional, on_result=self.results.append
        )
        self.link.send(outgoing)
        return outgoing

    def _answer(self, call: Call) -> Answer:
        if call.action == "Reset":
            raise CallRefusedError(Cause.NOT_SUPPORTED, "no")
        return Answer({"status": "Accepted"}, lambda: self.done.append(call.action))


@pytest.fixture
async def server() -> AsyncIterator[ScriptedCsms]:
    async with ScriptedCsms() as server:
        yield server


@pytest.fixture
async def bench(server: ScriptedCsms) -> AsyncIterator[tuple[Bench, ScriptedPeer]]:
    bench = Bench(server)
    peer = await bench.open()
    bench.link.accepted = True
    yield bench, peer
    await bench.close()


async def test_one_call_is_unanswered_at_a_time(bench: tuple[Bench, ScriptedPeer]) -> None:
    """J16 4.1.1."""
    tested, peer = bench
    for action in ("Authorize", "Heartbeat"):
        tested.send(action)

    first = await peer.receive_call()
    assert ["Authorize"] == [call.action for call in peer.calls]
    await peer.answer(first, {"a": 1})
    assert "Heartbeat" == (await peer.answer_next({})).action
    await peer.send_call("ClearCache", {})

    assert [{"a": 1}, {}] == tested.results


async def test_before_the_boot_is_accepted_only_early_calls_go(
    bench: tuple[Bench, ScriptedPeer],
) -> None:
    """C16 4.2."""
    tested, peer = bench
    tested.link.accepted = False
    tested.send("StatusNotification")
    tested.link.send(Outgoing("BootNotification", dict, early=True))

    assert "BootNotification" == (await peer.answer_next({})).action
    await peer.send_call("ClearCache", {})
    assert ["StatusNotification"] == tested.link.waiting


async def test_a_refused_transaction_call_is_tried_again_later_with_its_id(
    bench: tuple[Bench, ScriptedPeer],
) -> None:
    """C16 4.6: attempts and interval; others may pass meanwhile, transactions keep their order."""
    tested, peer = bench
    tested.send("StartTransaction", transactional=True)
    tested.send("StopTransaction", transactional=True)
    tested.send("Heartbeat")

    first = await peer.receive_call()
    await peer.refuse(first, "InternalError")
    assert "Heartbeat" == (await peer.answer_next({})).action
    tested.clock.advance(10)
    second = await peer.receive_call()
    await peer.refuse(second, "InternalError")
    await peer.send_call("ClearCache", {})
    tested.clock.advance(20)
    third = await peer.receive_call()
    await peer.refuse(third, "InternalError")
    last = await peer.answer_next({})

    ids = {call.message_id.text for call in (first, second, third)}
    assert 1 == len(ids)
    assert "StopTransaction" == last.action
    assert [{}, None] == tested.results[:2], "given up after three attempts"


async def test_a_time_out_counts_as_a_failure(server: ScriptedCsms) -> None:
    tested = Bench(server, call_timeout=0.02)
    peer = await tested.open()
    tested.link.accepted = True
    tested.send("Heartbeat")
    await peer.receive_call()
    tested.send("Authorize")
    await peer.answer_next({}, "Authorize")
    await peer.send_call("ClearCache", {})
    await tested.close()

    assert [None, {}] == tested.results


async def test_offline_only_transactions_wait(server: ScriptedCsms) -> None:
    tested = Bench(server)
    tested.link.accepted = True
    tested.send("Heartbeat")
    tested.send("StopTransaction", transactional=True)
    assert [None] == tested.results
    assert ["StopTransaction"] == tested.link.waiting

    peer = await tested.open()
    await peer.answer_next({})
    await peer.send_call("ClearCache", {})
    await tested.close()

    assert [None, {}] == tested.results


async def test_a_lost_connection_drops_what_is_not_transactional(server: ScriptedCsms) -> None:
    tested = Bench(server)
    peer = await tested.open()
    tested.link.accepted = True
    tested.send("StopTransaction", transactional=True)
    tested.send("Heartbeat")
    first = await peer.receive_call()
    await peer.abort()
    await tested.task
    await tested.close()
    assert ["StopTransaction"] == tested.link.waiting
    assert [None] == tested.results

    peer = await tested.open()
    again = await peer.answer_next({})
    await tested.close()

    assert first.message_id == again.message_id


def test_a_full_queue_loses_meter_values_first() -> None:
    tested = Bench(ScriptedCsms())
    tested.send("StartTransaction", transactional=True)
    for _ in range(QUEUE_LIMIT):
        tested.send("MeterValues", transactional=True)
    tested.send("StopTransaction", transactional=True)

    assert QUEUE_LIMIT == len(tested.link.waiting)
    assert "StartTransaction" == tested.link.waiting[0]
    assert "StopTransaction" == tested.link.waiting[-1]


async def test_calls_are_answered_and_acted_on_after_the_answer(
    bench: tuple[Bench, ScriptedPeer],
) -> None:
    tested, peer = bench
    await peer.send_call("ClearCache", {})
    await peer.send_text('[2,7,"Reset",{}]')

    assert '[4,7,"NotSupported","no",{}]' == await peer.receive()
    assert ["ClearCache"] == tested.done


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('[2,"1","Reset"', '[4,"1","FormationViolation","not_json",{}]'),
        ('[2,"1"]', '[4,"1","FormationViolation","no_action",{}]'),
    ],
)
async def test_a_call_that_cannot_be_read_is_refused_by_its_id(
    bench: tuple[Bench, ScriptedPeer], text: str, answer: str
) -> None:
    _, peer = bench
    await peer.send_text(text)

    assert answer == await peer.receive()


async def test_other_nonsense_is_ignored(bench: tuple[Bench, ScriptedPeer]) -> None:
    _, peer = bench
    for text in ("", "AT", "[9]", '[3,"x",{}]', '[5,"x","","",{}]', '[6,"x","Y",{}]'):
        await peer.send_text(text)
    await peer.send_bytes(b"x")
    await peer.send_call("ClearCache", {})

    assert 1 == len(peer.messages)


async def test_faults_spoil_the_next_answer_in_turn(bench: tuple[Bench, ScriptedPeer]) -> None:
    tested, peer = bench
    tested.link.answer_faults.extend(
        [AnswerFault.TWICE, AnswerFault.MALFORMED, AnswerFault.NEVER, AnswerFault.LATE]
    )
    for number in range(5):
        await peer.send_text(f'[2,"{number}","ClearCache",{{}}]')

    good = '{"status":"Accepted"}]'
    assert [f'[3,"0",{good}', f'[3,"0",{good}', '[3,"1",{"status":', f'[3,"4",{good}'] == [
        await peer.receive() for _ in range(4)
    ]
    tested.clock.advance(120)
    assert f'[3,"3",{good}' == await peer.receive()


async def test_a_half_open_link_neither_reads_nor_writes(
    bench: tuple[Bench, ScriptedPeer],
) -> None:
    tested, peer = bench
    tested.link.go_half_open()
    tested.send("Heartbeat")
    await peer.send_text('[2,"1","ClearCache",{}]')
    with pytest.raises(TimeoutError):
        await peer.receive(timeout=0.02)

    tested.link.resume()
    messages = {str(await peer.receive())[:4] for _ in range(2)}

    assert {'[2,"', '[3,"'} == messages


async def test_a_link_without_connection_does_nothing() -> None:
    link = Bench(ScriptedCsms()).link

    await link.send_text("x")
    await link.close()
    link.drop()
    link.go_half_open()
    link.resume()

    assert not link.connected
