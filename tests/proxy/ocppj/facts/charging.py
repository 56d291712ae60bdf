"""What is told of a transaction, and what is known of it then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from oye_proxy.ocppj.facts import transactions
from oye_proxy.ocppj.facts.model import ConnectorFacts, TransactionFacts
from oye_proxy.ocppj.facts.payloads import MeterValues
from oye_proxy.ocppj.facts.state import State

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)


def at(seconds: float) -> str:
    """Return a moment as a charger writes it."""
    return (NOW + timedelta(seconds=seconds)).isoformat()


def facts_of(state: State, evse_id: int = 1) -> ConnectorFacts:
    """Return what is known of one connector."""
    return next(one for one in state.view(NOW).connectors if one.evse_id == evse_id)


def open_one(state: State, evse_id: int = 1) -> TransactionFacts:
    """Return the transaction that runs there."""
    transaction = facts_of(state, evse_id).transaction
    assert transaction is not None
    return transaction


def last_one(state: State, evse_id: int = 1) -> TransactionFacts:
    """Return the transaction that ended there last."""
    transaction = facts_of(state, evse_id).last_transaction
    assert transaction is not None
    return transaction


def meters(state: State, register: Any, seconds: float = 60, **more: Any) -> None:
    """Let a 1.6 charger tell a register."""
    context = more.pop("context", None)
    sampled = {"value": register, "context": context}
    values = [{"timestamp": at(seconds), "sampledValue": [sampled]}]
    payload = {"connectorId": 1, "meterValue": values} | more
    transactions.on_meter_values(state, msgspec.convert(payload, MeterValues), NOW)
