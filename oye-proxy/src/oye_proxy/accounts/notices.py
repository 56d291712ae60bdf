"""Who has an account hears by mail that its password is another one."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from oye_proxy.accounts.outgoing import Outgoing
from oye_proxy.mail import Mail
from oye_proxy.storage.users import UserStore


class PasswordNotices:
    """Sends these mails, after the change and whatever becomes of them; `close` it at the end."""

    def __init__(
        self,
        users: UserStore,
        mail: Mail,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._users = users
        self._mail = mail
        self._wall = wall
        self._outgoing = Outgoing("a mail that tells of a changed password")

    async def close(self) -> None:
        """Give up what is being sent."""
        await self._outgoing.close()

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        await self._outgoing.idle()

    def tell(self, username: str) -> None:
        """Have the user told, where mail is sent and the account has an address."""
        if self._mail.configured:
            self._outgoing.start(partial(self._send, username, self._wall()))

    async def _send(self, username: str, at: datetime) -> None:
        user = await self._users.get(username)
        if user is None or user.email is None:
            return
        await self._mail.send(
            user.email,
            "password_changed",
            [user.language],
            {
                "name": user.username,
                "time": f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
                "link": self._mail.link(""),
            },
        )
