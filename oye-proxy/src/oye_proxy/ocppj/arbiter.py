"""
Whose CALL the charger gets next.

A charger has at most one unanswered CALL (J16 4.1.1 SHOULD NOT, P4/Q4 4.1.1 SHALL NOT), whoever
sends: the CSMS first, the owner next, secondaries last, first come first served within each.
Nobody waits without end:

| rank      | may wait         | queue holds | when full          | when it waited too long |
|-----------|------------------|-------------|--------------------|-------------------------|
| CSMS      | `csms_hold`      | 64          | released at once   | released                |
| OWNER     | `injection_wait` | 32          | `ArbiterFullError` | dropped unsent          |

The turn ends with the answer, after `call_timeout`, or with the connection.
"""

from collections import deque
from enum import IntEnum

from msgspec import Struct

from oye_proxy.ocppj.frames import Call


class Rank(IntEnum):
    """Who sends a CALL to the charger; the smaller goes first."""

    CSMS = 0
    OWNER = 1


QUEUE_LIMIT = {Rank.CSMS: 64, Rank.OWNER: 32}


class ArbiterFullError(Exception):
    """The queue of the owner is full."""


class Request(Struct, frozen=True):
    """A CALL that wants its turn; `data` is what goes onto the wire."""

    rank: Rank
    call: Call
    data: str | bytes


class _Waiting(Struct, frozen=True):
    request: Request
    until: float


class Arbiter:
    """The turns of one charger; every method that frees a turn returns what to send now."""

    def __init__(
        self,
        *,
        call_timeout: float,
        csms_hold: float,
        injection_wait: float,
        csms_may_overlap: bool = False,
    ) -> None:
        self.call_timeout = call_timeout
        self._hold = {Rank.CSMS: csms_hold, Rank.OWNER: injection_wait}
        self._csms_may_overlap = csms_may_overlap
        self._unanswered: dict[str, tuple[Rank, float]] = {}
        self._waiting: dict[Rank, deque[_Waiting]] = {rank: deque() for rank in Rank}

    @property
    def deadline(self) -> float | None:
        """The next moment at which `expire` has something to do."""
        moments = [until for _, until in self._unanswered.values()]
        moments += [queue[0].until for queue in self._waiting.values() if queue]
        return min(moments, default=None)

    def offer(self, request: Request, now: float) -> list[Request]:
        """Ask for a turn; raise ArbiterFullError when the owner's queue is full."""
        queue = self._waiting[request.rank]
        if not queue and self._may_pass(request.rank):
            return [self._release(request, now)]
        if len(queue) >= QUEUE_LIMIT[request.rank]:
            if request.rank is not Rank.CSMS:
                raise ArbiterFullError
            return [self._release(request, now)]
        queue.append(_Waiting(request, now + self._hold[request.rank]))
        return []

    def answered(self, key: str, now: float) -> list[Request]:
        """End the turn of the CALL with this id."""
        if self._unanswered.pop(key, None) is None:
            return []
        return self._next(now)

    def expire(self, now: float) -> tuple[list[Request], list[Request]]:
        """End what lasted too long; return what to send now and what is dropped unsent."""
        for key, (_, until) in list(self._unanswered.items()):
            if until <= now:
                del self._unanswered[key]
        released = [self._release(request, now) for request in self._overdue(Rank.CSMS, now)]
        dropped = self._overdue(Rank.OWNER, now)
        return released + self._next(now), dropped

    def drop(self, rank: Rank, now: float) -> tuple[list[Request], list[Request]]:
        """Forget all CALLs of a sender that is gone; return what to send now, what was unsent."""
        unsent = [waiting.request for waiting in self._waiting[rank]]
        self._waiting[rank].clear()
        for key, (owner, _) in list(self._unanswered.items()):
            if owner is rank:
                del self._unanswered[key]
        return self._next(now), unsent

    def _may_pass(self, rank: Rank) -> bool:
        if not self._unanswered:
            return not any(self._waiting[other] for other in Rank if other < rank)
        return (
            rank is Rank.CSMS
            and self._csms_may_overlap
            and all(owner is Rank.CSMS for owner, _ in self._unanswered.values())
        )

    def _overdue(self, rank: Rank, now: float) -> list[Request]:
        queue = self._waiting[rank]
        overdue = []
        while queue and queue[0].until <= now:
            overdue.append(queue.popleft().request)
        return overdue

    def _next(self, now: float) -> list[Request]:
        for rank in Rank:
            if self._waiting[rank] and not self._unanswered:
                return [self._release(self._waiting[rank].popleft().request, now)]
        return []

    def _release(self, request: Request, now: float) -> Request:
        self._unanswered[request.call.message_id.key] = (request.rank, now + self.call_timeout)
        return request
