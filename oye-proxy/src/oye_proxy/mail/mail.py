"""
Sending mail: the owner's options, which change while the proxy runs, and the mails themselves.

The options lie in the table `config`; the password at the mail server lies in `secrets.json`, as it
must be readable for the proxy. Settings seed both: other values than those taken over last are
taken over. The Home Assistant app sends no mail; there `offered` is False.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Final, Protocol

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from oye_proxy.errors import MailNotConfiguredError
from oye_proxy.mail.options import MailOptions, check_address, check_options
from oye_proxy.mail.smtp import send
from oye_proxy.mail.texts import MailTexts, filled, text_in
from oye_proxy.secrets_file import keep_mail_secrets, load_secrets
from oye_proxy.settings import MailSettings

KEY: Final = "mail"

_BY_COMMAND = (
    "This proxy sends no mail: set a new password with `oye-proxy users passwd NAME` on its machine"
)
_IN_HOME_ASSISTANT = (
    "The Home Assistant app sends no mail: an administrator sets a new password in Home Assistant,"
    " in OYE under Users & access"
)

_logger = logging.getLogger(__name__)


class ConfigStorage(Protocol):
    """Where the options are kept."""

    async def all(self) -> dict[str, str]:
        """Return every key with its value."""

    async def set(self, values: Mapping[str, str]) -> None:
        """Store the values."""


class MailChange(Struct, frozen=True, kw_only=True):
    """Whole new options; a password of None is forgotten, UNSET stays if the server does."""

    options: MailOptions
    password: str | UnsetType | None = UNSET


class Mail:
    """Knows how mail is sent, and sends it; `load` it first."""

    def __init__(
        self, storage: ConfigStorage, data_dir: Path, texts: MailTexts, *, offered: bool = True
    ) -> None:
        self.offered = offered
        self.options = MailOptions()
        self._storage = storage
        self._data_dir = data_dir
        self._texts = texts
        self._password: str | None = None
        self._seed: str | None = None
        self._changing = asyncio.Lock()

    async def load(self, seed: MailSettings) -> None:
        """Read what is stored; take the settings over when they are new ones."""
        if not self.offered:
            return
        kept = await asyncio.to_thread(load_secrets, self._data_dir)
        self._password, self._seed = kept.mail_password, kept.mail_seed
        stored = (await self._storage.all()).get(KEY)
        if stored is not None:
            try:
                self.options = msgspec.json.decode(stored, type=MailOptions)
            except msgspec.MsgspecError as error:
                _logger.warning("the stored mail options are not usable (%s): set them anew", error)
        if seed.server is not None and self._seed != _told(seed):
            self._seed = _told(seed)
            await self.change(_seeded(seed, self.options.language))

    @property
    def configured(self) -> bool:
        """Whether mail is sent."""
        return self.offered and self.options.complete

    @property
    def has_password(self) -> bool:
        """Whether there is a password at the mail server."""
        return self._password is not None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that mails are written in."""
        return tuple(language for language, mails in self._texts.items() if mails)

    def check_configured(self) -> None:
        """Raise MailNotConfiguredError, which says how a password is set instead."""
        if not self.configured:
            raise MailNotConfiguredError(_BY_COMMAND if self.offered else _IN_HOME_ASSISTANT)

    async def change(self, change: MailChange) -> None:
        """Take new options over; raise InvalidRequestError for some that cannot be."""
        if not self.offered:
            raise MailNotConfiguredError(_IN_HOME_ASSISTANT)
        options = change.options
        check_options(options)
        async with self._changing:
            password = change.password
            if password is UNSET:
                # Who may choose the server must not learn the password of another one.
                same = (options.server, options.port_in_use, options.security) == (
                    self.options.server,
                    self.options.port_in_use,
                    self.options.security,
                )
                password = self._password if same else None
            await asyncio.to_thread(keep_mail_secrets, self._data_dir, password, self._seed)
            await self._storage.set({KEY: msgspec.json.encode(options).decode()})
            self.options, self._password = options, password

    def link(self, path: str) -> str:
        """Return the address of a place in the console."""
        return f"{(self.options.public_url or '').rstrip('/')}/{path}"

    async def send(
        self, to: str, mail: str, languages: Sequence[str | None], values: Mapping[str, str]
    ) -> None:
        """Send one of our mails; raise MailError, MailNotConfiguredError."""
        self.check_configured()
        check_address(to)
        text = text_in(self._texts, mail, [*languages, self.options.language])
        message = EmailMessage()
        message["From"] = self.options.sender
        message["To"] = to
        message["Subject"] = filled(text.subject, values)
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.options.sender_domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(filled(text.body, values), cte="quoted-printable")
        await send(message, self.options, self._password)


def _told(seed: MailSettings) -> str:
    """Return the settings as one text that tells whether they are other ones."""
    values = msgspec.structs.asdict(replace(seed, password=None))
    password = None if seed.password is None else seed.password.reveal()
    return msgspec.json.encode(values | {"password": password}).decode()


def _seeded(seed: MailSettings, language: str) -> MailChange:
    return MailChange(
        options=MailOptions(
            server=seed.server,
            port=seed.port,
            security=seed.security,
            username=seed.username,
            sender=seed.sender,
            public_url=seed.public_url,
            language=language,
        ),
        password=None if seed.password is None else seed.password.reveal(),
    )
