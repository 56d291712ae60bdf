"""What the console's way in needs: login sessions, mail, and links for a new password."""

import asyncio
import time
from contextlib import AsyncExitStack

from msgspec import Struct

from oye_proxy.accounts import PasswordNotices, PasswordResets, Passwords, Sessions
from oye_proxy.errors import InvalidRequestError, SettingsError
from oye_proxy.mail import Mail, load_mail_texts
from oye_proxy.settings import Settings
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.resets import ResetStore
from oye_proxy.storage.sessions import SessionStore
from oye_proxy.storage.users import UserStore


class SignIn(Struct, frozen=True, kw_only=True):
    """The parts."""

    sessions: Sessions
    resets: PasswordResets
    notices: PasswordNotices
    mail: Mail


async def open_sign_in(settings: Settings, database: Database, stack: AsyncExitStack) -> SignIn:
    """Make the parts; raise SettingsError for mail settings that cannot be used."""
    texts = await asyncio.to_thread(load_mail_texts)
    # Home Assistant's app has no mail: people are known there, and reset a password there.
    in_app = settings.server.ingress_socket is not None
    mail = Mail(ConfigStore(database), settings.storage.data_dir, texts, offered=not in_app)
    try:
        await mail.load(settings.mail)
    except InvalidRequestError as error:
        raise SettingsError(f"mail: {error}") from error
    passwords = Passwords()
    stack.callback(passwords.close)
    sessions = Sessions(SessionStore(database), settings.api)
    stack.push_async_callback(sessions.close)
    notices = PasswordNotices(UserStore(database), mail)
    stack.push_async_callback(notices.close)
    resets = PasswordResets(
        UserStore(database), ResetStore(database), passwords, mail, notices, time.monotonic
    )
    stack.push_async_callback(resets.close)
    return SignIn(sessions=sessions, resets=resets, notices=notices, mail=mail)
