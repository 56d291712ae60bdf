"""
What the proxy tells, as frozen data; the `parsing_` modules make it from JSON.

Objects are immutable, and what did not change stays the same object: entities compare with `is`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

ENERGY_IMPORT: Final = "Energy.Active.Import.Register"
POWER_IMPORT: Final = "Power.Active.Import"


class Status(StrEnum):
    """The states of a connector; `inoperative` because Home Assistant has its own `unavailable`."""

    AVAILABLE = "available"
    PREPARING = "preparing"
    CHARGING = "charging"
    SUSPENDED_EV = "suspended_ev"
    SUSPENDED_EVSE = "suspended_evse"
    FINISHING = "finishing"
    RESERVED = "reserved"
    INOPERATIVE = "inoperative"
    FAULTED = "faulted"


class Mode(StrEnum):
    """The owner's policy for a charger."""

    FORWARD = "forward"
    MONITOR = "monitor"
    STANDALONE = "standalone"


class Link(StrEnum):
    """Where the charger's messages go now."""

    CONNECTED = "connected"
    HOLDING = "holding"
    STANDALONE = "standalone"
    CATCHING_UP = "catching_up"


class BootState(StrEnum):
    """The CSMS's last answer to a BootNotification."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    REJECTED = "rejected"
    ACCEPTED = "accepted"


class Availability(StrEnum):
    """Whether the operator or the owner lets a connector be used."""

    OPERATIVE = "operative"
    INOPERATIVE = "inoperative"


class Party(StrEnum):
    """Whose limit is in force."""

    NO_LIMIT = "no_limit"
    OWNER = "owner"
    CSMS = "csms"
    CHARGER = "charger"


class PauseStrategy(StrEnum):
    """How a pause holds a connector back."""

    LIMIT_ZERO = "limit_zero"
    REMOTE_STOP = "remote_stop"


class OwnerStatus(StrEnum):
    """Whether a charger is in use."""

    ACTIVE = "active"
    MAINTENANCE = "maintenance"
    INACTIVE = "inactive"


class Severity(StrEnum):
    """`critical`: act at once; `error`: a person must act; `warning`: something degrades."""

    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """The proxy itself; its instance id stays for ever."""

    instance_id: str
    api_version: int
    version: str = ""
    name: str = "OYE"
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The newest value of one measurand, in its base unit; `value` is the total over the phases."""

    value: float | None
    time: datetime | None = None
    unit: str | None = None
    phases: Mapping[str, float] = field(default_factory=dict)
    context: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One transaction, running or the last one."""

    transaction_id: str
    id_tag: str | None = None
    id_tag_name: str | None = None
    id_tag_type: str | None = None
    id_tag_status: str | None = None
    started_at: datetime | None = None
    started_by: str | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLimit:
    """The limit in force as the charger itself told it."""

    limit_a: float | None = None
    limit_w: float | None = None
    limit_source: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorLimits:
    """The limits on one connector: wished, accepted by the charger, in force; in amperes."""

    effective_limit_a: float | None = None
    limit_source: Party | None = None
    verified: bool | None = None
    default_limit_a: float | None = None
    default_accepted_a: float | None = None
    session_limit_a: float | None = None
    session_accepted_a: float | None = None
    session_phases: int | None = None
    session_until: datetime | None = None
    paused: bool = False
    paused_by: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits on the whole charger, in amperes; those of a connector are the connector's."""

    effective_limit_a: float | None = None
    limit_source: Party | None = None
    verified: bool | None = None
    default_limit_a: float | None = None
    default_accepted_a: float | None = None
    max_current_a: float | None = None
    max_current_accepted_a: float | None = None
    paused: bool = False
    paused_by: Party | None = None
    conflict: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a StatusNotification tells of a connector, or of the whole charger."""

    status: Status | None = None
    status_since: datetime | None = None
    error_code: str | None = None
    vendor_error_code: str | None = None
    vendor_id: str | None = None
    info: str | None = None
    availability: Availability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """What meter values tell; the samples have the measurand as key."""

    power_w: float | None = None
    power_estimated: bool = False
    energy_wh: float | None = None
    samples: Mapping[str, Sample] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One reservation that the charger accepted; without a number it is for any connector."""

    reservation_id: int
    number: int | None = None
    id_tag: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """
    One connector: `number` is the connector id of 1.6 and the EVSE id of 2.x.

    `socket` says whether a cable can be unlocked, None while nobody told.
    """

    number: int
    connector_id: int | None = None
    plugged: bool | None = None
    socket: bool | None = None
    condition: Condition = Condition()
    meter: Meter = Meter()
    limit: ToldLimit | None = None
    limits: ConnectorLimits = ConnectorLimits()
    transaction: Transaction | None = None
    last_transaction: Transaction | None = None

    @property
    def status(self) -> Status | None:
        """The connector's state."""
        return self.condition.status

    def sample(self, measurand: str) -> Sample | None:
        """Return the newest sample of a measurand."""
        return self.meter.samples.get(measurand)


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot:
    """What a charger told of itself when it booted, and of its settings."""

    vendor: str | None = None
    model: str | None = None
    serial_number: str | None = None
    firmware_version: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_type: str | None = None
    meter_serial_number: str | None = None
    state: BootState | None = None
    booted_at: datetime | None = None
    reason: str | None = None
    heartbeat_interval: int | None = None
    supported_feature_profiles: tuple[str, ...] = ()
    connector_count: int | None = None
    rated_power_w: float | None = None
    rated_current_a: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charger:
    """One charger, whole."""

    charge_point_id: str
    name: str
    connected: bool = False
    connected_at: datetime | None = None
    remote_address: str | None = None
    remote_port: int | None = None
    ocpp_version: str | None = None
    subprotocol: str | None = None
    boot: Boot = Boot()
    last_seen: datetime | None = None
    firmware_status: str | None = None
    log_status: str | None = None
    mode: Mode | None = None
    modes: tuple[Mode, ...] = ()
    link: Link | None = None
    csms_connected: bool = False
    csms_url: str | None = None
    approved: bool = True
    owner_status: OwnerStatus | None = None
    journal_pending: int = 0
    pause_strategy: PauseStrategy | None = None
    fault: bool = False
    condition: Condition = Condition()
    limit: ToldLimit | None = None
    limits: Limits = Limits()
    local_list_version: int | None = None
    reservations: tuple[Reservation, ...] = ()
    samples: Mapping[str, Sample] = field(default_factory=dict)
    connectors: Mapping[int, Connector] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that the owner should look at; without a charger it concerns the proxy."""

    key: str
    severity: Severity
    charge_point_id: str | None = None
    since: datetime | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """News of a charger; `data` has the proxy's camelCase keys."""

    event: str
    charge_point_id: str
    time: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that is live; `complete` is false when a charger could not be read."""

    epoch: str
    seq: int
    proxy: Proxy
    chargers: Mapping[str, Charger]
    issues: tuple[Issue, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """What became of a command; `accepted` is None when the answer was not waited for."""

    status: str
    message_id: str | None = None
    queued: bool = False
    accepted: bool | None = None
    response: Any = None
    follow_ups: tuple[Any, ...] = ()
    complete: bool | None = None
    reservation_id: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One transaction as the proxy recorded it."""

    row: int
    charge_point_id: str
    transaction_id: str
    number: int | None = None
    state: str | None = None
    begun_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    duration_seconds: float | None = None
    id_tag: str | None = None
    id_tag_name: str | None = None
    id_tag_status: str | None = None
    started_by: str | None = None
    reason: str | None = None
    meter_start_wh: float | None = None
    meter_stop_wh: float | None = None
    energy_wh: float | None = None
    start_acknowledged_at: datetime | None = None
    stop_acknowledged_at: datetime | None = None
    gap: bool = False
    adopted: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage:
    """Recorded transactions, those that began last first; `next_before` leads to more."""

    sessions: tuple[Session, ...]
    next_before: int | None = None
