"""
Users, API tokens, and who may try how often to sign in.

Passwords are argon2id hashes, made and checked in threads. A pair of name and password that was
right is remembered for a while as a keyed hash: each request brings it again. Accounts are read
from the database at each sign-in, so a change there counts at once, whoever made it.
"""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import secrets
import string
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from enum import StrEnum

import argon2
from msgspec import Struct

from oye_proxy.errors import (
    ConflictError,
    InvalidRequestError,
    NotAuthenticatedError,
    SettingsError,
    StorageError,
    TooManyRequestsError,
)
from oye_proxy.settings import Secret
from oye_proxy.storage.tokens import TokenRow, TokenStore
from oye_proxy.storage.users import UserRow, UserStore
from oye_proxy.tasks import spawn

FIRST_USER = "admin"
PASSWORD_LENGTH = 8
TOKEN_PREFIX = "oye_"  # noqa: S105 - how tokens are recognised

REMEMBERED_SECONDS = 300.0
FREE_FAILURES = 10

_LONGEST_WAIT_OF_A_CLIENT = 900.0
_LONGEST_WAIT_OF_A_NAME = 60.0
_FORGOTTEN_SECONDS = 3600.0
_LONGEST_PASSWORD = 1024
_MAX_REMEMBERED = 1000
_MAX_ATTEMPTS = 10_000
_HASHES_AT_ONCE = 4
_LAST_USED_SECONDS = 60.0
_GENERATED_LENGTH = 16
_MAX_NAME = 64


class Scope(StrEnum):
    """What a caller may do; each scope includes those before it."""

    READ = "read"
    CONTROL = "control"
    ADMIN = "admin"

    def includes(self, other: "Scope") -> bool:
        """Whether a caller with this scope may do what needs the other."""
        order = list(Scope)
        return order.index(self) >= order.index(other)


class Principal(Struct, frozen=True):
    """Who calls; `kind` is `user`, `token` or `ingress`."""

    name: str
    scope: Scope
    kind: str


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


