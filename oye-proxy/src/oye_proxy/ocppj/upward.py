"""What a charger sent up and a CSMS has yet to see or to answer."""

from typing import TypeAlias

from msgspec import Struct

from oye_proxy.ocppj.frames import Call, MalformedError, SendFrame
from oye_proxy.ocppj.recent import Recent

UNANSWERED_CALLS = 256

Holdable: TypeAlias = Call | SendFrame | MalformedError | None


class Upward(Struct, frozen=True, gc=False):
    """
    A message of the charger; `frame` is None when it was not read, `at` is its arrival.

    `data` is what goes to the CSMS; `sent_at` is when it went last.
    """

    frame: Holdable
    data: str | bytes
    at: float
    sent_at: float | None = None


class UpwardQueue:
    """
    The CALLs that the CSMS has not answered, and the messages held while its link is away.

    What was sent and not answered is held again when the link is lost: the CSMS may have missed
    it, and a repeated CALL may keep its id (J16-E 3.1, P4-E 4.6, Q4 4.1.4).
    """

    def __init__(self, *, limit: int, call_timeout: float) -> None:
        self._limit = limit
        self.call_timeout = call_timeout
        self._unanswered: Recent[Upward] = Recent(UNANSWERED_CALLS)
        self._held: list[Upward] = []

    def sent(self, call: Call, data: str | bytes, now: float, arrived: float | None = None) -> None:
        """Note that a CALL goes to the CSMS, which owes an answer; a held one `arrived` before."""
        at = now if arrived is None else arrived
        self._unanswered[call.message_id.key] = Upward(call, data, at, now)

    def answered(self, key: str) -> Call | None:
        """Return the CALL that an answer of the CSMS belongs to, and forget it."""
        sent = self._unanswered.pop(key)
        return sent.frame if sent is not None and isinstance(sent.frame, Call) else None

    def owed_until(self) -> float:
        """Return until when an answer of the CSMS may still come; 0 when it owes none."""
        newest = self._unanswered.newest
        if newest is None or newest.sent_at is None:
            return 0.0
        return newest.sent_at + self.call_timeout

    def hold(self, frame: Holdable, data: str | bytes, at: float) -> bool:
        """Keep a message for the link's return; return whether there is room for more."""
        self._held.append(Upward(frame, data, at))
        return len(self._held) <= self._limit

    def hold_again(self, held: Upward) -> None:
        """Keep a message that was taken out, behind those that are held."""
        self._held.append(held)

    def hold_unanswered(self, now: float) -> None:
        """Keep what the CSMS owes; an older CALL the charger has given up or sent again."""
        owed = [sent for sent in self._unanswered.take_all() if now - sent.at <= self.call_timeout]
        self._held = owed + self._held

    def take_held(self) -> list[Upward]:
        """Return what is held, in the order of its arrival, and keep it no longer."""
        held, self._held = self._held, []
        return held
