"""
The JSON of the API: what is asked and what is answered.

Rows and bodies that the Node oye-proxy has keep its spelling; all others are camelCase. A request
model refuses members that it does not know.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from oye_proxy.accounts import Scope
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.issues import Issue
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.hub.owner_tags import TagVerdict
from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.ocppj.journal.entries import EntryState, JournalClass
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.wishes import PauseStrategy
from oye_proxy.status_file import CertificateStatus
from oye_proxy.storage.directions import Direction
from oye_proxy.storage.selection import Keep, KeepRule, Preset
from oye_proxy.storage.transaction_totals import Per

API_VERSION = 1
MAX_ROWS = 5000
MAX_WAIT = 120.0

_Id = Annotated[str, Meta(min_length=1, max_length=255)]
_EpochSeconds = Annotated[
    float, Meta(ge=-1e12, le=1e12, description="Only frames after this, exclusive.")
]
TransactionState = Literal["open", "ended"]
Wait = Annotated[float, Meta(ge=1, le=MAX_WAIT, description="Seconds to wait for the answer.")]


class Request(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of what is asked."""


class Answer(Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what is answered."""


class Done(Answer, frozen=True, kw_only=True):
    """It is done."""

    success: bool = True


class ProxyInfo(Answer, frozen=True, kw_only=True):
    """What this proxy is: `instanceId` stays for ever, `features` are slugs."""

    version: str
    api_version: int = API_VERSION
    instance_id: str
    name: str
    features: tuple[str, ...] = ()


class LiveState(Answer, frozen=True, kw_only=True):
    """
    Everything that is live.

    `epoch` is new at each start of the proxy; `seq` is 0 here and rises by one per live message.
    """

    epoch: str
    seq: int = 0
    proxy: ProxyInfo
    chargers: tuple[ChargerState, ...]
    issues: tuple[Issue, ...]


class _LogsConditions(Struct, frozen=True, kw_only=True, rename="camel"):
    charge_point_id: _Id | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_ROWS, description="Most rows to return.")] = 100
    since: _EpochSeconds | None = None
    before: Annotated[int, Meta(ge=0, description="Only rows with a smaller id.")] | None = None
    after: Annotated[int, Meta(ge=0, description="Only rows with a larger id.")] | None = None
    direction: Direction | None = None
    action: Annotated[str, Meta(description="One action, such as Heartbeat.")] | None = None
    q: (
        Annotated[
            str,
            Meta(
                max_length=200,
                description="Text in the payload; without a charger all frames may have to be read,"
                " one such search after the other.",
            ),
        ]
        | None
    ) = None


class LogsQuery(_LogsConditions, frozen=True, kw_only=True):
    """Which stored frames; unknown parameters are ignored, as the Node oye-proxy does."""


class LogsSearch(_LogsConditions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which stored frames; all conditions hold at once."""


class FrameRow(Struct, frozen=True, kw_only=True):
    """
    One stored frame.

    `payload` is the frame's JSON, or its text when it is none; `timestamp` is in epoch seconds.
    """

    id: int
    charge_point_id: str
    direction: str
    payload: Any
    timestamp: int
    time: datetime | None
    message_type: int | None = field(name="messageType")
    action: str | None
    message_id: str | None = field(name="messageId")
    peer: str | None
    rule: str | None
    late: bool
    injection: str | None


class JournalSearch(Request, frozen=True, kw_only=True):
    """Which entries of a charger's journal; all conditions hold at once."""

    limit: Annotated[int, Meta(ge=1, le=200, description="Most entries to return.")] = 100
    before: Annotated[int, Meta(ge=0, le=2**62, description="Only smaller sequences.")] | None = (
        None
    )
    state: EntryState | None = None
    transaction_id: Annotated[str, Meta(max_length=255)] | None = None


class JournalEntry(Answer, frozen=True, kw_only=True):
    """
    One message of a charger that the proxy answered, and what the CSMS was told of it.

    `class` is T for transactions, E for other events, L for what only the last one counts of.
    `text` is the message as it arrived, `answer` the proxy's; `sent` is what went to the CSMS when
    it was another text, `response` the CSMS's last answer. Secrets in them are `***`. `uncertain`:
    the CSMS may have had it once before. `attempts` counts how often the CSMS answered it.
    """

    sequence: int
    journal_class: JournalClass = field(name="class")
    action: str
    message_id: str
    transaction_id: str | None
    arrived_at: datetime
    state: EntryState
    uncertain: bool
    attempts: int
    settled_at: datetime | None
    text: str
    sent: str | None
    answer: str
    response: str | None


class JournalPage(Answer, frozen=True, kw_only=True):
    """
    Entries of a charger's journal, newest first.

    `pending` counts all that the CSMS has yet to hear. `nextBefore` is the `before` of the next
    page, null on the last one.
    """

    charge_point_id: str
    pending: int
    entries: list[JournalEntry]
    next_before: int | None


class ChargerRow(Struct, frozen=True, kw_only=True):
    """
    One charger as the Node oye-proxy tells it, and its whole live `state`.

    `status` is `ONLINE` or `OFFLINE` by the open connection; times are epoch seconds; `max_power`
    is the lasting limit in amperes.
    """

    charge_point_id: str
    status: Literal["ONLINE", "OFFLINE"]
    last_seen: int | None
    max_power: float | None
    remote_ip: str | None
    remote_port: int | None
    connected_at: int | None
    state: ChargerState


class ChargerPatch(Request, frozen=True, kw_only=True):
    """
    What the owner changes about a charger; what is absent stays.

    `pauseStrategy`: a pause sets a limit of 0 A (`limit_zero`), or ends the transaction
    (`remote_stop`), for chargers that would end it at 0 A anyway. `ownerStatus`: `inactive` ends
    the charger's connection and refuses the next ones; `maintenance` lets its frames pass, hides
    its issues and charges nothing automatically.
    """

    name: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    approved: bool | UnsetType = UNSET
    owner_status: OwnerStatus | UnsetType = UNSET
    pause_strategy: PauseStrategy | UnsetType = UNSET


class _TransactionConditions(Request, frozen=True, kw_only=True):
    charge_point_id: _Id | None = None
    id_tag: (
        Annotated[
            str, Meta(min_length=1, max_length=255, description="The whole tag, in any case.")
        ]
        | None
    ) = None
    from_: (
        Annotated[datetime, Meta(tz=True, description="Only those that began then or later.")]
        | None
    ) = field(name="from", default=None)
    to: Annotated[datetime, Meta(tz=True, description="Only those that began before.")] | None = (
        None
    )
    state: TransactionState | None = None
    started_by: StartedBy | None = None


class TransactionsExport(_TransactionConditions, frozen=True, kw_only=True):
    """Which transactions; all conditions hold at once."""


class TransactionsSearch(_TransactionConditions, frozen=True, kw_only=True):
    """Which transactions, and which page of them; all conditions hold at once."""

    before: (
        Annotated[int, Meta(ge=0, le=2**62, description="Only those after this `id` in the list.")]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=200, description="Most rows to return.")] = 100


