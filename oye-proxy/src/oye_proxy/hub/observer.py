"""What the hub makes of what conversations and links tell: facts, news, records, counts."""

import logging
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from oye_proxy.hub.charger_issues import ChargerIssues
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.credentials import ChargerCredentials
from oye_proxy.hub.debug_lines import log_observation
from oye_proxy.hub.desk import InjectionDesk
from oye_proxy.hub.events import Bus, ChargerChanged, FramePassed, News
from oye_proxy.hub.injections import FINAL
from oye_proxy.hub.journals import JournalKeeper
from oye_proxy.hub.learning import learn
from oye_proxy.hub.records import ChargerRecords
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.commands import (
    Drop,
    Fetch,
    FollowUp,
    InjectionState,
    Journaling,
    Keep,
    KeepLink,
    Notice,
    NoticeName,
    Peer,
    Progress,
    Record,
    Settle,
)
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.journal.entries import Entry, JournalClass
from oye_proxy.transport.ports import Connection, LinkChange, Observation

_logger = logging.getLogger(__name__)

_TRANSACTION_NEWS = frozenset({"transaction_started", "transaction_ended"})

ID_WARNINGS = {
    "id_with_colon": "an id with a colon cannot be used with a password (HTTP Basic)",
    "id_too_long": "the id has more than the 48 characters that OCPP 2.x allows",
}


class FrameStorage(Protocol):
    """Where frames go and are counted; synchronous, never waits."""

    def record(self, charge_point_id: str, record: Record, at: datetime) -> None:
        """Take one frame."""

    def forget(self, charge_point_id: str) -> None:
        """Drop what is not stored yet of a charger that is deleted."""

    def settled(self, state: InjectionState, action: str | None) -> None:
        """Count the end of an injection."""


