"""Tell in time that a certificate of the server in front ends."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from oye_proxy.hub.issues import IssueBoard, IssueKey
from oye_proxy.status_file import NOTHING_TOLD, FrontStatus, read_status
from oye_proxy.tasks import cancel, spawn

ROUND_SECONDS: Final = 60.0
WARN_BEFORE: Final = timedelta(days=30)

_logger = logging.getLogger(__name__)


class CertificateWatch:
    """Reads `status.json` every minute; raises and withdraws `certificate_expiring`."""

    def __init__(
        self,
        issues: IssueBoard,
        path: Path,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        round_seconds: float = ROUND_SECONDS,
    ) -> None:
        self._issues = issues
        self._path = path
        self._wall = wall
        self._round_seconds = round_seconds
        self._task: asyncio.Task[None] | None = None
        self._trouble: str | None = None
        self.status = NOTHING_TOLD

    def start(self) -> None:
        """Read now and from then on."""
        self._task = spawn(self._run(), name="certificates")

    async def stop(self) -> None:
        """Read no more."""
        await cancel(self._task)

    def ends(self) -> dict[str, float]:
        """Return when each certificate ends, in seconds since 1970, by its purpose."""
        return {one.purpose: one.valid_until.timestamp() for one in self.status.certificates}

    async def look(self) -> None:
        """Make one round; what cannot be read leaves what was read before."""
        try:
            self.status = await asyncio.to_thread(read_status, self._path)
        except FileNotFoundError:
            self.status = NOTHING_TOLD
        except (OSError, ValueError) as error:
            self._complain(str(error))
        else:
            self._trouble = None
        self._judge(self.status)

    def _judge(self, status: FrontStatus) -> None:
        now = self._wall()
        first = min(status.certificates, key=lambda one: one.valid_until, default=None)
        if first is None or first.valid_until - now > WARN_BEFORE:
            self._issues.withdraw(IssueKey.CERTIFICATE_EXPIRING, None)
            return
        self._issues.report(
            IssueKey.CERTIFICATE_EXPIRING,
            None,
            now,
            purpose=first.purpose,
            validUntil=first.valid_until.isoformat(),
            days=(first.valid_until - now).days,
        )

    def _complain(self, trouble: str) -> None:
        if trouble != self._trouble:
            _logger.warning("%s cannot be read, its last state holds: %s", self._path, trouble)
        self._trouble = trouble

    async def _run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._round_seconds)
