"""
What an owner may ask of a charger: one request per intent, the bodies of the API's actions.

They speak of connectors, tags and amperes; in OCPP 2.x a connector is an EVSE. Those about files
and about tags have modules of their own beside this one.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias

from msgspec import Meta, Struct, field

from oye_proxy.ocppj.intents.file_requests import DiagnosticsRequest, FirmwareRequest
from oye_proxy.ocppj.intents.request_types import (
    Amperes,
    AnyConnector,
    CustomTrigger,
    IdTag,
    LimitDuration,
    OneConnector,
    Phases,
    Request,
    SettingName,
    TransactionId,
    Watts,
)
from oye_proxy.ocppj.intents.tag_requests import (
    CancelReservationRequest,
    LocalListRequest,
    LocalListVersionRequest,
    ReserveRequest,
)
from oye_proxy.ocppj.profiles.course import Recurrence
from oye_proxy.ocppj.profiles.ids import LimitScope
from oye_proxy.ocppj.profiles.schedules import RateUnit


class Intent(StrEnum):
    """The typed actions, as the paths of the API name them."""

    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    LIMIT = "limit"
    CLEAR_LIMIT = "clear-limit"
    SCHEDULE = "schedule"
    COMPOSITE_SCHEDULE = "composite-schedule"
    RESET = "reset"
    UNLOCK = "unlock"
    TRIGGER = "trigger"
    REFRESH = "refresh"
    AVAILABILITY = "availability"
    GET_CONFIGURATION = "get-configuration"
    SET_CONFIGURATION = "set-configuration"
    REPORT = "report"
    FIRMWARE = "firmware"
    DIAGNOSTICS = "diagnostics"
    LOCAL_LIST = "local-list"
    LOCAL_LIST_VERSION = "local-list-version"
    RESERVE = "reserve"
    CANCEL_RESERVATION = "cancel-reservation"
    CLEAR_CACHE = "clear-cache"
    DATA_TRANSFER = "data-transfer"


class ResetType(StrEnum):
    """When to restart: `soft` once idle, `hard` at once."""

    SOFT = "soft"
    HARD = "hard"


class ReportBase(StrEnum):
    """Which variables a report of a 2.x charger holds."""

    CONFIGURATION = "configuration"
    FULL = "full"
    SUMMARY = "summary"


class TriggeredMessage(StrEnum):
    """The messages that a charger can be asked for, in the words of both 1.6 and 2.x."""

    BOOT_NOTIFICATION = "BootNotification"
    CUSTOM_TRIGGER = "CustomTrigger"
    DIAGNOSTICS_STATUS_NOTIFICATION = "DiagnosticsStatusNotification"
    FIRMWARE_STATUS_NOTIFICATION = "FirmwareStatusNotification"
    HEARTBEAT = "Heartbeat"
    LOG_STATUS_NOTIFICATION = "LogStatusNotification"
    METER_VALUES = "MeterValues"
    PUBLISH_FIRMWARE_STATUS_NOTIFICATION = "PublishFirmwareStatusNotification"
    SIGN_CHARGE_POINT_CERTIFICATE = "SignChargePointCertificate"
    SIGN_CHARGING_STATION_CERTIFICATE = "SignChargingStationCertificate"
    SIGN_COMBINED_CERTIFICATE = "SignCombinedCertificate"
    SIGN_V2G_CERTIFICATE = "SignV2GCertificate"
    SIGN_V2G20_CERTIFICATE = "SignV2G20Certificate"
    STATUS_NOTIFICATION = "StatusNotification"
    TRANSACTION_EVENT = "TransactionEvent"


class StartRequest(Request, frozen=True):
    """Start a transaction, with a limit if one is given."""

    connector_id: OneConnector | None = None
    id_tag: IdTag | None = None
    limit_a: Amperes | None = None


class StopRequest(Request, frozen=True):
    """Stop a transaction: the one named, that of the connector, or the only one."""

    transaction_id: TransactionId | None = None
    connector_id: OneConnector | None = None


class PauseRequest(Request, frozen=True):
    """Hold a connector back in the way that is set for the charger."""

    connector_id: OneConnector | None = None


class ResumeRequest(Request, frozen=True):
    """End a pause; the tag is needed where pausing stopped the transaction."""

    connector_id: OneConnector | None = None
    id_tag: IdTag | None = None


class LimitRequest(Request, frozen=True):
    """
    Limit the running transaction, transactions by default, or the whole charger.

    One of `limitA` and `limitW`, or `phases` alone, which keeps the limit. A default without a
    connector holds for all of them. What needs no CALL now (the charger has it, or the session has
    not begun) is accepted without a `response`; a lasting limit is sent at most once a minute.
    """

    limit_a: Amperes | None = None
    limit_w: Watts | None = None
    scope: LimitScope = LimitScope.SESSION
    connector_id: AnyConnector | None = None
    phases: Phases | None = None
    duration: LimitDuration | None = None


class ClearLimitRequest(Request, frozen=True):
    """Remove limits of the owner, those of one scope or connector or all; never the CSMS's."""

    scope: LimitScope | None = None
    connector_id: AnyConnector | None = None


