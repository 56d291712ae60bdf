"""Whether a charger sends faster than is usual, looked at once per burst: each frame costs time."""

from typing import Final

from oye_proxy.ocppj.commands import Notice, NoticeName

BURST_SECONDS: Final = 4
NOTICE_INTERVAL: Final = 60.0


class FrameRate:
    """Judges each burst of `burst` frames against a limit in frames per second."""

    def __init__(self, limit: float, now: float) -> None:
        self.burst = max(1, int(limit * BURST_SECONDS))
        self._limit = limit
        self._since = now
        self._noticed_at = -NOTICE_INTERVAL

    def judge(self, now: float) -> Notice | None:
        """Return what is to be told of the burst that ends now: at most once a minute."""
        rate = self.burst / max(now - self._since, 0.001)
        self._since = now
        if rate <= self._limit or now - self._noticed_at < NOTICE_INTERVAL:
            return None
        self._noticed_at = now
        return Notice(NoticeName.FRAME_RATE, {"perSecond": round(rate), "limit": self._limit})