class Observer:
    """Takes what happens to a charger, in order; nothing here waits."""

    def __init__(
        self,
        *,
        bus: Bus,
        issues: ChargerIssues,
        desk: InjectionDesk,
        records: ChargerRecords,
        journals: JournalKeeper,
        frames: FrameStorage,
        tags: IdTagCache,
        credentials: ChargerCredentials | None,
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._bus = bus
        self._issues = issues
        self._desk = desk
        self._records = records
        self._journals = journals
        self._frames = frames
        self._tags = tags
        self._credentials = credentials

    def observe(
        self, charger: Charger, bridge: Connection, command: Observation, at: datetime
    ) -> None:
        """Take one thing that a conversation told."""
        log_observation(charger.charge_point_id, command)
        match command:
            case Record():
                self._record(charger, bridge, command, at)
            case Progress():
                self._progress(charger, command, at)
            case FollowUp():
                self._follow_up(charger, command, at)
            case Notice():
                self._notice(charger, command, at)
            case _:
                self._journal(charger, command)

    def attached(self, charger: Charger, bridge: Connection, *, authenticated: bool) -> None:
        """Take note of a new connection; `authenticated` when somebody looks at its password."""
        for warning in bridge.info.warnings:
            _logger.warning("%s: %s", charger.charge_point_id, ID_WARNINGS[warning])
        self._issues.arrived(bridge, authenticated=authenticated)
        self._records.connected(charger)
        self._tell_heartbeat(charger, bridge, bridge.connected_at)
        if self._credentials is not None and bridge.info.credential_hash is not None:
            self._credentials.proved(charger, bridge.info.credential_hash)
        self.news("connected", charger, bridge.connected_at, remoteAddress=bridge.remote_address)
        self._changed(charger)

    def detached(self, charger: Charger, at: datetime) -> None:
        """Take note of the end of a connection; what only an open one can have is over."""
        self._records.disconnected(charger)
        self._issues.left(charger.charge_point_id)
        self.news("disconnected", charger, at)
        self._changed(charger)

    def link_changed(self, charger: Charger, change: LinkChange, at: datetime) -> None:
        """Take note that a link to the CSMS came, went, or cannot be had."""
        was_connected, charger.csms_connected = charger.csms_connected, change.connected
        if change.connected and not charger.confirmed:
            charger.confirmed = True
            self._records.confirmed(charger)
        self._issues.link_changed(charger.charge_point_id, change, at)
        if change.connected and not was_connected:
            self.news("csms_restored", charger, at)
        if was_connected and not change.connected:
            self.news("csms_lost", charger, at, reason=change.reason.value)
        self._changed(charger)

    def turned_away(self, charger: Charger, change: LinkChange, at: datetime) -> None:
        """Take note that a charger is not let in, because of its CSMS; who refused it logs it."""
        self._issues.link_failed(charger.charge_point_id, change, at)

    def news(self, event: str, charger: Charger, at: datetime, **data: Any) -> None:
        """Tell that something happened."""
        self._bus.publish(
            News(event=event, charge_point_id=charger.charge_point_id, time=at, data=data)
        )

    def _record(self, charger: Charger, bridge: Connection, record: Record, at: datetime) -> None:
        self._frames.record(charger.charge_point_id, record, at)
        if record.source is Peer.CHARGER:
            charger.last_seen = at
        version = bridge.version
        if version is not None:
            for event in learn(charger, record, version, self._tags, at):
                data = event.data
                if event.event in _TRANSACTION_NEWS:
                    data = {**data, "csmsConnected": charger.csms_connected}
                self.news(event.event, charger, at, **data)
            if record.call is not None and record.call.action == "BootNotification":
                self._tell_heartbeat(charger, bridge, at)
                self._issues.booted(charger, at)
            if self._credentials is not None:
                self._credentials.observe(charger, record, version)
        self._records.changed(charger)
        self._bus.publish(
            FramePassed(charge_point_id=charger.charge_point_id, time=at, record=record)
        )
        self._changed(charger)

    def _tell_heartbeat(self, charger: Charger, bridge: Connection, at: datetime) -> None:
        """A charger that answers no pings is judged by its Heartbeats."""
        seconds = charger.facts.view(at).heartbeat_interval
        if seconds:
            bridge.set_heartbeat_interval(seconds)

    def _journal(self, charger: Charger, command: Journaling) -> None:
        """Carry out what a conversation wants of its journal, and tell it the outcome."""
        charge_point_id = charger.charge_point_id
        match command:
            case Keep(entry=entry):
                waits = entry.journal_class is JournalClass.TRANSACTION
                done = partial(self._kept, charger, entry.sequence) if waits else None
                self._journals.append(charge_point_id, entry, done)
            case Settle(settlement=settlement):
                self._journals.settle(charge_point_id, settlement)
            case Drop(sequences=sequences):
                self._journals.drop(charge_point_id, sequences)
            case KeepLink(link=link):
                self._journals.link(charge_point_id, link)
            case Fetch(after=after):
                self._journals.fetch(charge_point_id, after, partial(self._fetched, charger))

    def _kept(self, charger: Charger, sequence: int, on_disk: bool) -> None:  # noqa: FBT001 - called by the keeper
        conversation, bridge = charger.conversation, charger.bridge
        if conversation is None or bridge is None:
            (charger.journal.kept if on_disk else charger.journal.failed)(sequence)
            return
        event = conversation.journal_kept if on_disk else conversation.journal_failed
        bridge.tell(partial(event, sequence))
        self._changed(charger)

    def _fetched(self, charger: Charger, entries: list[Entry]) -> None:
        conversation, bridge = charger.conversation, charger.bridge
        if conversation is None or bridge is None:
            charger.journal.fetched(entries)
        else:
            bridge.tell(partial(conversation.journal_fetched, entries))

    def _progress(self, charger: Charger, progress: Progress, at: datetime) -> None:
        injection = self._desk.advance(progress)
        action = injection.action if injection is not None else None
        self._records.injection(progress, at)
        if progress.state in FINAL:
            self._frames.settled(progress.state, action)
        self.news(
            "injection",
            charger,
            at,
            messageId=progress.message_id,
            state=progress.state.value,
            action=action,
            accepted=progress.accepted,
        )

    def _follow_up(self, charger: Charger, follow_up: FollowUp, at: datetime) -> None:
        self._desk.follow(follow_up)
        self.news(
            "injection",
            charger,
            at,
            messageId=follow_up.message_id,
            state="follow_up",
            action=follow_up.action,
            last=follow_up.last,
        )

    def _notice(self, charger: Charger, notice: Notice, at: datetime) -> None:
        charge_point_id = charger.charge_point_id
        match notice.name:
            case NoticeName.CHARGER_REDIRECTED:
                self._issues.redirected(charge_point_id, notice, at)
            case NoticeName.DUPLICATE_CHARGER:
                self._issues.duplicated(charge_point_id, notice, at)
            case NoticeName.FRAME_RATE:
                _logger.warning(
                    "%s sends %s frames a second, more than %s; all of them pass",
                    charge_point_id,
                    notice.data.get("perSecond"),
                    notice.data.get("limit"),
                )
            case NoticeName.STANDS_IN:
                self._changed(charger)
            case NoticeName.PENDING_OVERFLOW:
                self._metrics.pending_overflow.add()
                self._changed(charger)
            case NoticeName.PAYLOAD_TOO_LARGE:
                self._metrics.payload_too_large.add()
            case (
                NoticeName.CAUGHT_UP
                | NoticeName.CHARGER_NOT_ACCEPTED
                | NoticeName.COMMAND_BLOCKED
                | NoticeName.JOURNAL_FULL
                | NoticeName.REPLAY_REFUSED
                | NoticeName.REWRITE_FAILED
                | NoticeName.START_REFUSED
            ):
                self.news(notice.name.value, charger, at, **notice.data)

    def _changed(self, charger: Charger) -> None:
        self._bus.publish(ChargerChanged(charger.charge_point_id))
