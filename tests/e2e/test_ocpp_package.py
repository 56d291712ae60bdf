"""A third-party judge: both ends are classes of the package `ocpp`, which checks every schema."""
# mypy: disable-error-code="import-untyped, misc, untyped-decorator"
# The package has no types.

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from ocpp import exceptions, v16, v201
from ocpp.routing import on
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosedOK
from websockets.typing import Subprotocol

from oye_proxy.tasks import spawn

StartProxy = Callable[..., Awaitable[Any]]

NOW = datetime(2026, 1, 1, tzinfo=UTC).isoformat()


class Wire:
    """A WebSocket of the package's classes, and the texts that passed it."""

    def __init__(self, socket: Any) -> None:
        self.sent: list[str] = []
        self.received: list[str] = []
        self._socket = socket

    async def send(self, text: str) -> None:
        """Send one message."""
        self.sent.append(text)
        await self._socket.send(text)

    async def recv(self) -> str:
        """Wait for one message."""
        text = await self._socket.recv()
        self.received.append(text)
        return str(text)


class Charger16(v16.ChargePoint):
    """A 1.6 charger that starts when it is told to, and knows no configuration."""

    @on("RemoteStartTransaction")
    def start_remotely(self, **_payload: Any) -> Any:
        return v16.call_result.RemoteStartTransaction(status="Accepted")

    @on("GetConfiguration")
    def fail(self, **_payload: Any) -> Any:
        raise exceptions.InternalError("no memory left")


class CentralSystem(v16.ChargePoint):
    """A 1.6 central system that accepts one tag."""

    @on("BootNotification")
    def boot(self, **_payload: Any) -> Any:
        return v16.call_result.BootNotification(current_time=NOW, interval=300, status="Accepted")

    @on("Authorize")
    def authorize(self, id_tag: str) -> Any:
        status = "Accepted" if id_tag == "KNOWN" else "Invalid"
        return v16.call_result.Authorize(id_tag_info={"status": status})

    @on("StartTransaction")
    def start_transaction(self, **_payload: Any) -> Any:
        return v16.call_result.StartTransaction(
            transaction_id=7, id_tag_info={"status": "Accepted"}
        )

    @on("MeterValues")
    def meter_values(self, **_payload: Any) -> Any:
        return v16.call_result.MeterValues()

    @on("StopTransaction")
    def stop_transaction(self, **_payload: Any) -> Any:
        return v16.call_result.StopTransaction(id_tag_info={"status": "Accepted"})


class Charger201(v201.ChargePoint):
    """A 2.0.1 charger that starts when it is told to, and cannot report."""

    @on("RequestStartTransaction")
    def start_remotely(self, **_payload: Any) -> Any:
        return v201.call_result.RequestStartTransaction(status="Accepted", transaction_id="T-1")

    @on("GetBaseReport")
    def fail(self, **_payload: Any) -> Any:
        raise exceptions.InternalError("no memory left")


class Csms(v201.ChargePoint):
    """A 2.0.1 CSMS that accepts one tag."""

    @on("BootNotification")
    def boot(self, **_payload: Any) -> Any:
        return v201.call_result.BootNotification(current_time=NOW, interval=300, status="Accepted")

    @on("Authorize")
    def authorize(self, id_token: dict[str, Any], **_payload: Any) -> Any:
        status = "Accepted" if id_token["id_token"] == "KNOWN" else "Unknown"
        return v201.call_result.Authorize(id_token_info={"status": status})

    @on("TransactionEvent")
    def transaction_event(self, event_type: str, **_payload: Any) -> Any:
        if event_type == "Started":
            return v201.call_result.TransactionEvent(id_token_info={"status": "Accepted"})
        return v201.call_result.TransactionEvent()

    @on("MeterValues")
    def meter_values(self, **_payload: Any) -> Any:
        return v201.call_result.MeterValues()


