"""The JSON of mail."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from oye_proxy.api.models import Answer, Request
from oye_proxy.settings import MailSecurity

_Text = Annotated[str, Meta(min_length=1, max_length=255)]
_Secret = Annotated[str, Meta(min_length=1, max_length=1024)]
_Port = Annotated[int, Meta(ge=1, le=65535)]
_Language = Annotated[str, Meta(pattern="^[a-z]{2,3}$")]


class MailBody(Answer, frozen=True, kw_only=True):
    """
    How mail is sent; the password is never told.

    Where mail is not `offered`, in the Home Assistant app, nothing can be set. It is `configured`
    with a server, a sender and a public URL, to which the links in mails lead. A `port` of None is
    the usual one. `languages` are those that mails can be written in.
    """

    offered: bool
    configured: bool
    server: str | None
    port: int | None
    security: MailSecurity
    username: str | None
    password_set: bool
    sender: str | None
    public_url: str | None
    language: str
    languages: tuple[str, ...]


class MailPatch(Request, frozen=True, kw_only=True):
    """
    What is to be another one; what is missing stays, null unsets.

    Another server, port or security forgets the password unless it comes along.
    """

    server: _Text | UnsetType | None = UNSET
    port: _Port | UnsetType | None = UNSET
    security: MailSecurity | UnsetType = UNSET
    username: _Text | UnsetType | None = UNSET
    password: _Secret | UnsetType | None = UNSET
    sender: _Text | UnsetType | None = UNSET
    public_url: _Text | UnsetType | None = UNSET
    language: _Language | UnsetType = UNSET


class MailTest(Request, frozen=True, kw_only=True):
    """Where a test mail goes; to the caller's own address when missing."""

    to: Annotated[str, Meta(max_length=254)] | None = None
