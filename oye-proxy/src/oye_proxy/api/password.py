"""`/api/password/*`: a link by mail for who forgot the password, and its use."""

from aiohttp import hdrs

from oye_proxy.api.auth import client_address
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.session_models import ForgottenPassword, NewPassword, ResetAsked

_MOST_LANGUAGES = 5


async def forgot_password(exchange: Exchange) -> ResetAsked:
    """Have a link sent; the answer tells nothing of the account."""
    dependencies = exchange.app[DEPENDENCIES]
    body: ForgottenPassword = exchange.body
    dependencies.resets.ask(
        body.username,
        client_address(exchange.request, dependencies.settings.trusted_proxies),
        _languages(exchange.request.headers.get(hdrs.ACCEPT_LANGUAGE, "")),
    )
    return ResetAsked()


async def reset_password(exchange: Exchange) -> Done:
    """Take a new password for a link."""
    dependencies = exchange.app[DEPENDENCIES]
    body: NewPassword = exchange.body
    dependencies.mail.check_configured()
    await dependencies.resets.use(body.token, body.new_password)
    return Done()


def _languages(header: str) -> list[str]:
    return [part.partition(";")[0].strip() for part in header.split(",")[:_MOST_LANGUAGES]]


ROUTES = (
    Route(
        method="POST",
        path="/api/password/forgot",
        handler=forgot_password,
        scope=None,
        summary="Ask for a link to set a new password",
        description=(
            "The answer is the same for known and unknown names. Where no mail is sent, 409"
            " `mail_not_configured` says how a password is set instead. At most five an hour for"
            " each client and each name."
        ),
        body=ForgottenPassword,
        answer=ResetAsked,
        errors=(403, 409, 429),
    ),
    Route(
        method="POST",
        path="/api/password/reset",
        handler=reset_password,
        scope=None,
        summary="Set a new password by a link",
        description=(
            "The link works once, for 30 minutes; then 400 `link_expired`. Ends all logins of the"
            " account."
        ),
        body=NewPassword,
        answer=Done,
        errors=(403, 409, 503),
        ends_access=True,
    ),
)
