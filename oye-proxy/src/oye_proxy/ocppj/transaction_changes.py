"""What one frame changes in the record of a transaction, 1.6 and 2.x in one."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.ocppj.transaction_samples import Sample


class ChangeKind(StrEnum):
    """What a change is about."""

    START = "start"
    UPDATE = "update"
    STOP = "stop"
    VERDICT = "verdict"


class Verdict(Struct, frozen=True, gc=False):
    """The CSMS's word on a start or a stop: `refusal` is its error code, None when it took it."""

    at: datetime
    refusal: str | None = None


class TransactionChange(Struct, frozen=True, kw_only=True, gc=False):
    """
    What one frame says of one transaction; None is what it does not say.

    `transaction_id` is the charger's; it is None only in the verdict on a start of 1.6 that the
    charger was answered long ago: tag, connector, register and time tell which start it was.
    """

    kind: ChangeKind
    at: datetime
    transaction_id: str | None
    csms_transaction_id: str | None = None
    ocpp_version: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None
    id_tag: str | None = None
    id_tag_type: str | None = None
    id_tag_status: str | None = None
    stop_id_tag: str | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    reason: str | None = None
    meter_start_wh: float | None = None
    meter_stop_wh: float | None = None
    register_wh: float | None = None
    energy_wh: float | None = None
    started_by: StartedBy | None = None
    remote_start_id: int | None = None
    start_verdict: Verdict | None = None
    stop_verdict: Verdict | None = None
    gap: bool = False
    offline: bool = False
    samples: tuple[Sample, ...] = ()


def merged(older: TransactionChange, newer: TransactionChange) -> TransactionChange:
    """Make one of two updates of a transaction."""
    said = {name: value for name in _SAID if (value := getattr(newer, name)) is not None}
    return replace(
        older,
        **said,
        at=newer.at,
        gap=older.gap or newer.gap,
        offline=older.offline or newer.offline,
        samples=older.samples + newer.samples,
    )


_SAID: Final = tuple(
    name
    for name in TransactionChange.__struct_fields__
    if name not in ("kind", "at", "gap", "offline", "samples")
)
