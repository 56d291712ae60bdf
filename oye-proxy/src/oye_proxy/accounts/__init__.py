"""Users, API tokens, login sessions, and who may try how often to sign in."""

from oye_proxy.accounts.accounts import FIRST_USER, TOKEN_PREFIX, Accounts
from oye_proxy.accounts.attempts import Attempts
from oye_proxy.accounts.notices import PasswordNotices
from oye_proxy.accounts.passwords import Passwords
from oye_proxy.accounts.principals import Principal, Scope
from oye_proxy.accounts.resets import PasswordResets
from oye_proxy.accounts.rules import PASSWORD_LENGTH
from oye_proxy.accounts.sessions import OpenedSession, Sessions

__all__ = [
    "FIRST_USER",
    "PASSWORD_LENGTH",
    "TOKEN_PREFIX",
    "Accounts",
    "Attempts",
    "OpenedSession",
    "PasswordNotices",
    "PasswordResets",
    "Passwords",
    "Principal",
    "Scope",
    "Sessions",
]
