"""The JSON of API tokens."""

from datetime import datetime

from oye_proxy.accounts import Scope
from oye_proxy.api.models import Answer, Request


class NewToken(Request, frozen=True, kw_only=True):
    """An API token to be made."""

    name: str
    scope: Scope = Scope.READ


class Token(Answer, frozen=True, kw_only=True):
    """One API token."""

    id: int
    name: str
    scope: Scope
    created_at: datetime
    last_used: datetime | None


class CreatedToken(Answer, frozen=True, kw_only=True):
    """A new API token; `token` is shown this once."""

    id: int
    name: str
    scope: Scope
    token: str


class RotatedToken(Answer, frozen=True, kw_only=True):
    """Until when the former token of Home Assistant's integration opens the API."""

    former_valid_until: datetime