class TotalsQuery(_TransactionConditions, frozen=True, kw_only=True):
    """What is added up, and by what."""

    by: Per
    utc_offset: Annotated[
        int, Meta(ge=-900, le=900, description="Minutes east of Greenwich: when a day begins.")
    ] = 0


class TransactionEntry(Answer, frozen=True, kw_only=True):
    """
    One transaction.

    `id` is that of its record, `transaction_id` the charger's, `csms_transaction_id` the CSMS's
    when it gave one (1.6). `begun_at` is the start or, of an `adopted` one whose start was not
    seen, its first message. An `ended` one without `stopped_at` lost its end: another began in its
    place. `gap`: messages of it are missing; `offline`: some were made without a connection. The
    CSMS took its start at `start_acknowledged_at` and its end at `stop_acknowledged_at`; a refusal
    is the error code with which it did not. Tags show their last four characters to callers with
    the scope `read`; `id_tag_name` is the owner's word for the tag.
    """

    id: int
    charge_point_id: str
    transaction_id: str
    csms_transaction_id: str | None
    evse_id: int | None
    connector_id: int | None
    ocpp_version: str | None
    state: TransactionState
    begun_at: datetime
    started_at: datetime | None
    stopped_at: datetime | None
    duration_seconds: float | None
    id_tag: str | None
    id_tag_name: str | None
    id_tag_type: str | None
    id_tag_status: str | None
    stop_id_tag: str | None
    started_by: StartedBy | None
    remote_start_id: int | None
    reason: str | None
    meter_start_wh: float | None
    meter_stop_wh: float | None
    energy_wh: float | None
    start_acknowledged_at: datetime | None
    start_refusal: str | None
    stop_acknowledged_at: datetime | None
    stop_refusal: str | None
    gap: bool
    adopted: bool
    offline: bool
    updated_at: datetime


