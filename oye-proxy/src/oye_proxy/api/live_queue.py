"""
What waits for one live client; bounded, and each bound names what happens when it is reached.

| What | When the client is too slow |
|---|---|
| `charger` | the newest of a charger replaces the waiting one; one a second for each |
| `charger_removed`, `issues` | bounded by the number of chargers; the newest list replaces |
| `event`, `error` | above `EVENTS_WAITING` the client is told to come back: `overflowed` |
| `frame` | an exchange replaces itself; above `FRAMES_WAITING` the oldest is dropped: `gap` |

Messages go out in batches, ten a second at most, so that a busy proxy is not kept busy by those who
watch it. Time is an argument; nothing here waits.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from oye_proxy.api.frame_filter import FrameFilter
from oye_proxy.api.live_exchanges import LiveExchanges
from oye_proxy.api.live_messages import (
    ChargerMessage,
    ChargerRemovedMessage,
    ErrorMessage,
    EventMessage,
    FrameMessage,
    GapMessage,
    IssuesMessage,
    LiveMessage,
)
from oye_proxy.errors import ChargerUnknownError
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.events import (
    ChargerChanged,
    ChargerRemoved,
    FramePassed,
    IssuesChanged,
    LiveEvent,
    News,
)
from oye_proxy.storage.frame_rows import NewFrame

CHARGER_INTERVAL: Final = 1.0
BATCH_INTERVAL: Final = 0.1
EVENTS_WAITING: Final = 1000
FRAMES_WAITING: Final = 1000

_UNNUMBERED = 0


class LiveQueue:
    """One client's waiting messages; `charger` tells a charger's state when it is sent."""

    def __init__(self, charger: Callable[[str], ChargerState]) -> None:
        self.overflowed = False
        self._charger = charger
        self._seq = 0
        self._earliest: float | None = None
        self._taken_at = -BATCH_INTERVAL
        self._removed: dict[str, None] = {}
        self._issues: IssuesMessage | None = None
        # Changed chargers and when each may be sent; the times of all that were sent lately.
        self._changed: dict[str, float] = {}
        self._sent_at: dict[str, float] = {}
        self._news: deque[EventMessage | ErrorMessage] = deque()
        self._filter: FrameFilter | None = None
        self._exchanges = LiveExchanges()
        self._frames: dict[str, FrameMessage] = {}
        self._gap: GapMessage | None = None

    def subscribe_frames(self, wanted: FrameFilter) -> None:
        """From now on pass on the exchanges that match, and no others."""
        self._frames.clear()
        self._gap = None
        self._filter = wanted

    def unsubscribe_frames(self) -> None:
        """Pass on no more frames; those that wait are forgotten."""
        self._filter = None
        self._exchanges.forget()
        self._frames.clear()
        self._gap = None

    def complain(self, error: str, code: str, now: float) -> None:
        """Tell the client that its message was not understood."""
        self._add_news(ErrorMessage(seq=_UNNUMBERED, error=error, code=code), now)

    def offer(self, event: LiveEvent, now: float) -> None:
        """Take an event in; never blocks and never grows beyond its bounds."""
        match event:
            case ChargerChanged():
                sent_at = self._sent_at.get(event.charge_point_id)
                earliest = now if sent_at is None else max(now, sent_at + CHARGER_INTERVAL)
                self._expect(self._changed.setdefault(event.charge_point_id, earliest))
            case ChargerRemoved():
                self._changed.pop(event.charge_point_id, None)
                self._sent_at.pop(event.charge_point_id, None)
                self._removed[event.charge_point_id] = None
                self._expect(now)
            case IssuesChanged():
                self._issues = IssuesMessage(seq=_UNNUMBERED, issues=event.issues)
                self._expect(now)
            case News():
                self._add_news(
                    EventMessage(
                        seq=_UNNUMBERED,
                        event=event.event,
                        charge_point_id=event.charge_point_id,
                        time=event.time,
                        data=event.data,
                    ),
                    now,
                )
            case FramePassed():
                self._add_frame(event, now)

    @property
    def due(self) -> float | None:
        """The next moment at which `take` has something to give."""
        if self._earliest is None:
            return None
        return max(self._earliest, self._taken_at + BATCH_INTERVAL)

    def take(self, now: float) -> list[LiveMessage]:
        """Return what is due, numbered, and forget it."""
        messages: list[LiveMessage] = [
            ChargerRemovedMessage(seq=_UNNUMBERED, charge_point_id=charge_point_id)
            for charge_point_id in self._removed
        ]
        self._removed.clear()
        if self._issues is not None:
            messages.append(self._issues)
            self._issues = None
        messages += self._take_chargers(now)
        messages += self._news
        self._news.clear()
        messages += self._take_frames()
        self._earliest = min(self._changed.values(), default=None)
        self._taken_at = now
        return [self._numbered(message) for message in messages]

    def _expect(self, moment: float) -> None:
        if self._earliest is None or moment < self._earliest:
            self._earliest = moment

    def _add_news(self, message: EventMessage | ErrorMessage, now: float) -> None:
        self._expect(now)
        if len(self._news) >= EVENTS_WAITING:
            self.overflowed = True
            return
        self._news.append(message)

    def _add_frame(self, event: FramePassed, now: float) -> None:
        if self._filter is None:
            return
        frame = NewFrame.of(event.charge_point_id, event.record, event.time)
        exchange = self._exchanges.take(frame, self._filter)
        if exchange is None:
            return
        self._expect(now)
        self._frames[exchange.key] = FrameMessage(seq=_UNNUMBERED, exchange=exchange)
        if len(self._frames) > FRAMES_WAITING:
            self._drop(self._frames.pop(next(iter(self._frames))).exchange.time)

    def _drop(self, time: datetime) -> None:
        gap = self._gap
        self._gap = GapMessage(
            seq=_UNNUMBERED,
            dropped=1 if gap is None else gap.dropped + 1,
            first_time=time if gap is None else min(gap.first_time, time),
            last_time=time if gap is None else max(gap.last_time, time),
        )

    def _take_chargers(self, now: float) -> list[ChargerMessage]:
        due = [one for one, earliest in self._changed.items() if earliest <= now]
        messages = []
        for charge_point_id in due:
            del self._changed[charge_point_id]
            try:
                state = self._charger(charge_point_id)
            except ChargerUnknownError:
                continue
            self._sent_at[charge_point_id] = now
            messages.append(ChargerMessage(seq=_UNNUMBERED, charger=state))
        return messages

    def _take_frames(self) -> list[GapMessage | FrameMessage]:
        messages: list[GapMessage | FrameMessage] = [self._gap] if self._gap else []
        messages += self._frames.values()
        self._frames.clear()
        self._gap = None
        return messages

    def _numbered(self, message: LiveMessage) -> LiveMessage:
        self._seq += 1
        return msgspec.structs.replace(message, seq=self._seq)
