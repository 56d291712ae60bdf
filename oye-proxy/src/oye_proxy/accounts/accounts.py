"""
Users, API tokens, and who may try how often to sign in.

Passwords are argon2id hashes, made and checked in threads. A pair of name and password that was
right is remembered for a while as a keyed hash: each request brings it again. Accounts are read
from the database at each sign-in, so a change there counts at once, whoever made it.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from oye_proxy.accounts.attempts import Attempts
from oye_proxy.accounts.last_uses import LastUses
from oye_proxy.accounts.passwords import Passwords
from oye_proxy.accounts.principals import Principal, Scope
from oye_proxy.accounts.rules import (
    LONGEST_PASSWORD,
    MAX_NAME,
    PASSWORD_LENGTH,
    check_password,
    generated_password,
    is_name,
    new_secret,
    secret_hash,
)
from oye_proxy.errors import (
    ConflictError,
    InvalidRequestError,
    NotAuthenticatedError,
    SettingsError,
    TooManyRequestsError,
)
from oye_proxy.mail import check_address
from oye_proxy.settings import Secret
from oye_proxy.storage.tokens import TokenRow, TokenStore
from oye_proxy.storage.users import UserRow, UserStore
from oye_proxy.tasks import spawn

FIRST_USER: Final = "admin"
TOKEN_PREFIX: Final = "oye_"  # noqa: S105 - how tokens are recognised
REMEMBERED_SECONDS: Final = 300.0
# A check takes some 50 ms of a processor: strangers at many addresses must not queue for minutes.
MOST_CHECKS: Final = 50

_MAX_REMEMBERED: Final = 1000
_SOON: Final = 2.0


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
        self._uses = LastUses("tokens", tokens.touch, clock)
        self._logins = LastUses("accounts", users.note_logins, clock)

    async def close(self) -> None:
        """Store when tokens were used and users signed in last."""
        if self._checking:
            await asyncio.wait(self._checking.values())
        await self._uses.close()
        await self._logins.close()

    async def sign_in(self, username: str, password: str, client: str) -> Principal:
        """
        Check a name and its password.

        Raise NotAuthenticatedError when they are wrong, TooManyRequestsError after many failures
        of this client or for this name. A remembered pair is let in even then.
        """
        pair = f"{len(username)}:{username}{password}".encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(pair, key=self._key).digest()
        user = await self._users.get(username) if is_name(username) else None
        if user is not None and user.disabled:
            user = None
        if not self._is_remembered(digest, user):
            check = self._checking.get(digest)
            if check is None:
                if len(self._checking) >= MOST_CHECKS:
                    raise TooManyRequestsError("Too many logins at once; try again", _SOON)
                self._attempts.begin(client, username)
                check = spawn(self._check(digest, user, password), name="password check")
                self._checking[digest] = check
            # The check goes on for others when one request is cancelled.
            if not await asyncio.shield(check):
                raise NotAuthenticatedError("Invalid credentials")
            self._attempts.succeeded(client, username)
        self._logins.note(username, datetime.now(UTC))
        return Principal(username, Scope.ADMIN, "user")

    async def sign_in_with_token(self, token: str, client: str) -> Principal:
        """Check an API token; fail as `sign_in` does."""
        row = await self._tokens.by_hash(secret_hash(token))
        if row is None:
            self._attempts.begin(client)
            raise NotAuthenticatedError("Invalid credentials")
        self._uses.note(row.id, datetime.now(UTC))
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
        password = generated_password() if initial is None else initial.reveal()
        added = await self._users.add_first(
            FIRST_USER, await self._passwords.hash(password), generated_password=initial is None
        )
        if not added:
            return None
        return FIRST_USER, password if initial is None else None

    async def users(self) -> list[UserRow]:
        """Return every user."""
        logins = self._logins.unwritten()
        return [
            replace(user, last_login=logins.get(user.username, user.last_login))
            for user in await self._users.all()
        ]

    async def user(self, username: str) -> UserRow | None:
        """Return one user."""
        return await self._users.get(username) if is_name(username) else None

    async def add_user(
        self,
        username: str,
        password: str,
        email: str | None = None,
        language: str | None = None,
    ) -> None:
        """Add a user."""
        if not is_name(username):
            raise InvalidRequestError(
                f"a user name has 1 to {MAX_NAME} printable characters and no colon"
            )
        check_password(password)
        if email is not None:
            check_address(email)
        password_hash = await self._passwords.hash(password)
        if not await self._users.add(username, password_hash, email, language):
            raise ConflictError(f"there is already a user {username!r}")

    async def remove_user(self, username: str) -> None:
        """Remove a user, but never the last one."""
        if not is_name(username) or not await self._users.delete(username):
            raise InvalidRequestError(f"there is no user {username!r}")

    async def change_user(
        self,
        username: str,
        *,
        email: str | UnsetType | None = UNSET,
        language: str | UnsetType | None = UNSET,
        disabled: bool | UnsetType = UNSET,
    ) -> None:
        """Change what is given of a user; who is disabled has no access from now on."""
        if isinstance(email, str):
            check_address(email)
        changed = is_name(username) and await self._users.change(
            username, email=email, language=language, disabled=disabled
        )
        if not changed:
            raise InvalidRequestError(f"there is no user {username!r}")

    async def set_password(
        self, username: str, password: str, *, keep_session: int | None = None
    ) -> None:
        """Set a user's password without knowing the present one; end all logins but one."""
        check_password(password)
        password_hash = await self._passwords.hash(password)
        changed = is_name(username) and await self._users.set_password(
            username, password_hash, keep_session=keep_session
        )
        if not changed:
            raise InvalidRequestError(f"there is no user {username!r}")

    async def change_password(
        self, username: str, current: str, new: str, client: str, *, keep_session: int | None = None
    ) -> None:
        """Change the password of a user who knows the present one; end all logins but one."""
        if not current or not new:
            raise InvalidRequestError("Current password and new password are required")
        check_password(new, "New password")
        try:
            await self.sign_in(username, current, client)
        except NotAuthenticatedError:
            raise InvalidRequestError("Current password is incorrect") from None
        await self.set_password(username, new, keep_session=keep_session)

    async def tokens(self) -> list[TokenRow]:
        """Return every API token."""
        uses = self._uses.unwritten()
        return [
            replace(token, last_used=uses.get(token.id, token.last_used))
            for token in await self._tokens.all()
        ]

    async def add_token(self, name: str, scope: Scope) -> tuple[TokenRow, str]:
        """Make an API token; the token itself is returned this once."""
        name = name.strip()
        if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
            raise InvalidRequestError(
                f"the name of a token has 1 to {MAX_NAME} printable characters"
            )
        token = TOKEN_PREFIX + new_secret()
        return await self._tokens.add(name, scope.value, secret_hash(token)), token

    async def knows_token(self, token: str) -> bool:
        """Tell whether an API token is in force; no attempt to sign in."""
        return await self._tokens.by_hash(secret_hash(token)) is not None

    async def end_token(self, token: str) -> None:
        """End an API token by its text; one that is not in force has ended already."""
        row = await self._tokens.by_hash(secret_hash(token))
        if row is not None:
            await self._tokens.delete(row.id)

    async def revoke_token(self, token_id: int) -> None:
        """End an API token."""
        if not await self._tokens.delete(token_id):
            raise InvalidRequestError(f"there is no token {token_id}")

    async def _check(self, digest: bytes, user: UserRow | None, password: str) -> bool:
        try:
            octets = password.encode("utf-8", "surrogatepass")
            known = user.password_hash if user and len(octets) <= LONGEST_PASSWORD else None
            right = await self._passwords.verify(known, octets[:LONGEST_PASSWORD])
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
