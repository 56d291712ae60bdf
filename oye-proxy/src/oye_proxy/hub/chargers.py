"""One charger as the hub knows it, connected or not, and how clients see it."""

from datetime import datetime

from msgspec.structs import asdict

from oye_proxy.hub.limits import LimitChecks, LimitsState, limits_state
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.ocppj.charger_settings import Setting
from oye_proxy.ocppj.conversation import Conversation
from oye_proxy.ocppj.facts import ChargerFacts, Facts
from oye_proxy.ocppj.guard import DangerPace
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.modes import Link, Mode
from oye_proxy.ocppj.profiles.owner import OwnerLimits
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.wishes import PauseStrategy
from oye_proxy.ocppj.recent import Latest, Recent
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.transport.ports import Connection

NOT_OFFERED_ACTIONS = 100
LATE_PINGS = 10


class ChargerState(ChargerFacts, frozen=True, kw_only=True, rename="camel"):
    """
    One charger, whole: its connection, the owner's policy, and what its frames told.

    `csms_url` lacks user information and query. `journal_pending` counts the messages that wait
    for the CSMS. `limits` is what the owner wished and got; `pauseStrategy` says how a pause holds
    the charger back; `ownerStatus` whether it is in use.
    """

    charge_point_id: str
    name: str | None
    connected: bool
    connected_at: datetime | None
    remote_address: str | None
    remote_port: int | None
    subprotocol: str | None
    mode: Mode
    modes: tuple[Mode, ...]
    link: Link
    csms_connected: bool
    csms_url: str | None
    approved: bool
    journal_pending: int = 0
    owner_status: OwnerStatus = OwnerStatus.ACTIVE
    pause_strategy: PauseStrategy = PauseStrategy.LIMIT_ZERO
    limits: LimitsState = LimitsState()


class Charger:
    """What the hub holds for one charger; the connection comes and goes, the rest stays."""

    def __init__(
        self,
        charge_point_id: str,
        *,
        facts: Facts,
        memory: InjectionMemory,
        responder: Responder,
        journal: Journal,
        profiles: ProfileTable,
        limits: OwnerLimits,
    ) -> None:
        self.charge_point_id = charge_point_id
        self.facts = facts
        self.memory = memory
        self.responder = responder
        self.journal = journal
        self.profiles = profiles
        self.limits = limits
        self.limit_checks = LimitChecks()
        self.danger_pace = DangerPace()
        self.security_profile: int | None = None
        self.settings: dict[Setting, int] = {}
        self.not_offered: Recent[str] = Recent(NOT_OFFERED_ACTIONS)
        # Those that were warned of.
        self.late_pings: Latest[tuple[int, int]] = Latest(LATE_PINGS)
        self.name: str | None = None
        self.wished_mode: Mode | None = None
        self.approved = True
        self.owner_status = OwnerStatus.ACTIVE
        self.no_pong = False
        self.confirmed = False
        self.credential_hashes: tuple[str, ...] = ()
        self.bridge: Connection | None = None
        self.conversation: Conversation | None = None
        self.csms_connected = False
        self.remote_address: str | None = None
        self.remote_port: int | None = None
        self.connected_at: datetime | None = None
        self.last_seen: datetime | None = None

    def mode(self, *, forwarding: bool) -> Mode:
        """The owner's policy; without a CSMS there is only `standalone`."""
        if not forwarding:
            return Mode.STANDALONE
        return self.wished_mode or Mode.FORWARD

    async def close(self, reason: str) -> None:
        """Close the connection, and those that the charger opens meanwhile."""
        while self.bridge is not None:
            await self.bridge.close(1008, reason)

    def state(self, now: datetime, *, forwarding: bool, csms_url: str | None) -> ChargerState:
        """Return the charger as clients see it."""
        view = self.facts.view(now)
        facts = asdict(view)
        facts["last_seen"] = self.last_seen
        bridge = self.bridge
        if bridge is not None and bridge.version is not None:
            facts["ocpp_version"] = bridge.version.value
        return ChargerState(
            **facts,
            charge_point_id=self.charge_point_id,
            name=self.name,
            connected=bridge is not None,
            connected_at=self.connected_at if bridge is not None else None,
            remote_address=self.remote_address,
            remote_port=self.remote_port,
            subprotocol=bridge.subprotocol if bridge is not None else None,
            mode=self.mode(forwarding=forwarding),
            modes=tuple(Mode) if forwarding else (Mode.STANDALONE,),
            link=self.conversation.link if self.conversation is not None else Link.STANDALONE,
            csms_connected=bridge is not None and bridge.csms_connected,
            csms_url=csms_url,
            journal_pending=self.journal.pending,
            approved=self.approved,
            owner_status=self.owner_status,
            pause_strategy=self.limits.pause_strategy,
            limits=limits_state(self.limits, self.profiles, self.limit_checks, view, now),
        )
