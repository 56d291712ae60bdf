"""Argon2id hashes, made and checked in threads."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import argon2

_HASHES_AT_ONCE: Final = 4


class Passwords:
    """Makes and checks argon2id hashes off the event loop, a few at once."""

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2) -> None:
        self._hasher = argon2.PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=1
        )
        self._threads = ThreadPoolExecutor(_HASHES_AT_ONCE, thread_name_prefix="argon2")
        self._nobody: str | None = None

    async def hash(self, password: str | bytes) -> str:
        """Return the hash of a password."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str | bytes) -> bool:
        """Check a password; None, for nobody's hash, costs the same and is never right."""
        if self._nobody is None:
            self._nobody = await self.hash(secrets.token_hex())
        known = password_hash or self._nobody
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._threads, self._verify, known, password)
        return right and password_hash is not None

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password_hash: str, password: str | bytes) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