async def test_a_session_of_1_6(start_proxy: StartProxy) -> None:
    call = v16.call
    sampled = [{"timestamp": NOW, "sampledValue": [{"value": "12.50", "unit": "kWh"}]}]
    async with connected(start_proxy, "ocpp1.6", Charger16, CentralSystem) as (charger, csms):
        boot = await charger.call(call.BootNotification("Model", "Vendor"), suppress=False)
        known = await charger.call(call.Authorize("KNOWN"), suppress=False)
        stranger = await charger.call(call.Authorize("OTHER"), suppress=False)
        remote = await csms.call(call.RemoteStartTransaction("KNOWN", connector_id=1))
        started = await charger.call(call.StartTransaction(1, "KNOWN", 1250, NOW), suppress=False)
        metered = await charger.call(call.MeterValues(1, sampled, transaction_id=7))
        stopped = await charger.call(call.StopTransaction(1900, NOW, 7, id_tag="KNOWN"))
        with pytest.raises(exceptions.NotImplementedError):
            await charger.call(call.StatusNotification(1, "NoError", "Available"), suppress=False)
        with pytest.raises(exceptions.InternalError, match="no memory left"):
            await csms.call(call.GetConfiguration(), suppress=False)
        with pytest.raises(exceptions.NotImplementedError):
            await csms.call(call.UnlockConnector(1), suppress=False)

    assert "Accepted" == boot.status
    assert ["Accepted", "Invalid"] == [tag.id_tag_info["status"] for tag in (known, stranger)]
    assert "Accepted" == remote.status
    assert 7 == started.transaction_id
    assert v16.call_result.MeterValues() == metered
    assert {"status": "Accepted"} == stopped.id_tag_info


async def test_a_session_of_2_0_1(start_proxy: StartProxy) -> None:
    call = v201.call
    known_tag = {"idToken": "KNOWN", "type": "ISO14443"}
    other_tag = {"idToken": "OTHER", "type": "ISO14443"}
    sampled = [{"timestamp": NOW, "sampledValue": [{"value": 12.5}]}]

    def event(kind: str, trigger: str, number: int, **others: Any) -> Any:
        info = {"transactionId": "T-1"}
        return call.TransactionEvent(kind, NOW, trigger, number, info, **others)

    async with connected(start_proxy, "ocpp2.0.1", Charger201, Csms) as (charger, csms):
        box = {"model": "Model", "vendorName": "Vendor"}
        boot = await charger.call(call.BootNotification(box, "PowerUp"), suppress=False)
        known = await charger.call(call.Authorize(known_tag), suppress=False)
        stranger = await charger.call(call.Authorize(other_tag), suppress=False)
        remote = await csms.call(call.RequestStartTransaction(known_tag, 1, evse_id=1))
        started = await charger.call(event("Started", "RemoteStart", 0, id_token=known_tag))
        updated = await charger.call(event("Updated", "MeterValuePeriodic", 1, meter_value=sampled))
        metered = await charger.call(call.MeterValues(1, sampled))
        ended = await charger.call(event("Ended", "StopAuthorized", 2))
        with pytest.raises(exceptions.NotImplementedError):
            await charger.call(call.StatusNotification(NOW, "Available", 1, 1), suppress=False)
        with pytest.raises(exceptions.InternalError, match="no memory left"):
            await csms.call(call.GetBaseReport(1, "FullInventory"), suppress=False)
        with pytest.raises(exceptions.NotImplementedError):
            await csms.call(call.UnlockConnector(1, 1), suppress=False)

    assert "Accepted" == boot.status
    assert ["Accepted", "Unknown"] == [tag.id_token_info["status"] for tag in (known, stranger)]
    assert ("Accepted", "T-1") == (remote.status, remote.transaction_id)
    assert {"status": "Accepted"} == started.id_token_info
    assert [v201.call_result.TransactionEvent()] * 2 == [updated, ended]
    assert v201.call_result.MeterValues() == metered


@asynccontextmanager
async def connected(
    start_proxy: StartProxy, subprotocol: str, charger_class: Any, csms_class: Any
) -> AsyncIterator[tuple[Any, Any]]:
    """Connect both through a proxy; at the end each got exactly the texts that the other sent."""
    arrived: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()

    async def take(socket: ServerConnection) -> None:
        arrived.set_result(socket)
        await socket.wait_closed()

    subprotocols = [Subprotocol(subprotocol)]
    async with serve(take, "127.0.0.1", 0, subprotocols=subprotocols) as server:
        [port] = [socket.getsockname()[1] for socket in server.sockets]
        proxy = await start_proxy(f"ws://127.0.0.1:{port}")
        async with connect(f"{proxy.url}/ocpp/CP1", subprotocols=subprotocols) as socket:
            wires = Wire(socket), Wire(await arrived)
            charger, csms = charger_class("CP1", wires[0]), csms_class("CP1", wires[1])
            listening = [spawn(listen(end), name="listen") for end in (charger, csms)]
            yield charger, csms
        await asyncio.gather(*listening)

    assert subprotocol == socket.subprotocol
    assert wires[0].sent == wires[1].received
    assert wires[1].sent == wires[0].received


async def listen(end: Any) -> None:
    """Take messages until the connection is closed in order."""
    with pytest.raises(ConnectionClosedOK):
        await end.start()
