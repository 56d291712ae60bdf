"""What became of the writes to one slot: when the next may follow, and what the charger refused."""

from datetime import datetime, timedelta
from typing import Final

from oye_proxy.ocppj.profiles.plan import Plan, serves

WRITE_INTERVAL: Final = timedelta(seconds=60)

# So often the same is sent again to a charger that does not answer, or does not do it.
ATTEMPTS: Final = 3

# Limits are sent with one decimal.
SAME_LIMIT: Final = 0.05


class Attempts:
    """The history of one slot; a target of None is the removal of its profile."""

    def __init__(self) -> None:
        self.is_in_flight = False
        self.is_doubtful = False
        self._target: Plan | None = None
        self._written_at: datetime | None = None
        self._retry_at: datetime | None = None
        self._unanswered = 0
        self._dishonoured = 0
        self._refused: tuple[Plan | None, ...] = ()

    def write(self, target: Plan | None, now: datetime) -> None:
        """Take note that a CALL is on its way."""
        self.is_in_flight, self._target, self._written_at = True, target, now

    def settle(self, *, accepted: bool | None, now: datetime) -> None:
        """Take the outcome: the charger's yes or no, None when it did not answer."""
        if not self.is_in_flight:
            return
        self.is_in_flight = False
        if accepted:
            self.is_doubtful, self._unanswered = False, 0
        elif accepted is False:
            if self._target is not None and self._target.interval is not None:
                # Nothing was written, and there is another way to the same.
                self._written_at = None
            self._give_up()
        else:
            self._retry_at = now + WRITE_INTERVAL
            self._unanswered += 1
            self.is_doubtful = True
            if self._unanswered >= ATTEMPTS:
                self._give_up()

    def abort(self) -> None:
        """Leave what is on its way as unknown: the connection is gone."""
        if self.is_in_flight:
            self.is_in_flight, self.is_doubtful = False, True

    def forgive(self) -> None:
        """Forget refusals and failed attempts: the situation is a new one."""
        self._refused = ()
        self._retry_at = None
        self._unanswered = self._dishonoured = 0

    def check(self, *, honoured: bool) -> None:
        """Take the result of a check; a limit that is not honoured is sent again, not for ever."""
        self._dishonoured = 0 if honoured else self._dishonoured + 1
        if not honoured:
            self.is_doubtful = self._dishonoured <= ATTEMPTS

    def has_refused(self, wanted: Plan | None, now: datetime) -> bool:
        """Say whether the charger has refused exactly this, or stayed silent to it."""
        return any(_is_same(refused, wanted, now) for refused in self._refused)

    def allowed_at(self, now: datetime, *, lasting: bool) -> datetime | None:
        """Return when the next write may follow, None for now; lasting limits wear the flash."""
        moments = [self._retry_at]
        if lasting and self._written_at is not None:
            moments.append(self._written_at + WRITE_INTERVAL)
        # Beyond the interval the clock has been set back: nothing to wait for.
        ahead = [at for at in moments if at is not None and now < at <= now + WRITE_INTERVAL]
        return max(ahead, default=None)

    def _give_up(self) -> None:
        """Keep the last refusals: a limit may have two shapes, and the charger refuse both."""
        self._refused = (*self._refused[-1:], self._target)


def _is_same(refused: Plan | None, wanted: Plan | None, now: datetime) -> bool:
    if refused is None or wanted is None:
        return refused is wanted
    return serves(refused, wanted, SAME_LIMIT, now)
