"""
The API token of Home Assistant's integration, which the app announces to it.

A token that is rotated away goes on for ten minutes, so that the integration loses nothing until
Home Assistant has told it the new one. `secrets.json` holds both, and when the former one ends: a
restart in between changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from oye_proxy.accounts import Accounts, Scope
from oye_proxy.errors import StorageError, TooManyRequestsError
from oye_proxy.secrets_file import RetiredToken, keep_integration_token, load_secrets
from oye_proxy.tasks import cancel, spawn

NAME: Final = "Home Assistant"
FORMER_LIVES: Final = timedelta(minutes=10)
MOST_FORMER: Final = 5
ROUND_SECONDS: Final = 10.0

_logger = logging.getLogger(__name__)


class IntegrationToken:
    """Makes the token, rotates it, and ends former ones in time."""

    def __init__(
        self,
        data_dir: Path,
        accounts: Accounts,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        round_seconds: float = ROUND_SECONDS,
    ) -> None:
        self._data_dir = data_dir
        self._accounts = accounts
        self._wall = wall
        self._round_seconds = round_seconds
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._retired: tuple[RetiredToken, ...] = ()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Have a token in force; raise StorageError."""
        await self.ensure()
        self._task = spawn(self._run(), name="integration token")

    async def stop(self) -> None:
        """Look after it no more."""
        await cancel(self._task)

    async def ensure(self) -> None:
        """
        Make the token when there is none in force, and keep its text in `secrets.json`.

        A token that its owner revoked, or that a restored database does not know, is replaced by
        another one: nobody who had the old text comes in again.
        """
        async with self._lock:
            kept = await asyncio.to_thread(load_secrets, self._data_dir)
            self._token, self._retired = kept.integration_token, kept.retired_tokens
            if self._token is None or not await self._accounts.knows_token(self._token):
                await self._make(self._retired)

    async def rotate(self) -> datetime:
        """
        Make another token; return until when the former one is in force.

        Raise StorageError, or TooManyRequestsError while too many former ones are in force.
        """
        async with self._lock:
            now = self._wall()
            if len(self._retired) >= MOST_FORMER:
                wait = max(1.0, (self._retired[0].until - now).total_seconds())
                raise TooManyRequestsError("The token was rotated often; try again later", wait)
            until = now + FORMER_LIVES
            former = () if self._token is None else (RetiredToken(self._token, until),)
            await self._make((*self._retired, *former))
            return until

    async def end_former(self) -> None:
        """End the former tokens whose time is over; raise StorageError."""
        async with self._lock:
            now = self._wall()
            ended = [one for one in self._retired if one.until <= now]
            if self._token is None or not ended:
                return
            for one in ended:
                await self._accounts.end_token(one.token)
            left = tuple(one for one in self._retired if one not in ended)
            await self._keep(self._token, left)
            _logger.info("a former API token of Home Assistant's integration has ended")

    async def _make(self, retired: tuple[RetiredToken, ...]) -> None:
        row, token = await self._accounts.add_token(NAME, Scope.CONTROL)
        try:
            await self._keep(token, retired)
        except StorageError:
            # A token that nobody can be told is none.
            await self._accounts.end_token(token)
            raise
        _logger.info("made the API token %d for Home Assistant's integration", row.id)

    async def _keep(self, token: str, retired: tuple[RetiredToken, ...]) -> None:
        await asyncio.to_thread(keep_integration_token, self._data_dir, token, retired)
        self._token, self._retired = token, retired

    async def _run(self) -> None:
        """Look now and then: the clock of a small machine may be set at any time."""
        trouble = None
        while True:
            try:
                await self.end_former()
                trouble = None
            except StorageError as error:
                if str(error) != trouble:
                    _logger.warning("a former API token has not ended yet, retrying: %s", error)
                trouble = str(error)
            await asyncio.sleep(self._round_seconds)
