"""The desk where the owner's commands are taken in: checked, numbered, stored, then sent."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from oye_proxy.errors import (
    ChargerNotConnectedError,
    ConfirmationRequiredError,
    OyeError,
    StorageError,
    TooManyRequestsError,
)
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.injections import FINAL, Injection, Origin
from oye_proxy.hub.records import ChargerRecords
from oye_proxy.ocppj import guard
from oye_proxy.ocppj.commands import FollowUp, InjectionState, Progress
from oye_proxy.ocppj.injections import FOLLOW_UPS
from oye_proxy.transport.bridge import Bridge

_logger = logging.getLogger(__name__)

STORE_SECONDS = 2.0
REMEMBERED = 2000
MINUTE = 60.0


class InjectionDesk:
    """Takes commands in, and follows them until they are settled."""

    def __init__(
        self,
        *,
        records: ChargerRecords,
        per_minute: int,
        new_id: Callable[[], str],
        clock: Callable[[], float],
        wall: Callable[[], datetime],
    ) -> None:
        self._records = records
        self._per_minute = per_minute
        self._new_id = new_id
        self._clock = clock
        self._wall = wall
        self._injections: dict[str, Injection] = {}
        self._keys: dict[tuple[str, str], Injection] = {}
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
        Raise ChargerNotConnectedError, ConflictError (and its kinds) or TooManyRequestsError;
        then nothing was sent.
        """
        if idempotency_key is not None:
            first = await self._first(charger.charge_point_id, idempotency_key)
            if first is not None:
                return first
        bridge = charger.bridge
        if bridge is None:
            raise ChargerNotConnectedError
        self._check(charger, bridge, action, payload, confirm=confirm, typed=typed)
        if bridge.version is not None:
            # The id by which follow-ups are known must be on disk as well.
            payload = charger.memory.complete(bridge.version, action, payload)
        injection = Injection(
            message_id=message_id or self._new_id(),
            charge_point_id=charger.charge_point_id,
            action=action,
            payload=payload,
            origin=origin,
            expects_body=_has_body(action),
            idempotency_key=idempotency_key,
        )
        await self._store(injection)
        self._remember(injection)
        try:
            _connected(charger).inject(injection.message_id, action, payload)
        except OyeError:
            del self._injections[injection.message_id]
            raise
        return injection

    def advance(self, progress: Progress) -> Injection | None:
        """Follow an injection one step; None for one of before a restart."""
        injection = self._injections.get(progress.message_id)
        if injection is None or injection.state in FINAL:
            return None
        injection.advance(progress)
        if progress.state is InjectionState.SENT and injection.idempotency_key is not None:
            self._keys[injection.charge_point_id, injection.idempotency_key] = injection
        return injection

    def follow(self, follow_up: FollowUp) -> Injection | None:
        """Attach a CALL that is part of an answer's body."""
        injection = self._injections.get(follow_up.message_id)
        if injection is not None:
            injection.follow(follow_up)
        return injection

    async def _first(self, charge_point_id: str, key: str) -> Injection | None:
        known = self._keys.get((charge_point_id, key))
        if known is not None:
            return known
        row = await self._records.by_idempotency_key(charge_point_id, key, self._wall())
        return Injection.of(row) if row is not None else None

    def _check(
        self,
        charger: Charger,
        bridge: Bridge,
        action: str,
        payload: Any,
        *,
        confirm: bool,
        typed: bool,
    ) -> None:
        now = self._clock()
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

    async def _store(self, injection: Injection) -> None:
        """
        The id is on disk before the CALL is sent, so that its answer is ours after a restart too.

        A dead database does not take the owner's control away: the command goes out all the same.
        """
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._records.add(injection, self._wall())
        except (StorageError, TimeoutError) as error:
            _logger.warning("an injection could not be stored, sending it all the same: %s", error)

    def _remember(self, injection: Injection) -> None:
        while len(self._injections) >= REMEMBERED:
            oldest = next(iter(self._injections))
            forgotten = self._injections.pop(oldest)
            if forgotten.idempotency_key is not None:
                self._keys.pop((forgotten.charge_point_id, forgotten.idempotency_key), None)
        self._injections[injection.message_id] = injection


def _connected(charger: Charger) -> Bridge:
    """The charger may have left while the command was stored."""
    if charger.bridge is None:
        raise ChargerNotConnectedError
    return charger.bridge


def _check_danger(charger: Charger, now: float) -> None:
    wait = charger.danger_pace.take(now)
    if wait > 0:
        raise TooManyRequestsError(
            "Commands of this kind pass once a minute and charger", retry_after=wait
        )


def _has_body(action: str) -> bool:
    rule = FOLLOW_UPS.get(action)
    return rule is not None and rule.is_body
