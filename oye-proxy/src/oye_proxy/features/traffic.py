"""Samples how many frames have passed, so that somebody can tell how many do a minute."""

import asyncio
from typing import Final

from oye_proxy.metrics import Metrics
from oye_proxy.tasks import cancel, spawn

SAMPLE_SECONDS: Final = 1.0


class Traffic:
    """Samples the counters while it is started."""

    def __init__(self, metrics: Metrics, *, sample_seconds: float = SAMPLE_SECONDS) -> None:
        self._metrics = metrics
        self._sample_seconds = sample_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = spawn(self._run(), name="traffic")

    async def stop(self) -> None:
        """End."""
        await cancel(self._task)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._sample_seconds)
            self._metrics.last_minute.sample()
