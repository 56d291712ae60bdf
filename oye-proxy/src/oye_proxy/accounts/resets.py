"""
Forgotten passwords: a link by mail that works once, for half an hour.

Whoever asks hears the same at once, whether there is such an account or not; looking it up and
sending the mail come afterwards.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from oye_proxy.accounts.attempts import HourlyLimit, network_of
from oye_proxy.accounts.notices import PasswordNotices
from oye_proxy.accounts.outgoing import Outgoing
from oye_proxy.accounts.passwords import Passwords
from oye_proxy.accounts.rules import check_password, new_secret, secret_hash
from oye_proxy.errors import LinkExpiredError
from oye_proxy.mail import Mail
from oye_proxy.storage.resets import ResetStore
from oye_proxy.storage.users import UserRow, UserStore

LINK_LIVES: Final = timedelta(minutes=30)
ASKED_AN_HOUR: Final = 5

_HOUR: Final = timedelta(hours=1)
_MAX_ACCOUNT: Final = 254

_logger = logging.getLogger(__name__)


class PasswordResets:
    """Sends links and takes new passwords for them; `close` it at the end."""

    def __init__(
        self,
        users: UserStore,
        resets: ResetStore,
        passwords: Passwords,
        mail: Mail,
        notices: PasswordNotices,
        clock: Callable[[], float],
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._users = users
        self._resets = resets
        self._passwords = passwords
        self._mail = mail
        self._notices = notices
        self._wall = wall
        self._asked = HourlyLimit(ASKED_AN_HOUR, clock)
        self._outgoing = Outgoing("a mail with a link for a new password")

    async def close(self) -> None:
        """Give up what is being sent."""
        await self._outgoing.close()

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        await self._outgoing.idle()

    def ask(self, account: str, client: str, languages: Sequence[str]) -> None:
        """
        Have links sent to whom this name or e-mail address belongs, if to anybody.

        Raise MailNotConfiguredError, or TooManyRequestsError after five in an hour.
        """
        self._mail.check_configured()
        account = account.strip()[:_MAX_ACCOUNT]
        self._asked.count(f"client {network_of(client)}", f"account {account.lower()}")
        self._outgoing.start(partial(self._send, account, languages))

    async def use(self, token: str, new_password: str) -> None:
        """
        Set a new password by a link and end all logins of its user.

        Raise InvalidRequestError for a poor password, LinkExpiredError for a link that is used up,
        too old or none.
        """
        check_password(new_password, "New password")
        token_hash, since = secret_hash(token), self._wall() - LINK_LIVES
        username = None
        # Hashing a password takes a while: not for a stranger's guess.
        if await self._resets.knows(token_hash, since):
            password_hash = await self._passwords.hash(new_password)
            username = await self._resets.redeem(token_hash, since, password_hash)
        if username is None:
            raise LinkExpiredError("This link is used up or too old: ask for a new one")
        _logger.info("a user set a new password by a link that came by mail")
        self._notices.tell(username)

    async def _send(self, account: str, languages: Sequence[str]) -> None:
        await self._resets.delete_older(self._wall() - _HOUR)
        for user in await self._users.named_or_reached(account):
            await self._send_to(user, languages)

    async def _send_to(self, user: UserRow, languages: Sequence[str]) -> None:
        if user.email is None or user.disabled:
            return
        now = self._wall()
        # However the address was spelt.
        if await self._resets.count_since(user.username, now - _HOUR) >= ASKED_AN_HOUR:
            return
        token = new_secret()
        await self._resets.add(user.username, secret_hash(token), now)
        await self._mail.send(
            user.email,
            "reset",
            [user.language, *languages],
            {"name": user.username, "link": self._mail.link(f"#/reset/{token}")},
        )
