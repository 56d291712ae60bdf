"""Validation in `warn`: found, counted, never in the way."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from tests.proxy.features.conftest import WAIT
from tests.proxy.hub.conftest import START, World

from oye_proxy.features.validation import BATCH, LARGEST, QUEUE_FRAMES, SchemaWatch
from oye_proxy.hub.events import FramePassed
from oye_proxy.metrics import OTHER
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import Call, build_call, build_result
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.schema_files import load_schema_texts
from oye_proxy.transport.bridge import Bridge


class Check:
    """A watch that is fed with frames of one charger, and looks when the test says so."""

    def __init__(self, world: World, watch: SchemaWatch, bridge: Bridge) -> None:
        self.world = world
        self.watch = watch
        self.bridge = bridge

    def call(self, action: str, payload: object, source: Peer = Peer.CHARGER) -> Call:
        call = build_call("m-1", action, payload)
        self._pass(Record(source=source, target=_other(source), data=call.text, frame=call))
        return call

    def answer(self, call: Call, payload: object, source: Peer = Peer.CSMS) -> None:
        result = build_result(call.message_id, payload)
        self._pass(
            Record(source=source, target=_other(source), data=result.text, frame=result, call=call)
        )

    async def failures(self) -> dict[tuple[str, ...], int]:
        """Check what waits; return what is counted."""
        await self.watch.check_waiting()
        return self.world.metrics.schema_failures.values

    def _pass(self, record: Record) -> None:
        self.watch._notice(
            FramePassed(charge_point_id=self.bridge.charge_point_id, time=START, record=record)
        )


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(load_schema_texts())


@pytest.fixture
async def check(
    world: World, schemas: Schemas, request: pytest.FixtureRequest
) -> AsyncIterator[Check]:
    version = getattr(request, "param", OcppVersion.V1_6)
    bridge = world.bridge(version=version)
    bridge.start(None)
    yield Check(world, SchemaWatch(world.hub, schemas, world.metrics), bridge)
    await bridge.close(1001, "")


async def test_a_payload_that_breaks_its_schema_is_counted(check: Check) -> None:
    check.call("Heartbeat", {})
    check.call("StatusNotification", {"connectorId": "one"})

    labels = ("inbound", "request", "StatusNotification", "1.6", "ProtocolError")
    assert {labels: 1} == await check.failures()


async def test_answers_are_checked_by_the_action_of_their_call(check: Check) -> None:
    call = check.call("Heartbeat", {})
    check.answer(call, {})

    labels = ("outbound", "response", "Heartbeat", "1.6", "ProtocolError")
    assert {labels: 1} == await check.failures()


async def test_labels_are_not_what_a_stranger_says(check: Check) -> None:
    check.call("Invented", {})

    assert {("inbound", "request", OTHER, "1.6", "NotImplemented"): 1} == await check.failures()


async def test_the_log_tells_the_place_and_no_value(
    check: Check, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "oye_proxy.features.validation")
    check.call("Authorize", {"idTag": "SECRET-TAG-THAT-IS-TOO-LONG"})
    await check.failures()

    assert [
        "! CP1: Authorize of the charger breaks its schema: idTag: is longer than 20 characters"
    ] == caplog.messages


async def test_what_the_proxy_says_is_not_checked(check: Check) -> None:
    check.call("Reset", {}, source=Peer.PROXY)

    assert {} == await check.failures()


@pytest.mark.parametrize("check", [None], indirect=True)
async def test_an_unknown_version_is_not_checked(check: Check) -> None:
    check.call("StatusNotification", {})

    assert {} == await check.failures()


async def test_a_batch_is_bounded(check: Check) -> None:
    for _ in range(BATCH + 3):
        check.call("StatusNotification", {})

    assert [BATCH] == list((await check.failures()).values())
    assert [BATCH + 3] == list((await check.failures()).values())


async def test_a_full_queue_skips_what_comes_and_counts(check: Check) -> None:
    for _ in range(QUEUE_FRAMES):
        check.call("Heartbeat", {})
    check.call("StatusNotification", {})

    assert {} == await check.failures()
    assert 1 == check.world.metrics.validations_skipped.value


async def test_a_huge_payload_is_not_checked(check: Check) -> None:
    check.call("DataTransfer", {"vendorId": "x", "data": "x" * LARGEST, "more": 1})

    assert {} == await check.failures()
    assert 1 == check.world.metrics.validations_skipped.value


async def test_it_watches_what_passes_until_it_is_stopped(world: World, schemas: Schemas) -> None:
    found = asyncio.Event()
    logger = logging.getLogger("oye_proxy.features.validation")
    handler = _Telling(found)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    watch = SchemaWatch(world.hub, schemas, world.metrics)
    watch.start()
    charger = await world.connect()
    try:
        await charger.send_call("StatusNotification", {"connectorId": 1})
        async with asyncio.timeout(WAIT):
            await found.wait()
    finally:
        await watch.stop()
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    await charger.send_call("StatusNotification", {"connectorId": 1})

    assert [1] == list(world.metrics.schema_failures.values.values())
    assert not watch._queue


class _Telling(logging.Handler):
    """Sets an event with the first line."""

    def __init__(self, event: asyncio.Event) -> None:
        super().__init__()
        self._event = event

    def emit(self, record: logging.LogRecord) -> None:
        del record
        self._event.set()


def _other(peer: Peer) -> Peer:
    return Peer.CSMS if peer is Peer.CHARGER else Peer.CHARGER
