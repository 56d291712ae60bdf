"""What passes of transactions, told to a hub, and the records that are made of it."""

from datetime import datetime, timedelta
from typing import Any

from tests.proxy.hub.conftest import World

from oye_proxy.features.transaction_records import TransactionRecords
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import MessageId, build_call, build_error, build_result
from oye_proxy.ocppj.timestamps import to_text
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.storage.transaction_rows import TransactionRow
from oye_proxy.storage.transactions import TransactionQuery, TransactionStore
from oye_proxy.transport.ports import Connection

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ACCEPTED = {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}


def recorder(world: World, store: Any = None, **options: Any) -> TransactionRecords:
    """Return the feature, not yet started, on a store or that of the world."""
    return TransactionRecords(
        world.hub,
        store or TransactionStore(world.database),
        world.keeper,
        sample_interval=SECOND,
        **options,
    )


async def rows_of(world: World, records: TransactionRecords) -> list[TransactionRow]:
    """Return what is stored, the newest first, when all that was told is."""
    world.hub.snapshot()
    records.flush()
    await world.settle()
    return await TransactionStore(world.database).search(TransactionQuery())


def start_at(time: datetime, **more: Any) -> dict[str, Any]:
    """Return a StartTransaction."""
    start = {"connectorId": 1, "idTag": "CARD-1234", "meterStart": 1000}
    return start | {"timestamp": to_text(time)} | more


def stop_at(time: datetime, transaction_id: int = 7, **more: Any) -> dict[str, Any]:
    """Return a StopTransaction."""
    return {"transactionId": transaction_id, "meterStop": 6000, "timestamp": to_text(time)} | more


def values_at(time: datetime, value: float, transaction_id: int | None = 7) -> dict[str, Any]:
    """Return MeterValues with one register."""
    sampled = [{"value": str(value)}]
    report = {
        "connectorId": 1,
        "meterValue": [{"timestamp": to_text(time), "sampledValue": sampled}],
    }
    return report if transaction_id is None else report | {"transactionId": transaction_id}


class Wire:
    """Frames of a connection, told to the hub as the transport tells them."""

    def __init__(self, world: World, version: OcppVersion, charge_point_id: str = "CP1") -> None:
        self.world = world
        self.connection: Connection = world.bridge(charge_point_id, version=version)
        world.hub.attach(self.connection)

    def call(self, action: str, payload: Any) -> None:
        """Let the charger call."""
        call = build_call("m", action, payload)
        self._tell(Record(source=Peer.CHARGER, target=Peer.CSMS, data=call.text, frame=call))

    def answer(
        self, action: str, payload: Any, answer: Any, source: Peer = Peer.CSMS, **record: Any
    ) -> None:
        """Let a CALL of the charger be answered."""
        call = build_call("m", action, payload)
        frame = build_result(MessageId.of("m"), answer)
        given: dict[str, Any] = {"source": source, "target": Peer.CHARGER, **record}
        self._tell(Record(data=frame.text, frame=frame, call=call, **given))

    def refuse(self, action: str, payload: Any, target: Peer = Peer.CHARGER) -> None:
        """Let a CALL of the charger be answered by an error."""
        call, error = build_call("m", action, payload), build_error(MessageId.of("m"), "Busy", "")
        self._tell(Record(source=Peer.CSMS, target=target, data=error.text, frame=error, call=call))

    def leave(self) -> None:
        """End the connection."""
        self.world.hub.detach(self.connection)

    def _tell(self, record: Record) -> None:
        self.world.hub.observe(self.connection, record, self.world.now)
