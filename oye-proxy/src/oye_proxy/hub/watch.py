"""
The hub's round every minute.

It looks for silent chargers, for those that refuse too much or whose journal grows, and for issues
that are old.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.events import ChargerRemoved, FramePassed, LiveEvent
from oye_proxy.hub.issues import IssueKey
from oye_proxy.hub.registry import Hub
from oye_proxy.ocppj.frames import CallError, CallResult
from oye_proxy.ocppj.recent import Latest
from oye_proxy.tasks import cancel, spawn

ROUND_SECONDS: Final = 60.0
SILENCE: Final = timedelta(minutes=15)
HEARTBEATS_MISSED: Final = 3
DEFAULT_HEARTBEAT: Final = 300
# Nobody tells when a duplicate is gone, when a person has seen to a redirection, or when a charger
# that was turned away does not come again.
ISSUE_LIVES: Final = {
    IssueKey.DUPLICATE_CHARGER: timedelta(minutes=10),
    IssueKey.CHARGER_REDIRECTED: timedelta(hours=24),
    IssueKey.CSMS_LOOP: timedelta(hours=24),
    IssueKey.CSMS_REFUSED: timedelta(hours=24),
    IssueKey.CSMS_UNREACHABLE: timedelta(hours=24),
}
# A transaction has tens of messages: its CSMS was away for days, or takes none of them.
JOURNAL_ENTRIES: Final = 1000
ERROR_WINDOW: Final = 10
ERROR_SHARE: Final = 0.05
ERROR_MINIMUM: Final = 20
# A tuple: a union would be made anew at each look.
_ANSWERS: Final = (CallResult, CallError)


class _Answers:
    """Answers and errors of one charger, per minute, for the last ten."""

    def __init__(self) -> None:
        self._minutes: Latest[tuple[int, int]] = Latest(ERROR_WINDOW)
        self.answers = 0
        self.errors = 0

    def turn(self) -> float:
        """Close the minute and return the share of errors in the window."""
        self._minutes.append((self.answers, self.errors))
        self.answers = self.errors = 0
        answers = sum(minute[0] for minute in self._minutes)
        errors = sum(minute[1] for minute in self._minutes)
        return errors / answers if answers >= ERROR_MINIMUM else 0.0


class Watch:
    """
    Raises and withdraws `charger_silent`, `journal_growing`, `error_rate`; withdraws what is old.

    A duplicate is old ten minutes after it was last refused, a redirection after a day or at the
    charger's next boot, the failure of a CSMS a day after the last attempt.
    """

    def __init__(self, hub: Hub, *, wall: Callable[[], datetime]) -> None:
        self._hub = hub
        self._wall = wall
        self._answers: dict[str, _Answers] = {}
        self._unsubscribe: Callable[[], None] = lambda: None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin the rounds."""
        self._unsubscribe = self._hub.subscribe(self._count, FramePassed, ChargerRemoved)
        self._task = spawn(self._run(), name="watch")

    async def stop(self) -> None:
        """End them."""
        self._unsubscribe()
        await cancel(self._task)

    def look(self) -> None:
        """Make one round."""
        now = self._wall()
        for charger in self._hub:
            self._look_at_silence(charger, now)
            self._look_at_journal(charger, now)
        for key, life in ISSUE_LIVES.items():
            self._hub.issues.withdraw_old(key, now - life)
        for charge_point_id, answers in self._answers.items():
            share = answers.turn()
            if share > ERROR_SHARE:
                self._hub.issues.report(
                    IssueKey.ERROR_RATE, charge_point_id, now, percent=round(share * 100)
                )
            else:
                self._hub.issues.withdraw(IssueKey.ERROR_RATE, charge_point_id)

    def _look_at_silence(self, charger: Charger, now: datetime) -> None:
        charge_point_id = charger.charge_point_id
        bridge = charger.bridge
        if bridge is None:
            return
        heartbeat = charger.facts.view(now).heartbeat_interval or DEFAULT_HEARTBEAT
        allowed = max(timedelta(seconds=HEARTBEATS_MISSED * heartbeat), SILENCE)
        last_frame = charger.last_seen or bridge.connected_at
        if now - last_frame > allowed:
            self._hub.issues.report(
                IssueKey.CHARGER_SILENT, charge_point_id, now, lastSeen=last_frame.isoformat()
            )
        else:
            self._hub.issues.withdraw(IssueKey.CHARGER_SILENT, charge_point_id)

    def _look_at_journal(self, charger: Charger, now: datetime) -> None:
        """Tell when more and more waits for a CSMS; what shrinks is told until it is half."""
        key, charge_point_id = IssueKey.JOURNAL_GROWING, charger.charge_point_id
        pending = charger.journal.pending
        if pending > JOURNAL_ENTRIES:
            self._hub.issues.report(key, charge_point_id, now, pending=pending)
        elif pending <= JOURNAL_ENTRIES // 2:
            self._hub.issues.withdraw(key, charge_point_id)

    def _count(self, event: LiveEvent) -> None:
        if isinstance(event, FramePassed):
            frame = event.record.frame
            if isinstance(frame, _ANSWERS):
                self._count_answer(event.charge_point_id, error=isinstance(frame, CallError))
        elif isinstance(event, ChargerRemoved):
            self._answers.pop(event.charge_point_id, None)

    def _count_answer(self, charge_point_id: str, *, error: bool) -> None:
        answers = self._answers.get(charge_point_id)
        if answers is None:
            answers = self._answers[charge_point_id] = _Answers()
        answers.answers += 1
        answers.errors += error

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            self.look()
