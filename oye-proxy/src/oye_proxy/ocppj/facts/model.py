"""The facts of one charger as clients get them: frozen, camelCase in JSON, base units, UTC."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

ENERGY: Final = "Energy.Active.Import.Register"
POWER: Final = "Power.Active.Import"
CURRENT: Final = "Current.Import"
VOLTAGE: Final = "Voltage"

NO_ERROR: Final = "NoError"

_SHOWN_OF_ID_TAG = 4


class BootState(StrEnum):
    """The CSMS's last answer to a BootNotification."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    REJECTED = "rejected"
    ACCEPTED = "accepted"


class Status(StrEnum):
    """The nine states of a connector in 1.6 (C16 7.7), into which 2.x is translated."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_EVSE = "SuspendedEVSE"
    SUSPENDED_EV = "SuspendedEV"
    FINISHING = "Finishing"
    RESERVED = "Reserved"
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"


class Availability(StrEnum):
    """Whether the operator or the owner lets a connector be used."""

    OPERATIVE = "operative"
    INOPERATIVE = "inoperative"


class StartedBy(StrEnum):
    """Whose wish a transaction was; `local` is a card, a button or plug-and-charge."""

    OPERATOR = "operator"
    OWNER = "owner"
    AUTOMATION = "automation"
    LOCAL = "local"


class Event(Struct, frozen=True):
    """News, never replayed: its name and its data with camelCase keys, as JSON has them."""

    event: str
    data: dict[str, Any]


class SampleFacts(Struct, frozen=True, rename="camel", gc=False):
    """
    The newest value of one measurand.

    `value` is the total over the phases, None when only phases are known and have no total.
    `phases` has the keys L1, L2, L3, N, L1-L2, L2-L3, L3-L1 as far as they were sent.
    """

    value: float | None
    time: datetime
    unit: str | None = None
    phases: dict[str, float] = {}
    context: str = "Sample.Periodic"
    location: str = "Outlet"


class LimitFacts(Struct, frozen=True, rename="camel"):
    """
    The limit in force as the charger told it.

    `limit_source` is `charger` (or what limits it: EMS, grid) or `operator`; None when not told.
    """

    limit_a: float | None = None
    limit_w: float | None = None
    limit_source: str | None = None
    time: datetime | None = None


class TransactionFacts(Struct, frozen=True, rename="camel", gc=False):
    """
    One transaction.

    `gap` says that events are missing: its start was not seen, or a number in `seqNo`.
    `id_tag` shows its last four characters to callers with the scope `read`, `id_tag_name` is the
    owner's word for it, `id_tag_status` the CSMS's. `energy_wh` is None until a start is known.
    """

    transaction_id: str
    id_tag: str | None = None
    id_tag_name: str | None = None
    id_tag_type: str | None = None
    id_tag_status: str | None = None
    started_at: datetime | None = None
    started_by: StartedBy | None = None
    remote_start_id: int | None = None
    meter_start_wh: float | None = None
    meter_stop_wh: float | None = None
    energy_wh: float | None = None
    charging_state: str | None = None
    seq_no: int | None = None
    gap: bool = False
    offline: bool = False
    stopped_at: datetime | None = None
    reason: str | None = None


class ReservationFacts(Struct, frozen=True, rename="camel"):
    """
    One reservation that the charger accepted; without `evse_id` it is for any connector.

    `id_tag` shows its last four characters to callers with the scope `read`.
    """

    reservation_id: int
    evse_id: int | None = None
    id_tag: str | None = None
    until: datetime | None = None


class ConnectorFacts(Struct, frozen=True, rename="camel", gc=False):
    """
    One connector: in 1.6 a connectorId, in 2.x an EVSE with `connector_id` the one in use.

    `plugged` is None where the status does not tell. `energy_wh` is the total register. `socket`
    says whether a cable can be unlocked, None while nobody told.
    """

    evse_id: int
    connector_id: int | None = None
    status: Status | None = None
    status_since: datetime | None = None
    plugged: bool | None = None
    error_code: str | None = None
    vendor_error_code: str | None = None
    vendor_id: str | None = None
    info: str | None = None
    availability: Availability | None = None
    socket: bool | None = None
    power_w: float | None = None
    power_estimated: bool = False
    energy_wh: float | None = None
    samples: dict[str, SampleFacts] = {}
    limit: LimitFacts | None = None
    transaction: TransactionFacts | None = None
    last_transaction: TransactionFacts | None = None


class ChargerFacts(Struct, frozen=True, rename="camel"):
    """
    What the frames of one charger told.

    `status`, the error fields, `availability`, `limit` and `samples` are those of the whole
    charger (connector 0 of 1.6, EVSE 0 of 2.x); `fault` is true when it or a connector has one.
    """

    ocpp_version: str | None = None
    vendor: str | None = None
    model: str | None = None
    serial_number: str | None = None
    firmware_version: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_type: str | None = None
    meter_serial_number: str | None = None
    boot_state: BootState = BootState.UNKNOWN
    booted_at: datetime | None = None
    boot_reason: str | None = None
    heartbeat_interval: int | None = None
    last_seen: datetime | None = None
    firmware_status: str | None = None
    log_status: str | None = None
    supported_feature_profiles: list[str] | None = None
    connector_count: int | None = None
    rated_power_w: float | None = None
    rated_current_a: float | None = None
    fault: bool = False
    status: Status | None = None
    status_since: datetime | None = None
    error_code: str | None = None
    vendor_error_code: str | None = None
    vendor_id: str | None = None
    info: str | None = None
    availability: Availability | None = None
    limit: LimitFacts | None = None
    local_list_version: int | None = None
    reservations: list[ReservationFacts] = []
    samples: dict[str, SampleFacts] = {}
    connectors: list[ConnectorFacts] = []


def masked(id_tag: str | None) -> str | None:
    """Shorten an id tag to its last four characters; a tag that short is hidden whole."""
    if not id_tag:
        return None
    return "…" + (id_tag[-_SHOWN_OF_ID_TAG:] if len(id_tag) > _SHOWN_OF_ID_TAG else "")


def is_fault(status: Status | None, error_code: str | None) -> bool:
    """Whether a status or an error code says that something is wrong (C16 7.6, 7.7)."""
    return status is Status.FAULTED or error_code not in (None, NO_ERROR)
