"""The JSON of accounts."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from oye_proxy.api.models import Answer, Request

_Language = Annotated[str, Meta(pattern="^[a-z]{2,3}$")]


class NewUser(Request, frozen=True, kw_only=True):
    """An account to be made; `language` is that of its mails, null what the browser asks for."""

    username: str
    password: str
    email: str | None = None
    language: _Language | None = None


class UserChange(Request, frozen=True, kw_only=True):
    """
    What is to be another one; what is missing stays.

    `email` is where a link for a new password goes, `language` that of the mails. Who is disabled
    has no access any more.
    """

    email: str | UnsetType | None = UNSET
    language: _Language | UnsetType | None = UNSET
    disabled: bool | UnsetType = UNSET


class PasswordOfUser(Request, frozen=True, kw_only=True):
    """The new password of an account."""

    new_password: str


class User(Answer, frozen=True, kw_only=True):
    """One account."""

    username: str
    created_at: datetime
    email: str | None
    language: str | None
    disabled: bool
    last_login: datetime | None


class PasswordChange(Request, frozen=True, kw_only=True):
    """The present password and the new one, of the user who calls."""

    current_password: str = ""
    new_password: str = ""


class PasswordChanged(Answer, frozen=True, kw_only=True):
    """The password is another one; all other logins of the user have ended."""

    status: str = "success"
    message: str = "Password changed successfully"
