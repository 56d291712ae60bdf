"""`/api/sessions`: the logins of the console, and their end."""

from aiohttp import web

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.session_models import EndedSessions, LoginSession, SessionsQuery


async def list_sessions(exchange: Exchange) -> list[LoginSession]:
    """Answer every session, the newest first."""
    sessions = exchange.app[DEPENDENCIES].sessions
    return [
        LoginSession(
            id=row.id,
            username=row.username,
            created_at=row.created_at,
            last_used=row.last_used,
            expires_at=sessions.ends_at(row),
            remote_address=row.remote_address,
            user_agent=row.user_agent,
            current=row.id == exchange.caller.session_id,
        )
        for row in await sessions.all()
    ]


async def end_session(exchange: Exchange) -> Done:
    """End a session."""
    sessions = exchange.app[DEPENDENCIES].sessions
    wanted = exchange.parameters["session_id"]
    row = next((one for one in await sessions.all() if str(one.id) == wanted), None)
    if row is None or not await sessions.end(row.id):
        raise web.HTTPNotFound
    return Done()


async def end_sessions(exchange: Exchange) -> EndedSessions:
    """End all sessions of an account; who has none ends those of everybody."""
    query: SessionsQuery = exchange.query
    own = exchange.caller.name if exchange.caller.kind == "user" else None
    username = own if query.username is None else query.username
    return EndedSessions(ended=await exchange.app[DEPENDENCIES].sessions.end_all(username))


ROUTES = (
    Route(
        method="GET",
        path="/api/sessions",
        handler=list_sessions,
        scope=Scope.ADMIN,
        summary="Every login of the console",
        answer=list[LoginSession],
    ),
    Route(
        method="DELETE",
        path="/api/sessions",
        handler=end_sessions,
        scope=Scope.ADMIN,
        summary="Sign out everywhere",
        description=(
            "Ends all sessions of the caller's account, this one too, or of the account that is"
            " named. A caller without account (a token, Home Assistant) ends those of everybody."
        ),
        query=SessionsQuery,
        answer=EndedSessions,
        ends_access=True,
    ),
    Route(
        method="DELETE",
        path="/api/sessions/{session_id}",
        handler=end_session,
        scope=Scope.ADMIN,
        summary="End a login",
        answer=Done,
        errors=(404,),
        ends_access=True,
    ),
)