class TransactionPage(Answer, frozen=True, kw_only=True):
    """Transactions, those that began last first; `next_before` leads to the next page."""

    transactions: list[TransactionEntry]
    next_before: int | None


class TransactionSample(Answer, frozen=True, kw_only=True):
    """One value in its base unit (Wh, W, A, V, %, °C); without `phase` it is the total."""

    time: datetime
    measurand: str
    phase: str | None
    value: float
    unit: str | None
    context: str
    location: str


class TransactionDetail(Answer, frozen=True, kw_only=True):
    """A transaction with its meter values; of more than 2000 every n-th of each series."""

    transaction: TransactionEntry
    samples: list[TransactionSample]
    sample_count: int
    thinned: bool


class TransactionTotal(Answer, frozen=True, kw_only=True):
    """
    What the transactions of one key amount to; each counts whole where it began.

    `key` is a day (`2026-11-21`), a month (`2026-11`), an hour of the day (`07`), a charger's id or
    an id tag, None for those without one.
    """

    key: str | None
    transactions: int
    energy_wh: float
    duration_seconds: float


class WaitQuery(Request, frozen=True, kw_only=True):
    """How long to wait for the charger."""

    wait: Wait | None = None


class InjectRequest(Request, frozen=True, kw_only=True):
    """A CALL for the charger; `confirm` is needed for what can lock the owner out."""

    action: Annotated[str, Meta(min_length=1, max_length=255)]
    payload: dict[str, Any] | None = None
    confirm: bool = False


class Sent(Answer, frozen=True, kw_only=True):
    """
    The command is with the charger, or waits for its turn (`queued`).

    With `wait`, `response` is the charger's answer and `accepted` says whether it agreed;
    `followUps` are the payloads that arrived later and belong to the answer; `complete` is false
    when not all of them came in time. `reservationId` is that of a reservation. `warnings` are
    sentences on why the charger or the CSMS may refuse it; it was sent all the same.
    """

    status: str = "sent"
    message_id: str
    queued: bool | UnsetType = UNSET
    accepted: bool | UnsetType = UNSET
    response: Any = UNSET
    follow_ups: tuple[Any, ...] | UnsetType = UNSET
    complete: bool | UnsetType = UNSET
    reservation_id: int | UnsetType = UNSET
    warnings: tuple[str, ...] | UnsetType = UNSET


class SmartChargingRequest(Struct, frozen=True, kw_only=True, rename="camel"):
    """One of `action` (`clear`), `maxPower` or `sessionLimit`, looked at in this order; amperes."""

    action: str | None = None
    max_power: float | str | None = None
    session_limit: float | str | None = None
    transaction_id: int | str | None = None


class ConfigBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """The proxy's configuration; every value is a string."""

    target_csms_url: str
    csms_forwarding_enabled: str
    auto_charge_enabled: str
    default_id_tag: str
    port: str


class ConfigPatch(Request, frozen=True, kw_only=True):
    """New values, effective at once; what is absent stays. `port` is read-only."""

    target_csms_url: str | UnsetType = UNSET
    csms_forwarding_enabled: bool | Literal["true", "false"] | UnsetType = UNSET
    auto_charge_enabled: bool | Literal["true", "false"] | UnsetType = UNSET
    default_id_tag: Annotated[str, Meta(min_length=1, max_length=255)] | UnsetType = UNSET
    port: int | str | UnsetType = UNSET


class StoragePolicyBody(Answer, frozen=True, kw_only=True):
    """
    Which frames are stored, and for how long.

    `preset` `selective` leaves MeterValues and Heartbeat out; `custom` follows `rules`, and
    `otherwise` where none names an action. The limits are those in force; 0 is no limit.
    """

    preset: Preset
    rules: tuple[KeepRule, ...]
    otherwise: Keep
    retention_count: int
    retention_days: int
    max_bytes: int


