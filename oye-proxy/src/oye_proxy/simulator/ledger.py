"""What a simulated CSMS remembers, for tests to look at."""

from collections import deque
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.versions import OcppVersion

FRAMES_KEPT = 20_000
Payload = dict[str, Any]


class LedgerFrame(Struct, frozen=True):
    """One frame and who sent it; `incoming` is from the CSMS's point of view."""

    charge_point_id: str
    incoming: bool
    text: str


class LedgerTransaction(Struct, kw_only=True):
    """A transaction as the operator would bill it."""

    charge_point_id: str
    transaction_id: str
    evse_id: int
    id_tag: str | None
    meter_start_wh: float | None = None
    meter_stop_wh: float | None = None
    started_at: str | None = None
    ended_at: str | None = None
    reason: str | None = None
    samples: list[Payload] = []
    seq_nos: list[int] = []

    @property
    def ended(self) -> bool:
        """Whether the end was told."""
        return self.ended_at is not None


class Violation(Struct, frozen=True):
    """A payload that broke its official schema."""

    charge_point_id: str
    action: str
    message: str


class Ledger:
    """Frames, boots, statuses, transactions and violations, of all chargers."""

    def __init__(self) -> None:
        self.frames: deque[LedgerFrame] = deque(maxlen=FRAMES_KEPT)
        self.calls: deque[tuple[str, Call]] = deque(maxlen=FRAMES_KEPT)
        self.boots: dict[str, list[Payload]] = {}
        self.statuses: dict[tuple[str, int], str] = {}
        self.transactions: dict[tuple[str, str], LedgerTransaction] = {}
        self.violations: list[Violation] = []
        self._started_by: dict[tuple[str, str], str] = {}
        self._next_transaction_id = 1001

    def transactions_of(self, charge_point_id: str) -> list[LedgerTransaction]:
        """Return the transactions of one charger, in the order of their start."""
        return [each for key, each in self.transactions.items() if key[0] == charge_point_id]

    def calls_of(self, charge_point_id: str, action: str | None = None) -> list[Call]:
        """Return the CALLs of one charger, of one action if given."""
        return [
            call
            for sender, call in self.calls
            if sender == charge_point_id and action in (None, call.action)
        ]

    def note(self, charge_point_id: str, version: OcppVersion, call: Call) -> None:
        """Take over what a CALL of a charger tells."""
        self.calls.append((charge_point_id, call))
        facts = _FACTS_V16 if version.is_1_6 else _FACTS_V2
        fact = facts.get(call.action)
        if fact is not None and isinstance(call.payload, dict):
            fact(self, charge_point_id, call)

    def transaction_id(self, charge_point_id: str, call: Call) -> int:
        """Return the id that a StartTransaction got; the same message gets the same one."""
        return int(self._started_by[charge_point_id, call.message_id.key])

    def _boot(self, charge_point_id: str, call: Call) -> None:
        self.boots.setdefault(charge_point_id, []).append(call.payload)

    def _status_v16(self, charge_point_id: str, call: Call) -> None:
        payload = call.payload
        self.statuses[charge_point_id, payload["connectorId"]] = payload["status"]

    def _status_v2(self, charge_point_id: str, call: Call) -> None:
        payload = call.payload
        self.statuses[charge_point_id, payload["evseId"]] = payload["connectorStatus"]

    def _start_v16(self, charge_point_id: str, call: Call) -> None:
        source = (charge_point_id, call.message_id.key)
        if source in self._started_by:
            return
        transaction_id = str(self._next_transaction_id)
        self._next_transaction_id += 1
        self._started_by[source] = transaction_id
        payload = call.payload
        self.transactions[charge_point_id, transaction_id] = LedgerTransaction(
            charge_point_id=charge_point_id,
            transaction_id=transaction_id,
            evse_id=payload["connectorId"],
            id_tag=payload["idTag"],
            meter_start_wh=payload["meterStart"],
            started_at=payload["timestamp"],
        )

    def _meter_v16(self, charge_point_id: str, call: Call) -> None:
        payload = call.payload
        key = (charge_point_id, str(payload.get("transactionId")))
        if key in self.transactions:
            self.transactions[key].samples.extend(payload["meterValue"])

    def _stop_v16(self, charge_point_id: str, call: Call) -> None:
        payload = call.payload
        transaction = self.transactions.get((charge_point_id, str(payload["transactionId"])))
        if transaction is not None:
            transaction.meter_stop_wh = payload["meterStop"]
            transaction.ended_at = payload["timestamp"]
            transaction.reason = payload.get("reason", "Local")

    def _event_v2(self, charge_point_id: str, call: Call) -> None:
        payload = call.payload
        transaction_id = payload["transactionInfo"]["transactionId"]
        transaction = self.transactions.setdefault(
            (charge_point_id, transaction_id),
            LedgerTransaction(
                charge_point_id=charge_point_id,
                transaction_id=transaction_id,
                evse_id=payload.get("evse", {}).get("id", 0),
                id_tag=None,
            ),
        )
        if payload["seqNo"] in transaction.seq_nos:
            return
        transaction.seq_nos.append(payload["seqNo"])
        token = payload.get("idToken")
        if token is not None and transaction.id_tag is None:
            transaction.id_tag = token["idToken"]
        transaction.samples.extend(payload.get("meterValue", []))
        if payload["eventType"] == "Started":
            transaction.started_at = payload["timestamp"]
            transaction.meter_start_wh = register_wh(payload.get("meterValue", []))
        if payload["eventType"] == "Ended":
            transaction.ended_at = payload["timestamp"]
            transaction.reason = payload["transactionInfo"].get("stoppedReason", "Local")
            transaction.meter_stop_wh = register_wh(payload.get("meterValue", []))


def register_wh(meter_values: list[Payload]) -> float | None:
    """Return the last energy register among meter values of any version."""
    found = [
        float(sampled["value"])
        for meter_value in meter_values
        for sampled in meter_value["sampledValue"]
        if sampled.get("measurand", ENERGY) == ENERGY
    ]
    return found[-1] if found else None


ENERGY = "Energy.Active.Import.Register"
_Fact = Callable[[Ledger, str, Call], None]
_FACTS_V16: dict[str, _Fact] = {
    "BootNotification": Ledger._boot,  # noqa: SLF001  the table of this class
    "StatusNotification": Ledger._status_v16,  # noqa: SLF001
    "StartTransaction": Ledger._start_v16,  # noqa: SLF001
    "MeterValues": Ledger._meter_v16,  # noqa: SLF001
    "StopTransaction": Ledger._stop_v16,  # noqa: SLF001
}
_FACTS_V2: dict[str, _Fact] = {
    "BootNotification": Ledger._boot,  # noqa: SLF001
    "StatusNotification": Ledger._status_v2,  # noqa: SLF001
    "TransactionEvent": Ledger._event_v2,  # noqa: SLF001
}
