"""
The handles of limits on their way.

A wish may have to wait: while a CALL for the same place is on its way, or until a lasting limit may
be written again. Those who wish meanwhile share one ticket, whose message id is that of the CALL to
come; all of them get its outcome.
"""

import asyncio
from typing import Final, TypeAlias

from oye_proxy.errors import InjectionError, InjectionRejectedError, OyeError
from oye_proxy.hub.injections import FINAL, Injection, Origin
from oye_proxy.ocppj.commands import InjectionState, Progress
from oye_proxy.ocppj.profiles.wishes import Wish

ACTION: Final = "SetChargingProfile"

# Longer than a CALL of ours can wait and remain unanswered.
ANSWER_WITHIN: Final = 600.0

# What is wanted at a place, whichever transaction it is for, and whether it is paused.
Target: TypeAlias = tuple[Wish | None, bool]


class Ticket:
    """
    One CALL to come or on its way; `wish` is what it carries, None until it is sent.

    One that `may_repeat` is sent in another shape when the charger refuses it: those who wait get
    the outcome of that one, whose `forerunner` it then is.
    """

    def __init__(self, handle: Injection) -> None:
        self.handle = handle
        self.wish: Target | None = None
        self.may_repeat = False
        self.forerunner: Ticket | None = None
        self._injection: Injection | None = None
        self._is_handed_out = False
        self._taken = asyncio.Event()
        self._error: OyeError | None = None

    def has_to_wait(self) -> bool:
        """Say whether the CALL is still to come."""
        return self.wish is None

    async def hand_out(self) -> Injection:
        """
        Return the handle: at once when the CALL has to wait, else when the desk has taken it.

        Raise what the desk raised.
        """
        if self.has_to_wait():
            self._is_handed_out = True
            return self.handle
        await self._taken.wait()
        if self._error is not None:
            raise self._error
        return self.handle

    def fail(self, error: OyeError) -> None:
        """Take note that the CALL was not taken."""
        self._error = error
        abort(self.handle, str(error))
        self._taken.set()
        if self.forerunner is not None:
            self.forerunner.close()

    async def follow(self, injection: Injection) -> bool | None:
        """Wait for the outcome of the CALL: the charger's yes or no, None without an answer."""
        self._injection = injection
        if not self._is_handed_out and not self.may_repeat:
            self.handle = injection
        self._taken.set()
        try:
            accepted = (await injection.outcome(ANSWER_WITHIN)).accepted
        except InjectionRejectedError:
            accepted = False
        except InjectionError:
            accepted = None
        if accepted is not False or not self.may_repeat:
            self.close()
        return accepted

    def close(self, settled: Injection | None = None) -> None:
        """Give those who wait the outcome of the CALL, or of the one that followed it."""
        settled = settled or self._injection
        if settled is None:
            return
        if self.handle is not settled:
            repeat(settled, self.handle)
        if self.forerunner is not None:
            self.forerunner.close(settled)


def new_handle(charge_point_id: str, message_id: str, origin: Origin) -> Injection:
    """Make the handle of a CALL to come."""
    return Injection(
        message_id=message_id,
        charge_point_id=charge_point_id,
        action=ACTION,
        payload=None,
        origin=origin,
    )


def accept(handle: Injection) -> None:
    """Settle a handle whose wish needs no CALL."""
    handle.advance(
        Progress(message_id=handle.message_id, state=InjectionState.ANSWERED, accepted=True)
    )


def abort(handle: Injection, reason: str) -> None:
    """Settle a handle whose wish cannot be sent."""
    handle.advance(
        Progress(message_id=handle.message_id, state=InjectionState.ABORTED, description=reason)
    )


def repeat(settled: Injection, handle: Injection) -> None:
    """Settle a handle as another one was."""
    if handle.state not in FINAL and settled.progress is not None:
        handle.warnings = settled.warnings
        handle.advance(settled.progress)