class Accounts:
    """Signs callers in and keeps users and tokens; `close` it at the end."""

    def __init__(
        self,
        users: UserStore,
        tokens: TokenStore,
        passwords: Passwords,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._users = users
        self._tokens = tokens
        self._passwords = passwords
        self._clock = clock
        self._attempts = Attempts(clock)
        self._key = secrets.token_bytes(32)
        self._remembered: OrderedDict[bytes, tuple[str, float]] = OrderedDict()
        self._checking: dict[bytes, asyncio.Task[bool]] = {}
        self._used: dict[int, datetime] = {}
        self._used_written = clock()
        self._writing_used: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Store when tokens were used last."""
        running = [*self._checking.values(), *filter(None, [self._writing_used])]
        if running:
            await asyncio.wait(running)
        await self._write_used()

    async def sign_in(self, username: str, password: str, client: str) -> Principal:
        """
        Check a name and its password.

        Raise NotAuthenticatedError when they are wrong, TooManyRequestsError after many failures
        of this client or for this name. A remembered pair is let in even then.
        """
        pair = f"{len(username)}:{username}{password}".encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(pair, key=self._key).digest()
        user = await self._users.get(username) if _is_name(username) else None
        if not self._is_remembered(digest, user):
            check = self._checking.get(digest)
            if check is None:
                self._attempts.begin(client, username)
                check = spawn(self._check(digest, user, password), name="password check")
                self._checking[digest] = check
            # The check goes on for others when one request is cancelled.
            if not await asyncio.shield(check):
                raise NotAuthenticatedError("Invalid credentials")
            self._attempts.succeeded(client, username)
        return Principal(username, Scope.ADMIN, "user")

    async def sign_in_with_token(self, token: str, client: str) -> Principal:
        """Check an API token; fail as `sign_in` does."""
        row = await self._tokens.by_hash(_token_hash(token))
        if row is None:
            self._attempts.begin(client)
            raise NotAuthenticatedError("Invalid credentials")
        self._used[row.id] = datetime.now(UTC)
        if self._clock() - self._used_written >= _LAST_USED_SECONDS:
            self._used_written = self._clock()
            self._writing_used = spawn(self._write_used(), name="last use of tokens")
        return Principal(row.name, Scope(row.scope), "token")

    async def first_user(self, initial: Secret | None) -> tuple[str, str | None] | None:
        """
        Make the first user when there is none; return its name, and its password if we chose it.

        The password is to be shown once, and never logged or stored.
        """
        if await self._users.all():
            return None
        if initial is not None and len(initial.reveal()) < PASSWORD_LENGTH:
            raise SettingsError(
                f"api.initial_admin_password: must be at least {PASSWORD_LENGTH} characters long"
            )
        password = _generated_password() if initial is None else initial.reveal()
        added = await self._users.add_first(FIRST_USER, await self._passwords.hash(password))
        if not added:
            return None
        return FIRST_USER, password if initial is None else None

    async def users(self) -> list[UserRow]:
        """Return every user."""
        return await self._users.all()

    async def add_user(self, username: str, password: str) -> None:
        """Add a user."""
        if not _is_name(username):
            raise InvalidRequestError(
                f"a user name has 1 to {_MAX_NAME} printable characters and no colon"
            )
        _check_new(password, "The password")
        if not await self._users.add(username, await self._passwords.hash(password)):
            raise ConflictError(f"there is already a user {username!r}")

    async def remove_user(self, username: str) -> None:
        """Remove a user, but never the last one."""
        names = [user.username for user in await self._users.all()]
        if names == [username]:
            raise ConflictError("the last user cannot be removed")
        if not await self._users.delete(username):
            raise InvalidRequestError(f"there is no user {username!r}")

    async def set_password(self, username: str, password: str) -> None:
        """Set a user's password without knowing the present one."""
        _check_new(password, "The password")
        if not await self._users.set_password(username, await self._passwords.hash(password)):
            raise InvalidRequestError(f"there is no user {username!r}")

    async def change_password(self, username: str, current: str, new: str, client: str) -> None:
        """Change the password of a user who knows the present one."""
        if not current or not new:
            raise InvalidRequestError("Current password and new password are required")
        _check_new(new, "New password")
        try:
            await self.sign_in(username, current, client)
        except NotAuthenticatedError:
            raise InvalidRequestError("Current password is incorrect") from None
        await self.set_password(username, new)

    async def tokens(self) -> list[TokenRow]:
        """Return every API token."""
        await self._write_used()
        return await self._tokens.all()

    async def add_token(self, name: str, scope: Scope) -> tuple[TokenRow, str]:
        """Make an API token; the token itself is returned this once."""
        name = name.strip()
        if not 1 <= len(name) <= _MAX_NAME or not name.isprintable():
            raise InvalidRequestError(
                f"the name of a token has 1 to {_MAX_NAME} printable characters"
            )
        token = TOKEN_PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip(
            "="
        )
        return await self._tokens.add(name, scope.value, _token_hash(token)), token

    async def knows_token(self, token: str) -> bool:
        """Tell whether an API token is in force; no attempt to sign in."""
        return await self._tokens.by_hash(_token_hash(token)) is not None

    async def end_token(self, token: str) -> None:
        """End an API token by its text; one that is not in force has ended already."""
        row = await self._tokens.by_hash(_token_hash(token))
        if row is not None:
            await self._tokens.delete(row.id)

    async def revoke_token(self, token_id: int) -> None:
        """End an API token."""
        if not await self._tokens.delete(token_id):
            raise InvalidRequestError(f"there is no token {token_id}")

    async def _check(self, digest: bytes, user: UserRow | None, password: str) -> bool:
        try:
            octets = password.encode("utf-8", "surrogatepass")
            known = user.password_hash if user and len(octets) <= _LONGEST_PASSWORD else None
            right = await self._passwords.verify(known, octets[:_LONGEST_PASSWORD])
            if right and known is not None:
                self._remember(digest, known)
            return right
        finally:
            del self._checking[digest]

    def _is_remembered(self, digest: bytes, user: UserRow | None) -> bool:
        password_hash, until = self._remembered.get(digest, ("", 0.0))
        return (
            user is not None
            and self._clock() < until
            and hmac.compare_digest(password_hash, user.password_hash)
        )

    def _remember(self, digest: bytes, password_hash: str) -> None:
        self._remembered[digest] = (password_hash, self._clock() + REMEMBERED_SECONDS)
        self._remembered.move_to_end(digest)
        while len(self._remembered) > _MAX_REMEMBERED:
            self._remembered.popitem(last=False)

    async def _write_used(self) -> None:
        used, self._used = self._used, {}
        try:
            await self._tokens.touch(used)
        except StorageError:
            # The writer of frames tells of a database that is away; this time can be late.
            self._used = used | self._used


class Attempts:
    """Counts failures per client and per name; each one more doubles the wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def begin(self, client: str, username: str | None = None) -> None:
        """Count an attempt as failed until it succeeds; raise TooManyRequestsError if too many."""
        now = self._clock()
        keys = _keys(client, username)
        wait = max(self._wait(key, longest, now) for key, longest in keys)
        if wait > 0:
            raise TooManyRequestsError("Too many failed logins; try again later", wait)
        for key, _ in keys:
            self._failures[key] = (self._count(key, now) + 1, now)
            self._failures.move_to_end(key)
        while len(self._failures) > _MAX_ATTEMPTS:
            self._failures.popitem(last=False)

    def succeeded(self, client: str, username: str) -> None:
        """Forget the failures."""
        for key, _ in _keys(client, username):
            self._failures.pop(key, None)

    def _count(self, key: tuple[str, str], now: float) -> int:
        count, last = self._failures.get(key, (0, now))
        return 0 if now - last > _FORGOTTEN_SECONDS else count

    def _wait(self, key: tuple[str, str], longest: float, now: float) -> float:
        beyond = self._count(key, now) - FREE_FAILURES
        if beyond < 0:
            return 0.0
        return self._failures[key][1] + min(2.0 ** min(beyond, 30), longest) - now


def _keys(client: str, username: str | None) -> list[tuple[tuple[str, str], float]]:
    network = _network(client)
    if username is None:
        # A client with a revoked token must not lock out the people behind the same address.
        return [(("tokens", network), _LONGEST_WAIT_OF_A_CLIENT)]
    return [
        (("client", network), _LONGEST_WAIT_OF_A_CLIENT),
        # A stranger must not be able to lock a user out for long.
        (("name", username[:_MAX_NAME]), _LONGEST_WAIT_OF_A_NAME),
    ]


def _network(client: str) -> str:
    """One home or server has a whole /64 of IPv6 addresses."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, 64), strict=False))


def _is_name(username: str) -> bool:
    return 1 <= len(username) <= _MAX_NAME and username.isprintable() and ":" not in username


def _check_new(password: str, what: str) -> None:
    if len(password) < PASSWORD_LENGTH:
        raise InvalidRequestError(f"{what} must be at least {PASSWORD_LENGTH} characters long")
    if len(password.encode("utf-8", "surrogatepass")) > _LONGEST_PASSWORD:
        raise InvalidRequestError(f"{what} must be at most {_LONGEST_PASSWORD} bytes long")


def _generated_password() -> str:
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(_GENERATED_LENGTH))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
