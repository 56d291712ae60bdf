"""The hub: every charger that is known, its connection, and what happens to it."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from oye_proxy.errors import AdmissionError, ChargerNotConnectedError, ChargerUnknownError
from oye_proxy.hub.admission import Newcomers
from oye_proxy.hub.backlog import Backlog
from oye_proxy.hub.charger_issues import ChargerIssues
from oye_proxy.hub.chargers import Charger, ChargerState
from oye_proxy.hub.conversations import ConversationMaker
from oye_proxy.hub.credentials import ChargerCredentials
from oye_proxy.hub.desk import InjectionDesk
from oye_proxy.hub.events import (
    Bus,
    ChargerChanged,
    ChargerRemoved,
    IssuesChanged,
    Listener,
    LiveEvent,
)
from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.hub.issues import Issue, IssueBoard
from oye_proxy.hub.journals import JournalKeeper
from oye_proxy.hub.observer import FrameStorage, Observer
from oye_proxy.hub.owner_status import INACTIVE_REASON, OwnerStatus
from oye_proxy.hub.owner_tags import OwnerTags
from oye_proxy.hub.policies import Policies
from oye_proxy.hub.records import ChargerRecords
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.conversation import Conversation
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.redaction import redact_url
from oye_proxy.settings import ChargerAuth
from oye_proxy.state import State
from oye_proxy.tasks import spawn
from oye_proxy.transport.ports import (
    Admission,
    Arrival,
    Connection,
    CsmsTarget,
    LinkChange,
    Observation,
)

FORGOTTEN = 1000

_logger = logging.getLogger(__name__)


class Hub:
    """
    The registry of chargers: the one owner of their live state.

    It is what `transport` calls up to (Directory and FrameSink), and what the API and the
    features ask and tell.
    """

    def __init__(
        self,
        *,
        state: State,
        chargers: dict[str, Charger],
        forgotten: dict[str, InjectionMemory],
        maker: ConversationMaker,
        desk: InjectionDesk,
        records: ChargerRecords,
        journals: JournalKeeper,
        frames: FrameStorage,
        tags: IdTagCache,
        owner_tags: OwnerTags,
        credentials: ChargerCredentials | None,
        newcomers: Newcomers,
        auth: ChargerAuth | None,
        metrics: Metrics,
        clock: Callable[[], float],
        wall: Callable[[], datetime],
    ) -> None:
        self._state = state
        self._chargers = chargers
        self._spellings = {name.casefold(): name for name in chargers}
        self._maker = maker
        self._desk = desk
        self._records = records
        self._newcomers = newcomers
        self._auth_setting = auth
        self._metrics = metrics
        self._clock = clock
        self._wall = wall
        # What a deleted charger was sent may still be answered when it comes back.
        self._forgotten = forgotten
        self._bus = Bus()
        self.issues = IssueBoard(lambda issues: self._bus.publish(IssuesChanged(issues)))
        self._frames = frames
        self._journals = journals
        charger_issues = ChargerIssues(self.issues)
        self._observer = Observer(
            bus=self._bus,
            issues=charger_issues,
            desk=desk,
            records=records,
            journals=journals,
            frames=frames,
            tags=tags,
            credentials=credentials,
            metrics=metrics,
        )
        self._backlog = Backlog(self._look_at)
        self.policies = Policies(
            find=self.find,
            announce=self.announce,
            chargers=chargers,
            state=state,
            maker=maker,
            records=records,
            issues=charger_issues,
        )
        owner_tags.subscribe(self.policies.apply_tags)

    # What API and features ask

    @property
    def connected(self) -> int:
        """How many chargers are connected."""
        return sum(1 for charger in self._chargers.values() if charger.bridge is not None)

    @property
    def csms_links(self) -> int:
        """How many of them have a link to their CSMS."""
        return sum(
            charger.bridge is not None and charger.bridge.csms_connected
            for charger in self._chargers.values()
        )

    def __iter__(self) -> Iterator[Charger]:
        self._backlog.catch_up()
        return iter(tuple(self._chargers.values()))

    def catch_up(self) -> None:
        """Look at all that has passed: who acts on older frames must not be overtaken by newer."""
        self._backlog.catch_up()

    def snapshot(self) -> tuple[list[ChargerState], tuple[Issue, ...]]:
        """Return every charger, sorted by id, and every issue."""
        self._backlog.catch_up()
        ids = sorted(self._chargers)
        return [self.charger(charge_point_id) for charge_point_id in ids], self.issues.issues

    def charger(self, charge_point_id: str) -> ChargerState:
        """Return one charger as clients see it; raise ChargerUnknownError."""
        charger = self.find(charge_point_id)
        target = self.policies.target(charger)
        return charger.state(
            self._wall(),
            forwarding=self._state.current.forwarding,
            csms_url=redact_url(target.url) if target is not None else None,
        )

    def find(self, charge_point_id: str) -> Charger:
        """Return what the hub holds for a charger; raise ChargerUnknownError."""
        self._backlog.catch_up()
        charger = self._chargers.get(charge_point_id)
        if charger is None:
            raise ChargerUnknownError(f"No charger {charge_point_id} is known here")
        return charger

    def subscribe(self, listener: Listener, *kinds: type[LiveEvent]) -> Callable[[], None]:
        """Call `listener` with each event of these kinds, or of all, until the result is called."""
        return self._bus.subscribe(listener, *kinds)

    def announce(self, charge_point_id: str) -> None:
        """Tell that a charger's state is another one."""
        self._bus.publish(ChargerChanged(charge_point_id))

    # What API and features tell

    async def inject(
        self,
        charge_point_id: str,
        action: str,
        payload: Any,
        *,
        origin: Origin,
        confirm: bool = False,
        typed: bool = False,
        idempotency_key: str | None = None,
        message_id: str | None = None,
    ) -> Injection:
        """Send a CALL of the owner; arguments and errors are those of InjectionDesk.take."""
        charger = self._chargers.get(charge_point_id)
        if charger is None:
            raise ChargerNotConnectedError
        return await self._desk.take(
            charger,
            action,
            payload,
            origin=origin,
            confirm=confirm,
            typed=typed,
            idempotency_key=idempotency_key,
            message_id=message_id,
        )

    def limits_changed(self, charge_point_id: str) -> None:
        """Keep and tell that the owner's limits on a charger are others."""
        self._records.changed(self.find(charge_point_id))
        self.announce(charge_point_id)

    async def disconnect(self, charge_point_id: str, reason: str) -> None:
        """Close a charger's connection; raise ChargerNotConnectedError when there is none."""
        bridge = self.find(charge_point_id).bridge
        if bridge is None:
            raise ChargerNotConnectedError
        await bridge.close(1008, reason)

    async def forget(self, charge_point_id: str) -> None:
        """Delete a charger with all that is stored of it; when it comes back it is a new one."""
        charger = self.find(charge_point_id)
        await charger.close("Deleted by the owner")
        self._frames.forget(charge_point_id)
        await self._journals.forget(charge_point_id)
        await self._records.delete(charge_point_id, self._wall())
        await charger.close("Deleted by the owner")
        self._chargers.pop(charge_point_id, None)
        self._forgotten[charge_point_id] = charger.memory
        if len(self._forgotten) > FORGOTTEN:
            del self._forgotten[next(iter(self._forgotten))]
        self.issues.withdraw_all(charge_point_id)
        self.issues.mute(charge_point_id, muted=False)
        self._bus.publish(ChargerRemoved(charge_point_id))

    # What the transport asks: Directory

    async def admit(self, arrival: Arrival) -> Admission:
        """Let a charger in; raise AdmissionError."""
        charger = self._chargers.get(arrival.charge_point_id)
        if charger is None:
            self._newcomers.check(arrival.remote_address, self._unconfirmed, self._clock())
            if self._newcomers.wait_for_approval:
                charger = self._register_waiting(arrival)
        if charger is not None and not charger.approved:
            raise AdmissionError(404, "This charger waits for the owner's approval")
        if charger is not None and charger.owner_status is OwnerStatus.INACTIVE:
            raise AdmissionError(403, INACTIVE_REASON)
        target = self.policies.target(charger)
        return Admission(
            target=target,
            auth=self._auth(target),
            credential_hashes=charger.credential_hashes if charger is not None else (),
            no_pong=charger.no_pong if charger is not None else False,
        )

    def bridge(self, charge_point_id: str) -> Connection | None:
        """Return the connection that is registered now."""
        charger = self._chargers.get(charge_point_id)
        return charger.bridge if charger is not None else None

    def attach(self, bridge: Connection) -> Conversation:
        """Register a connection and make its conversation; the newest owns the id."""
        self._backlog.catch_up()
        charge_point_id = bridge.charge_point_id
        charger = self._chargers.get(charge_point_id)
        if charger is None:
            self._warn_of_a_twin(charge_point_id)
            charger = self._new(charge_point_id)
        charger.bridge = bridge
        charger.remote_address = bridge.remote_address
        charger.remote_port = bridge.remote_port
        charger.connected_at = charger.last_seen = bridge.connected_at
        forwarding = self._state.current.forwarding
        conversation = charger.conversation = self._maker.conversation(
            charger, bridge.version, charger.mode(forwarding=forwarding)
        )
        if bridge.info.credential_hash is not None:
            self._metrics.auth_success.add(ChargerAuth.LOCAL.value)
        self._observer.attached(
            charger, bridge, authenticated=self._is_authenticated(charger, bridge)
        )
        if charger.owner_status is OwnerStatus.INACTIVE:
            # It was set during the handshake.
            spawn(bridge.close(1008, INACTIVE_REASON), name=f"refuse {charge_point_id}")
        return conversation

    def detach(self, bridge: Connection) -> None:
        """Forget a connection that ended; a newer one of the same id stays."""
        self._backlog.catch_up()
        charger = self._chargers.get(bridge.charge_point_id)
        if charger is None or charger.bridge is not bridge:
            return
        charger.bridge = charger.conversation = None
        charger.csms_connected = False
        charger.no_pong = bridge.no_pong
        self._observer.detached(charger, self._wall())

    def auth_failed(self, arrival: Arrival) -> None:
        """Count an arrival that local authentication refused."""
        _logger.warning(
            "%s was refused from %s: wrong credentials",
            arrival.charge_point_id,
            arrival.remote_address,
        )
        self._metrics.auth_failures.add("basic_invalid", "local")

    def turned_away(self, arrival: Arrival, change: LinkChange) -> None:
        """Tell the owner why a charger cannot come in; strangers must not fill the list."""
        charger = self._chargers.get(arrival.charge_point_id)
        if charger is not None:
            self._observer.turned_away(charger, change, self._wall())

    # What the transport tells: FrameSink

    def observe(self, bridge: Connection, command: Observation, at: datetime) -> None:
        """Take what a conversation says; it is looked at when the frames are on their way."""
        self._backlog.put(bridge, command, at)

    def link_changed(self, bridge: Connection, change: LinkChange) -> None:
        """Take note that a link to the CSMS came, went, or cannot be had."""
        self._backlog.catch_up()
        charger = self._chargers.get(bridge.charge_point_id)
        if charger is not None and charger.bridge is bridge:
            self._observer.link_changed(charger, change, self._wall())

    # Inside

    def _look_at(self, bridge: Connection, command: Observation, at: datetime) -> None:
        charger = self._chargers.get(bridge.charge_point_id)
        if charger is not None:
            self._observer.observe(charger, bridge, command, at)

    def _new(self, charge_point_id: str) -> Charger:
        charger = self._chargers[charge_point_id] = self._maker.new_charger(charge_point_id)
        self._spellings[charge_point_id.casefold()] = charge_point_id
        charger.memory = self._forgotten.pop(charge_point_id, charger.memory)
        return charger

    def _register_waiting(self, arrival: Arrival) -> Charger:
        """Remember a charger that the owner has not seen yet."""
        charge_point_id = arrival.charge_point_id
        charger = self._new(charge_point_id)
        charger.approved = False
        charger.remote_address = arrival.remote_address
        charger.remote_port = arrival.remote_port
        charger.connected_at = charger.last_seen = self._wall()
        self._records.waiting(charger)
        self.announce(charge_point_id)
        return charger

    def _warn_of_a_twin(self, charge_point_id: str) -> None:
        """Ids are case-sensitive, but people are not: two spellings may be one charger."""
        other = self._spellings.get(charge_point_id.casefold())
        if other in self._chargers:
            _logger.warning("%s differs from %s in case only", charge_point_id, other)

    def _is_authenticated(self, charger: Charger, bridge: Connection) -> bool:
        """Tell whether we checked the charger's password, or sent one to its CSMS."""
        if bridge.info.credential_hash is not None:
            return True
        return (
            bridge.info.hello.authorization is not None
            and self.policies.target(charger) is not None
        )

    def _auth(self, target: CsmsTarget | None) -> ChargerAuth:
        if self._auth_setting is not None:
            return self._auth_setting
        return ChargerAuth.NONE if target is None else ChargerAuth.TRANSPARENT

    def _unconfirmed(self) -> int:
        return sum(1 for charger in self._chargers.values() if not charger.confirmed)
