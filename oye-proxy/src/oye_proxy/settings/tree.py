"""
The settings: read once at start, frozen, handed down by the smallest group.

What changes while the proxy runs (the CSMS address, forwarding, automatic charging, the default id
tag) is state, see `state.py`; `CsmsSettings.url` only seeds it.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct


class Secret(Struct, frozen=True):
    """A text that is never shown; `reveal()` opens it."""

    _value: str

    def reveal(self) -> str:
        """Return the text."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __str__(self) -> str:
        return "***"


class OnCsmsLoss(StrEnum):
    """What happens to a charger whose CSMS is away."""

    STANDALONE = "standalone"
    CLOSE = "close"


class OnCsmsRefusal(StrEnum):
    """What happens to a charger that the CSMS refuses with a 4xx."""

    MIRROR = "mirror"
    STANDALONE = "standalone"


class BootReplay(StrEnum):
    """When a CSMS that returns hears the charger's last BootNotification."""

    AUTO = "auto"  # when the charger booted meanwhile, or the CSMS asks for it
    ALWAYS = "always"
    NEVER = "never"


class ChargerAuth(StrEnum):
    """How a charger proves who it is."""

    TRANSPARENT = "transparent"
    LOCAL = "local"
    NONE = "none"


class UnknownChargers(StrEnum):
    """What happens to a charger that was never seen."""

    ACCEPT = "accept"
    APPROVE = "approve"
    REJECT = "reject"


class Validation(StrEnum):
    """What happens to a payload that breaks its schema."""

    OFF = "off"
    WARN = "warn"
    ENFORCE = "enforce"


class CsmsOverlap(StrEnum):
    """What happens to a CSMS's CALL while another one of it is unanswered."""

    HOLD = "hold"
    PASS = "pass"  # noqa: S105 - a way to treat a CALL, not a password


class GuardMode(StrEnum):
    """What happens to a CSMS's CALL that can lock the owner out."""

    ALLOW = "allow"
    BLOCK = "block"


class MailSecurity(StrEnum):
    """How the connection to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class LogFormat(StrEnum):
    """How log lines look; `auto` is text on a terminal and JSON otherwise."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """The levels that the app offers; `trace` is `debug`, `notice` is `info`, `fatal` critical."""

    TRACE = "trace"
    DEBUG = "debug"
    INFO = "info"
    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"
    FATAL = "fatal"


_Seconds = Annotated[float, Meta(ge=0)]
_Positive = Annotated[float, Meta(gt=0)]
_Count = Annotated[int, Meta(ge=0)]


class ServerSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the proxy listens."""

    host: Annotated[str, Meta(description="Address to listen on; empty means all.")] = ""
    port: Annotated[int, Meta(ge=0, le=65535, description="TCP port; 0 takes a free one.")] = 8080
    name: Annotated[str, Meta(description="Name of this proxy, shown to its owner.")] = "OYE"
    public_socket: Annotated[
        Path | None, Meta(description="Unix socket for a server in front, instead of the port.")
    ] = None
    ingress_socket: Annotated[
        Path | None, Meta(description="Unix socket whose callers are administrators already.")
    ] = None
    status_file: Annotated[
        Path | None, Meta(description="What the server in front tells: certificates, URLs; JSON.")
    ] = None


class StorageSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the proxy keeps its data, and how much of it."""

    data_dir: Annotated[Path, Meta(description="Folder of the database and of secrets.json.")] = (
        Path("data")
    )
    db_path: Annotated[
        Path | None, Meta(description="SQLite file; <data_dir>/db/oye-proxy.db when unset.")
    ] = None
    memory: Annotated[bool, Meta(description="Keep the database in memory only.")] = False
    database_url: Annotated[
        Secret | None,
        Meta(description="PostgreSQL instead: postgresql+asyncpg://user:password@host/database."),
    ] = None
    retention_count: Annotated[
        int, Meta(ge=1, description="Frames kept per charger, the newest.")
    ] = 1000
    retention_days: Annotated[
        int, Meta(ge=0, description="Days that a frame is kept; 0 = no limit.")
    ] = 90
    cleanup_interval_hours: Annotated[
        float, Meta(ge=0.1, description="Hours between clean-ups, beside the one at 02:00 UTC.")
    ] = 24.0
    max_bytes: Annotated[
        int,
        Meta(ge=0, description="Size of the database above which the oldest frames go; 0 = none."),
    ] = 2 * 1024**3
    transaction_days: Annotated[
        int, Meta(ge=0, description="Days that a transaction's record is kept; 0 = for ever.")
    ] = 0
    sample_days: Annotated[
        int, Meta(ge=0, description="Days that its meter values are kept; 0 = as long as it.")
    ] = 400
    sample_interval: Annotated[
        _Seconds, Meta(description="Seconds between two stored values of one measurand.")
    ] = 1.0
    queue_frames: Annotated[
        int, Meta(ge=100, description="Frames that wait for the database before some are dropped.")
    ] = 50_000


class CsmsSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the proxy reaches the CSMS."""

    url: Annotated[
        str | None,
        Meta(description="Address of the CSMS; seeds targetCsmsUrl and switches forwarding on."),
    ] = None
    on_loss: Annotated[
        OnCsmsLoss, Meta(description="Keep chargers (standalone) or close them when it is away.")
    ] = OnCsmsLoss.STANDALONE
    on_refusal: Annotated[
        OnCsmsRefusal, Meta(description="Pass a refusal (4xx) on, or stand in for the CSMS.")
    ] = OnCsmsRefusal.MIRROR
    boot_replay: Annotated[
        BootReplay, Meta(description="When a CSMS that returns hears the last BootNotification.")
    ] = BootReplay.AUTO
    mark_offline: Annotated[
        bool, Meta(description="Set offline in the TransactionEvents that it hears later (2.x).")
    ] = True
    replay_attempts: Annotated[
        int, Meta(ge=1, description="Attempts for a message that the CSMS answers with an error.")
    ] = 3
    replay_retry: Annotated[
        _Seconds, Meta(description="Seconds before the second attempt; each next waits longer.")
    ] = 60.0
    remote_stop_invalid: Annotated[
        bool, Meta(description="Stop a transaction whose id tag the returned CSMS refuses.")
    ] = False
    dial_timeout: Annotated[_Positive, Meta(description="Seconds for one attempt.")] = 10.0
    standalone_after: Annotated[
        _Seconds, Meta(description="Seconds without a link until the proxy answers itself.")
    ] = 10.0
    reconnect_delay: Annotated[
        _Positive, Meta(description="Seconds before the first new attempt; doubles each time.")
    ] = 1.0
    reconnect_delay_max: Annotated[_Positive, Meta(description="Cap of that delay.")] = 300.0
    ping_interval: Annotated[_Seconds, Meta(description="Seconds between pings; 0 = none.")] = 30.0
    ping_timeout: Annotated[_Positive, Meta(description="Seconds of silence after that.")] = 60.0
    compression: Annotated[bool, Meta(description="Offer permessage-deflate.")] = False
    forward_query: Annotated[bool, Meta(description="Add the charger's query to the URL.")] = False
    ca_file: Annotated[Path | None, Meta(description="Own CA of the CSMS, PEM.")] = None
    pin_sha256: Annotated[
        str | None, Meta(description="SHA-256 of the CSMS's certificate, hex.")
    ] = None
    proxy: Annotated[str | None, Meta(description="HTTP proxy towards the CSMS.")] = None


class ChargerSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How chargers come in."""

    unknown: Annotated[
        UnknownChargers, Meta(description="What to do with a charger never seen before.")
    ] = UnknownChargers.ACCEPT
    auth: Annotated[
        ChargerAuth | None,
        Meta(description="transparent (default with a CSMS), local or none (default without)."),
    ] = None
    strict_version_path: Annotated[
        bool, Meta(description="Refuse a version in the URL that contradicts the subprotocol.")
    ] = False
    require_subprotocol: Annotated[
        bool, Meta(description="Refuse chargers that offer no subprotocol.")
    ] = False
    id_pattern: Annotated[
        str | None, Meta(description="Regular expression that a charger's id must match.")
    ] = None
    ping_interval: Annotated[_Seconds, Meta(description="Seconds between pings; 0 = none.")] = 30.0
    ping_timeout: Annotated[_Positive, Meta(description="Seconds of silence after that.")] = 60.0
    compression: Annotated[bool, Meta(description="Accept permessage-deflate.")] = False
    max_frame: Annotated[
        _Count, Meta(description="Largest message in bytes; larger closes 1009; 0 = no limit.")
    ] = 4 * 1024 * 1024
    max_connections: Annotated[int, Meta(ge=1, description="Chargers of this process.")] = 5000
    max_handshakes: Annotated[int, Meta(ge=1, description="Handshakes in progress.")] = 200
    frames_per_second: Annotated[
        _Positive, Meta(description="Rate of frames of one charger above which an alert is raised.")
    ] = 50.0


class OcppSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the proxy takes part in the conversation."""

    validation: Annotated[
        Validation, Meta(description="What to do with payloads that break their schema.")
    ] = Validation.WARN
    allow_additional: Annotated[
        tuple[str, ...], Meta(description="Actions whose payload may have further members.")
    ] = ("DataTransfer",)
    call_timeout: Annotated[
        _Positive, Meta(description="Seconds in which a charger must answer a CALL.")
    ] = 30.0
    csms_hold: Annotated[
        _Seconds, Meta(description="Seconds that a CSMS's CALL waits for another one's answer.")
    ] = 10.0
    csms_overlap: Annotated[
        CsmsOverlap, Meta(description="Hold or pass overlapping CALLs of the CSMS itself.")
    ] = CsmsOverlap.HOLD
    injection_wait: Annotated[
        _Positive, Meta(description="Seconds that an owner's CALL waits for its turn.")
    ] = 30.0
    injections_per_minute: Annotated[
        int, Meta(ge=1, description="Owner's CALLs a minute and charger.")
    ] = 30
    heartbeat_interval: Annotated[
        int, Meta(ge=1, description="Heartbeat interval told in standalone, seconds.")
    ] = 300
    pending_limit: Annotated[
        int, Meta(ge=1, description="CALLs held while the CSMS is away for a moment.")
    ] = 100
    swallow_uncorrelated: Annotated[
        bool, Meta(description="Swallow notifications without id after an own 1.6 command.")
    ] = False
    guard: Annotated[
        GuardMode, Meta(description="Let CSMS commands pass that can lock the owner out, or not.")
    ] = GuardMode.ALLOW
    strict_start: Annotated[
        bool, Meta(description="Check the tag of a started transaction like one to be started.")
    ] = False
    offline_cache: Annotated[
        bool, Meta(description="Accept tags in standalone that the CSMS accepted before.")
    ] = True


class ApiSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may use the API."""

    initial_admin_password: Annotated[
        Secret | None, Meta(description="Password of the first user; random when unset.")
    ] = None
    metrics_token: Annotated[
        Secret | None, Meta(description="Bearer token that opens /metrics and JSON /health.")
    ] = None
    session_idle_hours: Annotated[
        int, Meta(ge=1, le=8760, description="Hours after which an unused login ends.")
    ] = 168
    session_days: Annotated[
        int, Meta(ge=1, le=365, description="Days after which every login ends.")
    ] = 30
    max_body: Annotated[int, Meta(ge=1024, description="Largest request body, bytes.")] = 1_048_576
    live_clients: Annotated[int, Meta(ge=1, description="Open live connections.")] = 100
    trusted_proxies: Annotated[
        tuple[str, ...], Meta(description="Addresses that may set X-Forwarded-For.")
    ] = ()


class MailSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How mail is sent; without effect in the Home Assistant app.

    They seed a state that the console changes: other values than those taken over last are taken
    over.
    """

    server: Annotated[str | None, Meta(description="Mail server (SMTP); unset sends no mail.")] = (
        None
    )
    port: Annotated[
        int | None, Meta(ge=1, le=65535, description="Its port; 587, 465 or 25 when unset.")
    ] = None
    security: Annotated[MailSecurity, Meta(description="How the connection is encrypted.")] = (
        MailSecurity.STARTTLS
    )
    username: Annotated[str | None, Meta(description="User name at the mail server.")] = None
    password: Annotated[Secret | None, Meta(description="Password at the mail server.")] = None
    sender: Annotated[str | None, Meta(description="Address that mails come from.")] = None
    public_url: Annotated[
        str | None, Meta(description="Address of the console, for the links in mails.")
    ] = None


class LogSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the proxy logs, and where."""

    level: Annotated[LogLevel, Meta(description="The least severe level that is logged.")] = (
        LogLevel.INFO
    )
    format: Annotated[LogFormat, Meta(description="Text, JSON, or by the output.")] = LogFormat.AUTO
    dir: Annotated[
        Path | None, Meta(description="Folder of oye-proxy.log; unset = standard output only.")
    ] = None


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings of one proxy."""

    server: ServerSettings = ServerSettings()
    storage: StorageSettings = StorageSettings()
    csms: CsmsSettings = CsmsSettings()
    charger: ChargerSettings = ChargerSettings()
    ocpp: OcppSettings = OcppSettings()
    api: ApiSettings = ApiSettings()
    mail: MailSettings = MailSettings()
    log: LogSettings = LogSettings()
