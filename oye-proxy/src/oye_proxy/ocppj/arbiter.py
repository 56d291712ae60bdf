"""
Whose CALL the charger gets next.

A charger has at most one unanswered CALL (J16 4.1.1 SHOULD NOT, P4/Q4 4.1.1 SHALL NOT), whoever
sends: the CSMS first, the owner next, first come first served within each.
Nobody waits without end:

| rank      | may wait         | queue holds | when full            | when it waited too long |
|-----------|------------------|-------------|----------------------|-------------------------|
| CSMS      | `csms_hold`      | 64          | the oldest goes out  | goes out                |
| OWNER     | `injection_wait` | 32          | `ArbiterFullError`   | dropped unsent          |

The turn ends with the answer, after `call_timeout`, or with the charger's connection.
"""

from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.ocppj.frames import Call


class Rank(IntEnum):
    """Who sends a CALL to the charger; the smaller goes first."""

    CSMS = 0
    OWNER = 1


QUEUE_LIMIT = {Rank.CSMS: 64, Rank.OWNER: 32}


class ArbiterFullError(Exception):
    """The queue of the owner is full."""


class Request(Struct, frozen=True):
    """
    A CALL that wants its turn; `data` is what goes onto the wire.

    The arbiter sets `overlaps` on what it releases while another CALL is unanswered.
    """

    rank: Rank
    call: Call
    data: str | bytes
    overlaps: bool = False


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
        # Lists, as they are short and mostly empty: a deque takes ten times the room.
        self._waiting: dict[Rank, list[_Waiting]] = {rank: [] for rank in Rank}

    @property
    def deadline(self) -> float | None:
        """The next moment at which `expire` has something to do."""
        if not self._unanswered:
            return None
        moments = [until for _, until in self._unanswered.values()]
        moments += [queue[0].until for queue in self._waiting.values() if queue]
        return min(moments)

    def offer(self, request: Request, now: float) -> list[Request]:
        """Ask for a turn; raise ArbiterFullError when the owner's queue is full."""
        queue = self._waiting[request.rank]
        if not queue and self._may_pass(request.rank):
            return [self._release(request, now)]
        full = len(queue) >= QUEUE_LIMIT[request.rank]
        if full and request.rank is not Rank.CSMS:
            raise ArbiterFullError
        queue.append(_Waiting(request, now + self._hold[request.rank]))
        return [self._release(queue.pop(0).request, now)] if full else []

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

    def drop(self, rank: Rank) -> list[Request]:
        """
        Return what a sender that is gone left unsent.

        Its unanswered CALL keeps its turn: the charger is at work on it, whoever sent it.
        """
        unsent = [waiting.request for waiting in self._waiting[rank]]
        self._waiting[rank].clear()
        return unsent

    def close(self) -> list[Request]:
        """End every turn with the charger's connection; return what was unsent, in order."""
        self._unanswered.clear()
        return [request for rank in Rank for request in self.drop(rank)]

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
            overdue.append(queue.pop(0).request)
        return overdue

    def _next(self, now: float) -> list[Request]:
        released = []
        for rank in Rank:
            queue = self._waiting[rank]
            while queue and self._may_pass(rank):
                released.append(self._release(queue.pop(0).request, now))
        return released

    def _release(self, request: Request, now: float) -> Request:
        overlaps = bool(self._unanswered)
        self._unanswered[request.call.message_id.key] = (request.rank, now + self.call_timeout)
        return replace(request, overlaps=True) if overlaps else request
