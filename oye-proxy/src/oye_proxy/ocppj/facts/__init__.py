"""What the frames of one charger tell: one model for 1.6, 2.0.1 and 2.1."""

from oye_proxy.ocppj.facts.model import (
    Availability,
    BootState,
    ChargerFacts,
    ConnectorFacts,
    Event,
    LimitFacts,
    ReservationFacts,
    SampleFacts,
    StartedBy,
    Status,
    TransactionFacts,
    masked,
)
from oye_proxy.ocppj.facts.observer import Facts

__all__ = [
    "Availability",
    "BootState",
    "ChargerFacts",
    "ConnectorFacts",
    "Event",
    "Facts",
    "LimitFacts",
    "ReservationFacts",
    "SampleFacts",
    "StartedBy",
    "Status",
    "TransactionFacts",
    "masked",
]
