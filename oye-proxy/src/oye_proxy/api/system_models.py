"""What the API tells of the proxy itself, and what may be asked of it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from oye_proxy.api.health_models import StorageReport
from oye_proxy.api.info_models import ProxyInfo
from oye_proxy.api.models import Answer, Request
from oye_proxy.api.settings_models import SettingsConfig
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.issues import Issue
from oye_proxy.hub.storage_policy import StorageChoice
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import LogLevel

MAX_LOG_LINES = 500


class CsmsTest(Request, frozen=True, kw_only=True):
    """Which CSMS to dial, and as which charger; without one the id is made up."""

    url: Annotated[str, Meta(min_length=1, max_length=2000)]
    charge_point_id: Annotated[str, Meta(min_length=1, max_length=255)] | None = None


class CsmsTestResult(Answer, frozen=True, kw_only=True):
    """
    What became of the test.

    A CSMS that refuses an id that it does not know is reached all the same. `message` says it in a
    sentence, without user information or query values.
    """

    reached: bool
    accepted: bool
    http_status: int | None
    subprotocol: str | None
    charge_point_id: str
    milliseconds: float
    message: str


class SimulatorStart(Request, frozen=True, kw_only=True):
    """Which simulated charger to start; without `connectors` it has one."""

    version: OcppVersion = OcppVersion.V1_6
    connectors: Annotated[int, Meta(ge=1, le=4)] = 1
    plug_in: Annotated[bool, Meta(description="Whether a car is there and charges.")] = True


class SimulatorEntry(Answer, frozen=True, kw_only=True):
    """One simulated charger that runs."""

    charge_point_id: str
    version: OcppVersion
    connected: bool


class ActionSchemas(Answer, frozen=True, kw_only=True):
    """
    One action of an OCPP version.

    `request` and `response` name its schemas; one without `response` is sent without an answer.
    `toCharger`: a CSMS may send it; `fromCharger`: a charger may. `destructive`: it interrupts, or
    takes something away, so that a person should be asked before; `lockout`: it can lock the owner
    out, and is sent with `confirm` only.
    """

    action: str
    request: str
    response: str | None
    to_charger: bool
    from_charger: bool
    destructive: bool
    lockout: bool


class VersionSchemas(Answer, frozen=True, kw_only=True):
    """The actions of one OCPP version."""

    version: OcppVersion
    actions: list[ActionSchemas]


class LogQuery(Request, frozen=True, kw_only=True):
    """How many of the newest lines."""

    limit: Annotated[int, Meta(ge=1, le=MAX_LOG_LINES)] = 200


class LogPatch(Request, frozen=True, kw_only=True):
    """How much is logged from now on, until the proxy starts again."""

    level: LogLevel


class LogEntry(Answer, frozen=True, kw_only=True):
    """One line of the log, without secrets."""

    time: datetime
    level: str
    logger: str
    message: str
    charger: str | None
    exception: str | None


class LogTail(Answer, frozen=True, kw_only=True):
    """The newest lines, oldest first, and how much is logged."""

    level: LogLevel
    lines: list[LogEntry]


class Licence(Answer, frozen=True, kw_only=True):
    """One installed package; `licence` as its metadata has it."""

    name: str
    version: str
    licence: str | None
    home_page: str | None


class SettingEntry(Answer, frozen=True, kw_only=True):
    """
    One setting that is fixed when the proxy starts.

    A secret value shows as `***`. `source` says where the value came from, null is the default.
    """

    name: str
    variable: str
    type: str
    default: str
    value: str
    description: str
    source: str | None


class SettingsSummary(Answer, frozen=True, kw_only=True):
    """What changes while the proxy runs; of the owner's id tags only how many there are."""

    config: SettingsConfig
    storage: StorageChoice
    id_tags: int


class Diagnostics(Answer, frozen=True, kw_only=True):
    """
    What helps to find a fault, for who is asked for help.

    Secrets, serial numbers, addresses of chargers and id tags are `***`.
    """

    made_at: datetime
    proxy: ProxyInfo
    uptime_seconds: float
    database: StorageReport
    settings: list[SettingEntry]
    state: SettingsSummary
    issues: list[Issue]
    chargers: list[ChargerState]
    log: LogTail


class SchemaList(Answer, frozen=True, kw_only=True):
    """
    The official schemas of one OCPP version.

    `actions` are those that a CSMS may send (`toCharger`) and a charger may send (`fromCharger`).
    """

    version: str
    schemas: list[str]
    to_charger: list[str]
    from_charger: list[str]
