"""What the app does for Home Assistant in the background, again and again until it works."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from oye_proxy.errors import OyeError
from oye_proxy.ha_app.remarks import Lines, Remark
from oye_proxy.settings import LogLevel

EVERY: Final = 30.0
FIRST_DELAY: Final = 5.0
LONGEST_DELAY: Final = 300.0


class Errand:
    """
    One thing that is looked after; a failure is said once, and tried again later and later.

    `run` returns what is to be said of a success, None for nothing.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[], Awaitable[str | None]],
        lines: Lines,
        level: LogLevel = LogLevel.WARNING,
        start_after: float = 0.0,
    ) -> None:
        self.name = name
        self._run = run
        self._lines = lines
        self._level = level
        self._start_after = start_after
        self._delay = FIRST_DELAY
        self._trouble: str | None = None

    async def attempt(self) -> float:
        """Try once; return the seconds until the next time."""
        try:
            said = await self._run()
        except (OyeError, OSError) as error:
            self._tell(str(error))
            delay, self._delay = self._delay, min(self._delay * 2, LONGEST_DELAY)
            return delay
        self._delay = FIRST_DELAY
        self._trouble = None
        if said is not None:
            self._lines.say(f"{self.name}: {said}")
        return EVERY

    async def keep(self, stop: asyncio.Event, pace: float = 1.0) -> None:
        """Try until `stop` is set, first after `start_after`; `pace` stretches every wait."""
        delay = self._start_after
        while not await _is_set_within(stop, delay * pace):
            delay = await self.attempt()

    def _tell(self, trouble: str) -> None:
        if trouble != self._trouble:
            text = f"{self.name}: {trouble}; it is tried again"
            self._lines.tell([Remark(text, self._level)])
        self._trouble = trouble


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        # Without a second to wait nobody looks at it.
        return event.is_set()
    return True
