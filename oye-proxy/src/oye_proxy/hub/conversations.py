"""How a charger's entry and the conversation of a connection are made."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.owner_tags import OwnerTags, TagVerdict
from oye_proxy.ocppj.authorization import AuthorizationPolicy, Authorizer
from oye_proxy.ocppj.charger_settings import call_timeout_of
from oye_proxy.ocppj.conversation import Conversation, Timing, Validator
from oye_proxy.ocppj.facts import Facts
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import InjectedCall, InjectionMemory
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.journal.replay import ReplayPolicy
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.owner import OwnerLimits
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import BootReplay, CsmsOverlap, CsmsSettings, GuardMode, OcppSettings
from oye_proxy.state import State

_BOOT_REPLAYS = {BootReplay.AUTO: None, BootReplay.ALWAYS: True, BootReplay.NEVER: False}


class ConversationMaker:
    """Knows the settings and the shared knowledge that conversations are made with."""

    def __init__(
        self,
        *,
        ocpp: OcppSettings,
        csms: CsmsSettings,
        state: State,
        tags: IdTagCache,
        owner_tags: OwnerTags,
        next_transaction_id: Callable[[], int],
        first_request_id: Callable[[], int],
        new_id: Callable[[], str],
        wall: Callable[[float], datetime],
        validate: Validator | None,
    ) -> None:
        self._ocpp = ocpp
        self._state = state
        self._tags = tags
        self._owner_tags = owner_tags
        self._next_transaction_id = next_transaction_id
        self._first_request_id = first_request_id
        self._new_id = new_id
        self._wall = wall
        self._validate = validate
        self._timing = Timing(
            call_timeout=ocpp.call_timeout,
            csms_hold=ocpp.csms_hold,
            injection_wait=ocpp.injection_wait,
            standalone_after=csms.standalone_after,
            pending_limit=ocpp.pending_limit,
        )
        self._replay = ReplayPolicy(
            boot=_BOOT_REPLAYS[csms.boot_replay],
            mark_offline=csms.mark_offline,
            attempts=csms.replay_attempts,
            retry_interval=csms.replay_retry,
        )
        self._policy = self._present_policy()

    def new_charger(
        self,
        charge_point_id: str,
        *,
        facts: Facts | None = None,
        profiles: ProfileTable | None = None,
        limits: OwnerLimits | None = None,
        injected: tuple[InjectedCall, ...] = (),
        journal: Journal | None = None,
    ) -> Charger:
        """Make the entry of a charger, new or read from storage; `limits` works on `profiles`."""
        profiles = profiles or ProfileTable()
        facts = facts or Facts()
        facts.name_tags(self._owner_tags.name_of)
        return Charger(
            charge_point_id,
            facts=facts,
            memory=self.memory(injected),
            responder=Responder(
                Authorizer(self._tags, self._policy),
                self._next_transaction_id,
                heartbeat_interval=self._ocpp.heartbeat_interval,
            ),
            journal=journal or Journal(),
            profiles=profiles,
            limits=limits or OwnerLimits(profiles),
        )

    def memory(self, injected: tuple[InjectedCall, ...]) -> InjectionMemory:
        """Make the memory of what a charger was sent."""
        return InjectionMemory(
            first_request_id=self._first_request_id(),
            swallow_uncorrelated=self._ocpp.swallow_uncorrelated,
            remembered=injected,
        )

    def apply_policy(self, chargers: Iterable[Charger]) -> None:
        """Let tags be judged by the state and the owner's list that are in force now."""
        self._policy = self._present_policy()
        for charger in chargers:
            charger.responder.authorizer.set_policy(self._policy)

    def conversation(
        self, charger: Charger, version: OcppVersion | None, mode: Mode
    ) -> Conversation:
        """Make the conversation of a new connection."""
        seconds = call_timeout_of(charger.settings)
        return Conversation(
            version=version,
            responder=charger.responder,
            journal=charger.journal,
            memory=charger.memory,
            wall=self._wall,
            new_id=self._new_id,
            replay=self._replay,
            timing=self._timing if seconds is None else replace(self._timing, call_timeout=seconds),
            mode=mode,
            csms_may_overlap=self._ocpp.csms_overlap is CsmsOverlap.PASS,
            block_lockout=self._ocpp.guard is GuardMode.BLOCK,
            validate=self._validate,
        )

    def _present_policy(self) -> AuthorizationPolicy:
        return AuthorizationPolicy(
            blocked=self._owner_tags.with_verdict(TagVerdict.BLOCKED),
            allowed=self._owner_tags.with_verdict(TagVerdict.ACCEPTED),
            automatic_charging=self._state.current.auto_charge,
            offline_cache=self._ocpp.offline_cache,
            strict_start=self._ocpp.strict_start,
        )
