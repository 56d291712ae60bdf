"""The JSON of signing in: the session, all sessions, a forgotten password."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from oye_proxy.accounts import Scope
from oye_proxy.api.models import Answer, Request

_Short = Annotated[str, Meta(max_length=1024)]


class Via(StrEnum):
    """How a caller came in; `nobody` did not."""

    SESSION = "session"
    BASIC = "basic"
    TOKEN = "token"  # noqa: S105 - a way to come in, not a password
    INGRESS = "ingress"
    NOBODY = "nobody"


class PasswordReset(StrEnum):
    """How a forgotten password is replaced."""

    MAIL = "mail"
    COMMAND_LINE = "command_line"
    HOME_ASSISTANT = "home_assistant"


class SignIn(Request, frozen=True, kw_only=True):
    """A name and its password."""

    username: _Short
    password: _Short


class SignInInfo(Answer, frozen=True, kw_only=True):
    """
    What a page for signing in must know.

    `password_reset`: by a `mail` to the account, on the `command_line` of the proxy's machine, or
    by an administrator in `home_assistant`. Without accounts nobody can sign in: in the Home
    Assistant app the first one is made there.
    """

    password_reset: PasswordReset
    has_accounts: bool


class SessionInfo(Answer, frozen=True, kw_only=True):
    """
    Who calls, how they came in, and what they may do.

    `name` is the account's, the token's, or the one that Home Assistant tells. `can` has the scopes
    that the caller has, `own_account` for who may change an own password, and `mail` where mail can
    be set up; `scope` is null for nobody. `generated_password`: no person has chosen this account's
    password yet.
    """

    name: str
    via: Via
    scope: Scope | None
    can: tuple[str, ...]
    email: str | None = None
    language: str | None = None
    generated_password: bool = False
    session_id: int | None = None
    expires_at: datetime | None = None


class LoginSession(Answer, frozen=True, kw_only=True):
    """One login of the console, `current` the caller's; `expires_at` moves on while it is used."""

    id: int
    username: str
    created_at: datetime
    last_used: datetime
    expires_at: datetime
    remote_address: str
    user_agent: str
    current: bool


class SessionsQuery(Request, frozen=True, kw_only=True):
    """Whose sessions."""

    username: Annotated[
        Annotated[str, Meta(max_length=255)] | None,
        Meta(description="An account; the caller's own when missing."),
    ] = None


class EndedSessions(Answer, frozen=True, kw_only=True):
    """How many sessions have ended."""

    ended: int


class ForgottenPassword(Request, frozen=True, kw_only=True):
    """Whose password is forgotten: the name of an account, or its e-mail address."""

    username: Annotated[str, Meta(min_length=1, max_length=255)]


class ResetAsked(Answer, frozen=True, kw_only=True):
    """The same for known and unknown names."""

    success: bool = True
    message: str = "If the account exists, a mail is on its way"


class NewPassword(Request, frozen=True, kw_only=True):
    """A new password, and the token of the link that came by mail."""

    token: _Short
    new_password: str
