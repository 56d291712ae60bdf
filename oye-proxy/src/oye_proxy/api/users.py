"""`/api/users` and `/api/change-password`: the accounts."""

from aiohttp import web

from oye_proxy.accounts import Scope
from oye_proxy.api.auth import client_address
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done, NewUser, PasswordChange, PasswordChanged, User
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.errors import NotPermittedError


async def list_users(exchange: Exchange) -> list[User]:
    """Answer every account."""
    users = await exchange.app[DEPENDENCIES].accounts.users()
    return [User(username=user.username, created_at=user.created_at) for user in users]


async def add_user(exchange: Exchange) -> Done:
    """Make an account."""
    body: NewUser = exchange.body
    await exchange.app[DEPENDENCIES].accounts.add_user(body.username, body.password)
    return Done()


async def remove_user(exchange: Exchange) -> Done:
    """Remove an account and end its logins."""
    accounts = exchange.app[DEPENDENCIES].accounts
    username = exchange.parameters["username"]
    if all(user.username != username for user in await accounts.users()):
        raise web.HTTPNotFound
    await accounts.remove_user(username)
    return Done()


async def change_password(exchange: Exchange) -> PasswordChanged:
    """Change the password of the user who calls."""
    dependencies = exchange.app[DEPENDENCIES]
    body: PasswordChange = exchange.body
    if exchange.caller.kind != "user":
        raise NotPermittedError("Only a user can change the own password")
    await dependencies.accounts.change_password(
        exchange.caller.name,
        body.current_password,
        body.new_password,
        client_address(exchange.request, dependencies.settings.trusted_proxies),
    )
    return PasswordChanged()


ROUTES = (
    Route(
        method="POST",
        path="/api/change-password",
        handler=change_password,
        scope=Scope.READ,
        summary="Change the own password",
        description="At least 8 characters. Ends all other logins of the user.",
        body=PasswordChange,
        answer=PasswordChanged,
    ),
    Route(
        method="GET",
        path="/api/users",
        handler=list_users,
        scope=Scope.ADMIN,
        summary="Every account",
        answer=list[User],
    ),
    Route(
        method="POST",
        path="/api/users",
        handler=add_user,
        scope=Scope.ADMIN,
        summary="Make an account",
        body=NewUser,
        answer=Done,
        errors=(409,),
    ),
    Route(
        method="DELETE",
        path="/api/users/{username}",
        handler=remove_user,
        scope=Scope.ADMIN,
        summary="Remove an account",
        answer=Done,
        errors=(404, 409),
    ),
)
