"""
The cookie of a login session.

It has no path: the browser then takes the folder of `api/session`, which is right below any prefix
that a server in front may add. Under TLS it has another name: a browser that knows the proxy by
both ways keeps one of each, and what came in the clear is never believed where TLS is.
"""

from datetime import timedelta
from typing import Final

from aiohttp import web

PLAIN_COOKIE: Final = "oye_session"
SECURE_COOKIE: Final = "__Secure-oye_session"


def session_cookie(request: web.Request, *, secure: bool) -> str | None:
    """Return the session's token that a request brings."""
    return request.cookies.get(_name(secure=secure))


def set_session_cookie(
    response: web.Response, token: str, lifetime: timedelta, *, secure: bool
) -> None:
    """Give the browser a session's token."""
    response.set_cookie(
        _name(secure=secure),
        token,
        max_age=int(lifetime.total_seconds()),
        path="",
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def clear_session_cookie(response: web.Response, *, secure: bool) -> None:
    """Have the browser forget it."""
    set_session_cookie(response, "", timedelta(0), secure=secure)


def _name(*, secure: bool) -> str:
    return SECURE_COOKIE if secure else PLAIN_COOKIE