class StoragePolicyPatch(Request, frozen=True, kw_only=True):
    """
    New values, effective at once; what is absent stays.

    `rules` with another preset than `custom` are kept for later. A limit of null is that of the
    settings again.
    """

    preset: Preset | UnsetType = UNSET
    rules: tuple[KeepRule, ...] | UnsetType = UNSET
    otherwise: Keep | UnsetType = UNSET
    retention_count: Annotated[int, Meta(ge=1, le=2**31)] | UnsetType | None = UNSET
    retention_days: Annotated[int, Meta(ge=0, le=36_500)] | UnsetType | None = UNSET
    max_bytes: Annotated[int, Meta(ge=0, le=2**62)] | UnsetType | None = UNSET


class PasswordChange(Request, frozen=True, kw_only=True):
    """The present password and the new one, of the user who calls."""

    current_password: str = ""
    new_password: str = ""


class PasswordChanged(Answer, frozen=True, kw_only=True):
    """The password is another one; all other logins of the user have ended."""

    status: str = "success"
    message: str = "Password changed successfully"


class NewToken(Request, frozen=True, kw_only=True):
    """An API token to be made."""

    name: str
    scope: Scope = Scope.READ


class Token(Answer, frozen=True, kw_only=True):
    """One API token."""

    id: int
    name: str
    scope: Scope
    created_at: datetime
    last_used: datetime | None


class CreatedToken(Answer, frozen=True, kw_only=True):
    """A new API token; `token` is shown this once."""

    id: int
    name: str
    scope: Scope
    token: str


class RotatedToken(Answer, frozen=True, kw_only=True):
    """Until when the former token of Home Assistant's integration opens the API."""

    former_valid_until: datetime


class IdTagChange(Request, frozen=True, kw_only=True):
    """What the owner says of an id tag; a name that is absent stays, null takes it away."""

    status: TagVerdict
    name: Annotated[str, Meta(max_length=64)] | UnsetType | None = UNSET


class IdTagEntry(Answer, frozen=True, kw_only=True):
    """One id tag of the owner's list."""

    id_tag: str
    name: str | None
    status: TagVerdict
    updated_at: datetime


class SchemaList(Answer, frozen=True, kw_only=True):
    """
    The official schemas of one OCPP version.

    `actions` are those that a CSMS may send (`toCharger`) and a charger may send (`fromCharger`).
    """

    version: str
    schemas: list[str]
    to_charger: list[str]
    from_charger: list[str]


class StorageReport(Answer, frozen=True, kw_only=True):
    """
    The database, its room, and the frames that wait for it or were dropped before it.

    `usedBytes` holds something, the rest of `sizeBytes` is free for new rows; above `maxBytes` (0:
    no limit) the oldest frames go. `frames` was counted within the last ten minutes. None is what
    is not known: the disk of a PostgreSQL, for one.
    """

    up: bool
    kind: str
    size_bytes: int | None
    used_bytes: int | None
    max_bytes: int
    disk_free_bytes: int | None
    disk_total_bytes: int | None
    frames: int | None
    frames_waiting: int
    frames_dropped: int


class JournalReport(Answer, frozen=True, kw_only=True):
    """What CSMSs have yet to hear, of how many chargers, and when the oldest of it arrived."""

    pending: int
    chargers: int
    oldest_arrival: datetime | None


class ChargerCount(Answer, frozen=True, kw_only=True):
    """How many chargers are known and connected, and how many of these have their CSMS."""

    known: int
    connected: int
    csms_connected: int


class HealthReport(Answer, frozen=True, kw_only=True):
    """
    How the proxy is; `down` (503) when a part is down that it cannot work without.

    `journal` is null when the database cannot tell.
    `certificates` and `chargerUrls` are what a server in front tells, in the Home Assistant app.
    """

    status: Literal["ok", "down"]
    version: str
    uptime_seconds: float
    database: StorageReport
    journal: JournalReport | None
    chargers: ChargerCount
    live_clients: int
    certificates: tuple[CertificateStatus, ...] = ()
    charger_urls: tuple[str, ...] = ()


class Dependency(Answer, frozen=True, kw_only=True):
    """One part that the service relies on."""

    status: Literal["up", "down", "disabled"]


class ServiceHealth(Answer, frozen=True, kw_only=True):
    """The health of the service, in the shape of the gateway for fleets."""

    status: Literal["ok", "down"]
    service: str = "oye-proxy"
    time: datetime
    dependencies: dict[str, Dependency]
    required: dict[str, bool]
