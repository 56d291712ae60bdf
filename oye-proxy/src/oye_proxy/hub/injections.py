"""The owner's commands on their way: one handle each, settled exactly once."""

import asyncio
from typing import Any

import msgspec
from msgspec import Struct

from oye_proxy.errors import (
    InjectionAbortedError,
    InjectionRejectedError,
    InjectionTimeoutError,
)
from oye_proxy.ocppj.commands import FollowUp, InjectionState, Progress
from oye_proxy.storage.injections import InjectionRow

FINAL = frozenset(
    {
        InjectionState.ANSWERED,
        InjectionState.REFUSED,
        InjectionState.TIMED_OUT,
        InjectionState.ABORTED,
    }
)


class Origin(Struct, frozen=True):
    """Who injects: a person or token by name, and whether `owner` or `automation` wished it."""

    user: str
    kind: str = "owner"


class Outcome(Struct, frozen=True, kw_only=True):
    """
    How a charger answered.

    `accepted` is None when the answer has no status. `follow_ups` are the payloads of the CALLs
    that are the body of the answer; `complete` is false when not all of them have come in time.
    """

    payload: Any
    accepted: bool | None
    follow_ups: tuple[Any, ...] = ()
    complete: bool = True


class Injection:
    """
    One injected CALL; `expects_body` when its answer arrives in later CALLs.

    `warnings` are sentences on why it may fail. `pauses` when the limit that it sets lets no car
    charge.
    """

    def __init__(
        self,
        *,
        message_id: str,
        charge_point_id: str,
        action: str,
        payload: Any,
        origin: Origin,
        expects_body: bool = False,
        idempotency_key: str | None = None,
        warnings: tuple[str, ...] = (),
    ) -> None:
        self.message_id = message_id
        self.charge_point_id = charge_point_id
        self.action = action
        self.payload = payload
        self.origin = origin
        self.idempotency_key = idempotency_key
        self.warnings = warnings
        self.pauses = False
        self.state = InjectionState.QUEUED
        self.progress: Progress | None = None
        self._expects_body = expects_body
        self._follow_ups: list[Any] = []
        self._settled = asyncio.Event()
        self._complete = asyncio.Event()

    @classmethod
    def of(cls, row: InjectionRow) -> "Injection":
        """Read an injection of an earlier life; what was open then is aborted now."""
        injection = cls(
            message_id=row.message_id,
            charge_point_id=row.charge_point_id,
            action=row.action,
            payload=msgspec.json.decode(row.payload),
            origin=Origin(row.user, row.kind),
            idempotency_key=row.idempotency_key,
        )
        state = row.state if row.state in FINAL else InjectionState.ABORTED
        injection.advance(
            Progress(
                message_id=row.message_id,
                state=state,
                payload=msgspec.json.decode(row.response) if row.response else None,
                error_code=row.error_code or "",
                description=row.description or "",
                accepted=row.accepted,
            )
        )
        return injection

    @property
    def queued(self) -> bool:
        """Whether it waits for its turn."""
        return self.state is InjectionState.QUEUED

    def advance(self, progress: Progress) -> None:
        """Take one step; a settled injection takes no other."""
        if self.state in FINAL:
            raise AssertionError(f"injection {self.message_id} is settled already")
        self.state = progress.state
        if progress.state not in FINAL:
            return
        self.progress = progress
        self._settled.set()
        if not self._expects_body or progress.accepted is not True:
            self._complete.set()

    def follow(self, follow_up: FollowUp) -> None:
        """Attach a CALL that belongs to the answer; one that the charger repeats counts once."""
        if follow_up.payload not in self._follow_ups:
            self._follow_ups.append(follow_up.payload)
        if follow_up.last:
            self._complete.set()

    async def outcome(self, timeout: float) -> Outcome:  # noqa: ASYNC109 - how long the caller waits
        """
        Wait for the answer and its body.

        Raise InjectionRejectedError (CALLERROR), InjectionTimeoutError (no answer in `timeout`
        seconds or in the charger's own time) or InjectionAbortedError (never sent, or the charger
        left). An answer whose body is not complete in time is returned all the same.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._settled.wait()
                self._raise_failure()
                await self._complete.wait()
        except TimeoutError:
            if self.progress is None:
                raise InjectionTimeoutError(
                    "The charger has not answered yet", self.message_id
                ) from None
        return self._outcome()

    def _raise_failure(self) -> None:
        progress = self.progress
        if progress is None:
            raise AssertionError("only a settled injection can have failed")
        match progress.state:
            case InjectionState.REFUSED:
                raise InjectionRejectedError(
                    self.message_id, progress.error_code, progress.description, progress.details
                )
            case InjectionState.TIMED_OUT:
                raise InjectionTimeoutError("The charger did not answer in time", self.message_id)
            case InjectionState.ABORTED:
                raise InjectionAbortedError(
                    f"The command was not carried out: {progress.description}", self.message_id
                )
            case InjectionState.ANSWERED | InjectionState.QUEUED | InjectionState.SENT:
                return

    def _outcome(self) -> Outcome:
        if self.progress is None:
            raise AssertionError("only a settled injection has an outcome")
        return Outcome(
            payload=self.progress.payload,
            accepted=self.progress.accepted,
            follow_ups=tuple(self._follow_ups),
            complete=self._complete.is_set(),
        )
