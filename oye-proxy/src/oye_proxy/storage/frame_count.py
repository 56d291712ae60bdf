"""How many frames are stored: counted now and then, and kept up to date in between."""

from sqlalchemy import func, select

from oye_proxy.storage.database import Database
from oye_proxy.storage.models import logs


class FrameCount:
    """
    The number of stored frames; to ask for it costs nothing.

    Whoever adds or deletes frames calls `changed` after the commit and before any `await`. So a
    change is either in what `count` finds, or told after it began.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes = 0
        self._unchanged: int | None = None

    @property
    def frames(self) -> int | None:
        """How many there are; None until they were counted once."""
        return None if self._unchanged is None else max(0, self._unchanged + self._changes)

    def changed(self, by: int) -> None:
        """Take note of frames that came, or went when it is negative."""
        self._changes += by

    async def count(self) -> None:
        """Count all of them, which takes seconds when they are millions; raise StorageError."""
        async with self._database.lasting() as connection:
            async with self._database.still():
                # A transaction sees the database as it is at its first query.
                await connection.execute(select(logs.c.id).limit(1))
                changes = self._changes
            rows = await connection.execute(select(func.count()).select_from(logs))
            self._unchanged = rows.scalar_one() - changes
