"""`/api/session`: sign in, ask who one is, sign out; `/api/sign-in` for the page before that."""

import msgspec
from aiohttp import hdrs, web

from oye_proxy.accounts import Principal, Scope
from oye_proxy.api.auth import Site, client_address, remote_user_name, require_console
from oye_proxy.api.cookies import clear_session_cookie, session_cookie, set_session_cookie
from oye_proxy.api.keys import DEPENDENCIES, GATE
from oye_proxy.api.models import Done
from oye_proxy.api.routes import JSON, Exchange, Route
from oye_proxy.api.session_models import PasswordReset, SessionInfo, SignIn, SignInInfo, Via
from oye_proxy.errors import ConflictError
from oye_proxy.storage.sessions import SessionRow

OWN_ACCOUNT = "own_account"
MAIL = "mail"


async def show_sign_in(exchange: Exchange) -> SignInInfo:
    """Answer what the page for signing in must know."""
    dependencies = exchange.app[DEPENDENCIES]
    mail = dependencies.mail
    reset = PasswordReset.COMMAND_LINE if mail.offered else PasswordReset.HOME_ASSISTANT
    return SignInInfo(
        password_reset=PasswordReset.MAIL if mail.configured else reset,
        has_accounts=bool(await dependencies.accounts.users()),
    )


async def sign_in(exchange: Exchange) -> web.Response:
    """Begin a session; one that the browser still had ends."""
    dependencies, gate = exchange.app[DEPENDENCIES], exchange.app[GATE]
    if gate.site is Site.INGRESS:
        raise ConflictError("You are signed in through Home Assistant")
    request = exchange.request
    require_console(request)
    body: SignIn = exchange.body
    client = client_address(request, dependencies.settings.trusted_proxies)
    user = await dependencies.accounts.sign_in(body.username, body.password, client)
    secure = gate.is_secure(request)
    former = session_cookie(request, secure=secure)
    before = None if former is None else await dependencies.sessions.identify(former)
    if before is not None and before.session_id is not None:
        await dependencies.sessions.end(before.session_id)
    agent = request.headers.get(hdrs.USER_AGENT, "")
    opened = await dependencies.sessions.open(user.name, client, agent)
    principal = msgspec.structs.replace(user, session_id=opened.row.id)
    response = web.Response(
        body=msgspec.json.encode(await _info(exchange, principal, opened.row)), content_type=JSON
    )
    set_session_cookie(response, opened.token, dependencies.sessions.lifetime, secure=secure)
    return response


async def show_session(exchange: Exchange) -> SessionInfo:
    """Answer who calls; a browser that is not signed in asks this first, so that is no failure."""
    if exchange.principal is None:
        return SessionInfo(name="", via=Via.NOBODY, scope=None, can=())
    caller = exchange.caller
    row = None
    if caller.session_id is not None:
        sessions = await exchange.app[DEPENDENCIES].sessions.all()
        row = next((one for one in sessions if one.id == caller.session_id), None)
    return await _info(exchange, caller, row)


async def sign_out(exchange: Exchange) -> web.Response:
    """End the session of the caller."""
    if exchange.caller.session_id is None:
        raise ConflictError("There is no session to end: you came in another way")
    await exchange.app[DEPENDENCIES].sessions.end(exchange.caller.session_id)
    response = web.Response(body=msgspec.json.encode(Done()), content_type=JSON)
    clear_session_cookie(response, secure=exchange.app[GATE].is_secure(exchange.request))
    return response


async def _info(exchange: Exchange, caller: Principal, row: SessionRow | None) -> SessionInfo:
    dependencies = exchange.app[DEPENDENCIES]
    is_user = caller.kind == "user"
    user = await dependencies.accounts.user(caller.name) if is_user else None
    return SessionInfo(
        name=_name(exchange, caller),
        via=_via(caller),
        scope=caller.scope,
        can=_rights(caller, mail=dependencies.mail.offered),
        email=None if user is None else user.email,
        language=None if user is None else user.language,
        generated_password=user is not None and user.generated_password,
        session_id=caller.session_id,
        expires_at=None if row is None else dependencies.sessions.ends_at(row),
    )


def _name(exchange: Exchange, caller: Principal) -> str:
    if caller.kind != "ingress":
        return caller.name
    return remote_user_name(exchange.request) or caller.name


def _via(caller: Principal) -> Via:
    if caller.session_id is not None:
        return Via.SESSION
    return {"token": Via.TOKEN, "ingress": Via.INGRESS}.get(caller.kind, Via.BASIC)


def _rights(caller: Principal, *, mail: bool) -> tuple[str, ...]:
    rights = [scope.value for scope in Scope if caller.scope.includes(scope)]
    if caller.kind == "user":
        rights.append(OWN_ACCOUNT)
    if mail and caller.scope.includes(Scope.ADMIN):
        rights.append(MAIL)
    return tuple(rights)


ROUTES = (
    Route(
        method="GET",
        path="/api/sign-in",
        handler=show_sign_in,
        scope=None,
        summary="What a page for signing in must know",
        answer=SignInInfo,
        errors=(503,),
    ),
    Route(
        method="POST",
        path="/api/session",
        handler=sign_in,
        scope=None,
        summary="Sign in",
        description=(
            "Sets the session's cookie (`HttpOnly`, `SameSite=Strict`, `Secure` under TLS). Needs"
            " the header `X-OYE-Console`. A session ends after `OYE_API_SESSION_IDLE_HOURS` without"
            " use and after `OYE_API_SESSION_DAYS` in any case. Through Home Assistant there are"
            " none (409)."
        ),
        body=SignIn,
        answer=SessionInfo,
        errors=(401, 403, 409, 429, 503),
        ends_access=True,
    ),
    Route(
        method="GET",
        path="/api/session",
        handler=show_session,
        scope=Scope.READ,
        summary="Who calls, and what they may do",
        description="Without credentials, or with a session that is over, `via` is `nobody`; wrong "
        "credentials are 401 here, too.",
        answers_nobody=True,
        answer=SessionInfo,
    ),
    Route(
        method="DELETE",
        path="/api/session",
        handler=sign_out,
        scope=Scope.READ,
        summary="Sign out",
        description="409 for who came in without a session.",
        answer=Done,
        errors=(409,),
        ends_access=True,
    ),
)