class SchedulePeriod(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A limit in the schedule's unit, from `start` seconds after the schedule begins."""

    start: Annotated[int, Meta(ge=0, le=604_800)]
    limit: Annotated[float, Meta(ge=0, le=2_000_000)]


class ScheduleRequest(Request, frozen=True):
    """
    Limit by a schedule; it takes the place of the limit with the same scope and connector.

    The first period starts at 0, each later than the one before. Without `start` it begins now;
    with `recurrence` it begins anew after each day or week, else its last limit stays, for
    `duration` seconds in all if that is given. Less than 6 A means pause. With `timeZone`, an IANA
    name such as `Europe/Berlin`, what recurs keeps its times when the clocks there change; without
    it a day has 24 hours.
    """

    periods: Annotated[list[SchedulePeriod], Meta(min_length=1, max_length=100)]
    unit: RateUnit = RateUnit.A
    scope: LimitScope = LimitScope.SESSION
    connector_id: AnyConnector | None = None
    start: Annotated[datetime, Meta(tz=True)] | None = None
    recurrence: Recurrence | None = None
    time_zone: Annotated[str, Meta(max_length=64)] | None = None
    phases: Phases | None = None
    duration: LimitDuration | None = None


class CompositeScheduleRequest(Request, frozen=True):
    """Ask which limit will be in force."""

    connector_id: AnyConnector | None = None
    duration: Annotated[int, Meta(ge=1, le=604_800, description="Seconds from now.")] = 86_400
    unit: RateUnit | None = None


class ResetRequest(Request, frozen=True):
    """Restart the charger, in 2.x also a single EVSE."""

    type: ResetType = ResetType.SOFT
    connector_id: OneConnector | None = None


class UnlockRequest(Request, frozen=True):
    """Unlock the cable of a connector."""

    connector_id: OneConnector | None = None


class TriggerRequest(Request, frozen=True):
    """Ask the charger to send a message now."""

    message: TriggeredMessage
    connector_id: OneConnector | None = None
    custom_trigger: CustomTrigger | None = None


class RefreshRequest(Request, frozen=True):
    """Ask the charger for the status and the meter values of all its connectors."""


class AvailabilityRequest(Request, frozen=True):
    """Take a connector, or without one the whole charger, out of service or back into it."""

    operative: Annotated[bool, Meta(description="Whether transactions shall be possible.")]
    connector_id: AnyConnector | None = None


class GetConfigurationRequest(Request, frozen=True):
    """Read settings of the charger; all of them when no key is given."""

    keys: Annotated[list[SettingName], Meta(max_length=100)] = field(default_factory=list)


class SetConfigurationRequest(Request, frozen=True):
    """Change one setting of the charger."""

    key: SettingName
    value: Annotated[str, Meta(max_length=2500, description="At most 500 characters in 1.6.")]


class ReportRequest(Request, frozen=True):
    """Ask a 2.x charger for its variables; they arrive in later messages."""

    report_base: ReportBase = ReportBase.FULL


class ClearCacheRequest(Request, frozen=True):
    """Empty the charger's memory of authorized tags."""


class DataTransferRequest(Request, frozen=True):
    """Send a message of the vendor's own; data that is no text goes as JSON text in 1.6."""

    vendor_id: Annotated[str, Meta(min_length=1, max_length=255)]
    message_id: Annotated[str, Meta(max_length=50)] | None = None
    data: Any = None


# What becomes CALLs of the charger's version, and what becomes wishes of the owner.
MessageRequest: TypeAlias = (
    StartRequest
    | StopRequest
    | CompositeScheduleRequest
    | ResetRequest
    | UnlockRequest
    | TriggerRequest
    | RefreshRequest
    | AvailabilityRequest
    | GetConfigurationRequest
    | SetConfigurationRequest
    | ReportRequest
    | FirmwareRequest
    | DiagnosticsRequest
    | LocalListRequest
    | LocalListVersionRequest
    | ReserveRequest
    | CancelReservationRequest
    | ClearCacheRequest
    | DataTransferRequest
)
WishRequest: TypeAlias = (
    LimitRequest | ScheduleRequest | ClearLimitRequest | PauseRequest | ResumeRequest
)
IntentRequest: TypeAlias = MessageRequest | WishRequest

REQUESTS: Final[Mapping[Intent, type[IntentRequest]]] = MappingProxyType(
    {
        Intent.START: StartRequest,
        Intent.STOP: StopRequest,
        Intent.PAUSE: PauseRequest,
        Intent.RESUME: ResumeRequest,
        Intent.LIMIT: LimitRequest,
        Intent.SCHEDULE: ScheduleRequest,
        Intent.CLEAR_LIMIT: ClearLimitRequest,
        Intent.COMPOSITE_SCHEDULE: CompositeScheduleRequest,
        Intent.RESET: ResetRequest,
        Intent.UNLOCK: UnlockRequest,
        Intent.TRIGGER: TriggerRequest,
        Intent.REFRESH: RefreshRequest,
        Intent.AVAILABILITY: AvailabilityRequest,
        Intent.GET_CONFIGURATION: GetConfigurationRequest,
        Intent.SET_CONFIGURATION: SetConfigurationRequest,
        Intent.REPORT: ReportRequest,
        Intent.FIRMWARE: FirmwareRequest,
        Intent.DIAGNOSTICS: DiagnosticsRequest,
        Intent.LOCAL_LIST: LocalListRequest,
        Intent.LOCAL_LIST_VERSION: LocalListVersionRequest,
        Intent.RESERVE: ReserveRequest,
        Intent.CANCEL_RESERVATION: CancelReservationRequest,
        Intent.CLEAR_CACHE: ClearCacheRequest,
        Intent.DATA_TRANSFER: DataTransferRequest,
    }
)
