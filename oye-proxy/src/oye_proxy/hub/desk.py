"""The desk where the owner's commands are taken in: checked, numbered, stored, then sent."""

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec

from oye_proxy.errors import (
    ChargerNotConnectedError,
    ConfirmationRequiredError,
    ConflictError,
    InvalidPayloadError,
    StorageError,
    TooManyRequestsError,
)
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.injections import FINAL, Injection, Origin
from oye_proxy.hub.records import IDEMPOTENCY_LIFE, ChargerRecords
from oye_proxy.ocppj import guard
from oye_proxy.ocppj.commands import FollowUp, InjectionState, Progress
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import FOLLOW_UPS
from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.preflight import warnings_of
from oye_proxy.ocppj.redaction import redact_text
from oye_proxy.ocppj.schemas import Violation
from oye_proxy.ocppj.security_profile import lowers_profile
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.transport.ports import Connection

_logger = logging.getLogger(__name__)

Validator = Callable[[OcppVersion, str, Any], Violation | None]

REMEMBERED = 2000
MINUTE = 60.0

_KEY_REUSED: Final = (
    "This Idempotency-Key belongs to another command of the last 24 hours: nothing was sent; take"
    " a new one"
)


class InjectionDesk:
    """
    Takes commands in, and follows them until they are settled.

    `validate` refuses payloads that break their schema; without it they are sent all the same.
    """

    def __init__(
        self,
        *,
        records: ChargerRecords,
        tags: IdTagCache,
        per_minute: int,
        new_id: Callable[[], str],
        clock: Callable[[], float],
        wall: Callable[[], datetime],
        validate: Validator | None = None,
    ) -> None:
        self._records = records
        self._tags = tags
        self._per_minute = per_minute
        self._new_id = new_id
        self._clock = clock
        self._wall = wall
        self._validate = validate
        self._injections: dict[str, Injection] = {}
        self._keys: dict[tuple[str, str], tuple[Injection, float]] = {}
        self._pace: dict[str, deque[float]] = {}

    async def take(
        self,
        charger: Charger,
        action: str,
        payload: Any,
        *,
        origin: Origin,
        confirm: bool,
        typed: bool,
        idempotency_key: str | None,
        message_id: str | None = None,
    ) -> Injection:
        """
        Send a command, or return the one that was sent before under the same key.

        `message_id` is a fresh id that the caller has told somebody already.
        Raise ChargerNotConnectedError, ConflictError (and its kinds), InvalidPayloadError or
        TooManyRequestsError; then nothing was sent.
        """
        if idempotency_key is not None:
            first = await self._first(charger.charge_point_id, idempotency_key)
            if first is not None:
                if not _is_same(first, action, payload):
                    raise ConflictError(_KEY_REUSED)
                return first
        # No `await` between this look and `_remember`: two callers with one key send once.
        bridge = charger.bridge
        if bridge is None:
            raise ChargerNotConnectedError
        self._check(charger, bridge, action, payload, confirm=confirm, typed=typed)
        if bridge.version is not None:
            # The id by which follow-ups are known must be on disk as well.
            payload = charger.memory.complete(bridge.version, action, payload)
            self._check_schema(bridge.version, action, payload)
        injection = Injection(
            message_id=message_id or self._new_id(),
            charge_point_id=charger.charge_point_id,
            action=action,
            payload=payload,
            origin=origin,
            expects_body=_has_body(action),
            idempotency_key=idempotency_key,
            warnings=self._warnings(charger, bridge, action, payload),
        )
        self._remember(injection)
        try:
            await self._store(injection)
            _connected(charger).inject(injection.message_id, action, payload)
        except BaseException as error:
            self._take_back(injection, str(error))
            raise
        return injection

    def advance(self, progress: Progress) -> Injection | None:
        """Follow an injection one step; None for one of before a restart."""
        injection = self._injections.get(progress.message_id)
        if injection is None or injection.state in FINAL:
            return None
        unsent = injection.queued and progress.state is InjectionState.ABORTED
        injection.advance(progress)
        if unsent:
            self._forget_key(injection)
        return injection

    def follow(self, follow_up: FollowUp) -> Injection | None:
        """Attach a CALL that is part of an answer's body."""
        injection = self._injections.get(follow_up.message_id)
        if injection is not None:
            injection.follow(follow_up)
        return injection

    async def _first(self, charge_point_id: str, key: str) -> Injection | None:
        known = self._known(charge_point_id, key)
        if known is not None:
            return known
        try:
            row = await self._records.by_idempotency_key(charge_point_id, key, self._wall())
        except StorageError as error:
            _logger.warning("whether a command was sent before a restart is unknown: %s", error)
            row = None
        # Another caller may have sent it meanwhile.
        known = self._known(charge_point_id, key)
        return known or (Injection.of(row) if row is not None else None)

    def _known(self, charge_point_id: str, key: str) -> Injection | None:
        """Return the injection of this life that has the key, while the key lasts."""
        injection, at = self._keys.get((charge_point_id, key), (None, 0.0))
        return injection if self._clock() - at < IDEMPOTENCY_LIFE.total_seconds() else None

    def _check(
        self,
        charger: Charger,
        bridge: Connection,
        action: str,
        payload: Any,
        *,
        confirm: bool,
        typed: bool,
    ) -> None:
        now = self._clock()
        known = charger.security_profile
        if lowers_profile(action, payload, known):
            raise ConflictError(f"The security profile of a charger only rises: it is {known}")
        if bridge.version is not None:
            finding = guard.assess(bridge.version, action, payload)
            origin = guard.Origin.TYPED if typed else guard.Origin.RAW
            if finding is not None:
                if guard.needs_confirmation(finding.guard, origin) and not confirm:
                    raise ConfirmationRequiredError(finding.reason, finding.guard)
                if finding.guard is guard.Guard.DANGER and typed:
                    _check_danger(charger, now)
        pace = self._pace.setdefault(charger.charge_point_id, deque())
        while pace and now - pace[0] >= MINUTE:
            pace.popleft()
        if len(pace) >= self._per_minute:
            raise TooManyRequestsError(
                "Too many commands for this charger in one minute",
                retry_after=MINUTE - (now - pace[0]),
            )
        pace.append(now)

    def _check_schema(self, version: OcppVersion, action: str, payload: Any) -> None:
        violation = self._validate(version, action, payload) if self._validate else None
        if violation is not None:
            raise InvalidPayloadError(action, violation.message)

    def _warnings(
        self, charger: Charger, bridge: Connection, action: str, payload: Any
    ) -> tuple[str, ...]:
        conversation = charger.conversation
        if bridge.version is None or conversation is None:
            return ()
        stands_in = conversation.link is Link.STANDALONE
        return warnings_of(
            bridge.version,
            action,
            payload,
            boot_state=conversation.boot_state,
            refused_with=charger.not_offered.get(action),
            csms_tags=None if stands_in else self._tags,
            now=self._wall(),
        )

    async def _store(self, injection: Injection) -> None:
        """
        The id is on disk before the CALL is sent, so that its answer is ours after a restart too.

        A dead database does not take the owner's control away: the command goes out all the same,
        and its id is stored when the database is back.
        """
        at = self._wall()
        try:
            await self._records.add(injection, at)
        except StorageError as error:
            _logger.warning("an injection could not be stored, sending it all the same: %s", error)
            self._records.add_later(injection, at)

    def _remember(self, injection: Injection) -> None:
        if len(self._injections) >= REMEMBERED:
            known = self._injections.values()
            self._forget(next((one for one in known if one.state in FINAL), next(iter(known))))
        self._injections[injection.message_id] = injection
        if injection.idempotency_key is not None:
            key = injection.charge_point_id, injection.idempotency_key
            self._keys[key] = injection, self._clock()

    def _take_back(self, injection: Injection, reason: str) -> None:
        """It was not sent: its key is free again, and who waits for it hears so."""
        aborted = Progress(
            message_id=injection.message_id, state=InjectionState.ABORTED, description=reason
        )
        if injection.state not in FINAL:
            injection.advance(aborted)
        self._records.injection(aborted, self._wall())
        self._forget(injection)

    def _forget(self, injection: Injection) -> None:
        self._injections.pop(injection.message_id, None)
        self._forget_key(injection)

    def _forget_key(self, injection: Injection) -> None:
        key = injection.charge_point_id, injection.idempotency_key or ""
        if self._keys.get(key, (None, 0.0))[0] is injection:
            del self._keys[key]


def _connected(charger: Charger) -> Connection:
    """The charger may have left while the command was stored."""
    if charger.bridge is None:
        raise ChargerNotConnectedError
    return charger.bridge


def _is_same(first: Injection, action: str, payload: Any) -> bool:
    """Tell whether a command is the one that was sent; one of an earlier life lacks its secrets."""
    sent = first.payload
    if isinstance(payload, dict) and isinstance(sent, dict) and "requestId" not in payload:
        # It was completed before it was sent.
        sent = {name: value for name, value in sent.items() if name != "requestId"}
    redacted = msgspec.json.decode(redact_text(msgspec.json.encode(payload).decode()))
    return first.action == action and sent in (payload, redacted)


def _check_danger(charger: Charger, now: float) -> None:
    wait = charger.danger_pace.take(now)
    if wait > 0:
        raise TooManyRequestsError(
            "Commands of this kind pass once a minute and charger", retry_after=wait
        )


def _has_body(action: str) -> bool:
    rule = FOLLOW_UPS.get(action)
    return rule is not None and rule.is_body
