"""`/api/mail`: how mail is sent, and a test of it."""

import msgspec
from msgspec import UNSET
from msgspec.structs import asdict

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.mail_models import MailBody, MailPatch, MailTest
from oye_proxy.api.models import Done
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.errors import InvalidRequestError
from oye_proxy.mail import Mail, MailChange


async def show_mail(exchange: Exchange) -> MailBody:
    """Answer how mail is sent."""
    return _body(exchange.app[DEPENDENCIES].mail)


async def change_mail(exchange: Exchange) -> MailBody:
    """Take other options over, at once."""
    mail = exchange.app[DEPENDENCIES].mail
    patch: MailPatch = exchange.body
    given = {name: value for name, value in asdict(patch).items() if value is not UNSET}
    password = given.pop("password", UNSET)
    options = msgspec.structs.replace(mail.options, **given)
    await mail.change(MailChange(options=options, password=password))
    return _body(mail)


async def send_test(exchange: Exchange) -> Done:
    """Send a mail now, and tell how that went."""
    dependencies = exchange.app[DEPENDENCIES]
    body: MailTest = exchange.body
    dependencies.mail.check_configured()
    caller = exchange.caller
    user = await dependencies.accounts.user(caller.name) if caller.kind == "user" else None
    to = body.to or (user.email if user else None)
    if to is None:
        raise InvalidRequestError("to: give an e-mail address, as your account has none")
    values = {"name": caller.name, "link": dependencies.mail.link("")}
    await dependencies.mail.send(to, "test", [user.language if user else None], values)
    return Done()


def _body(mail: Mail) -> MailBody:
    options = mail.options
    return MailBody(
        offered=mail.offered,
        configured=mail.configured,
        server=options.server,
        port=options.port,
        security=options.security,
        username=options.username,
        password_set=mail.has_password,
        sender=options.sender,
        public_url=options.public_url,
        language=options.language,
        languages=mail.languages,
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/mail",
        handler=show_mail,
        scope=Scope.ADMIN,
        summary="How mail is sent",
        answer=MailBody,
    ),
    Route(
        method="PATCH",
        path="/api/mail",
        handler=change_mail,
        scope=Scope.ADMIN,
        summary="Choose how mail is sent",
        description="409 `mail_not_configured` in the Home Assistant app, which sends none.",
        body=MailPatch,
        answer=MailBody,
        errors=(409,),
    ),
    Route(
        method="POST",
        path="/api/mail/test",
        handler=send_test,
        scope=Scope.ADMIN,
        summary="Send a test mail",
        description="502 `mail` says what the mail server has against it.",
        body=MailTest,
        answer=Done,
        errors=(409, 502),
    ),
)
