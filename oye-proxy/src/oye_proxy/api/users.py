"""`/api/users` and `/api/change-password`: the accounts."""

from typing import Any

from aiohttp import web
from msgspec import UNSET
from msgspec.structs import asdict

from oye_proxy.accounts import Scope
from oye_proxy.api.auth import client_address
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.user_models import (
    NewUser,
    PasswordChange,
    PasswordChanged,
    PasswordOfUser,
    User,
    UserChange,
)
from oye_proxy.errors import ConflictError, NotPermittedError


async def list_users(exchange: Exchange) -> list[User]:
    """Answer every account."""
    return [
        User(
            username=user.username,
            created_at=user.created_at,
            email=user.email,
            language=user.language,
            disabled=user.disabled,
            last_login=user.last_login,
        )
        for user in await exchange.app[DEPENDENCIES].accounts.users()
    ]


async def add_user(exchange: Exchange) -> Done:
    """Make an account."""
    body: NewUser = exchange.body
    accounts = exchange.app[DEPENDENCIES].accounts
    await accounts.add_user(body.username, body.password, body.email, body.language)
    return Done()


async def change_user(exchange: Exchange) -> Done:
    """Change what is known of an account, disable or enable it."""
    patch: UserChange = exchange.body
    username = await _known(exchange)
    given: dict[str, Any] = {
        name: value for name, value in asdict(patch).items() if value is not UNSET
    }
    if given:
        await exchange.app[DEPENDENCIES].accounts.change_user(username, **given)
    return Done()


async def set_password_of_user(exchange: Exchange) -> Done:
    """Set the password of another account and end its logins."""
    body: PasswordOfUser = exchange.body
    username = await _known(exchange)
    if exchange.caller.kind == "user" and exchange.caller.name == username:
        raise ConflictError("Change your own password with the present one")
    dependencies = exchange.app[DEPENDENCIES]
    await dependencies.accounts.set_password(username, body.new_password)
    dependencies.notices.tell(username)
    return Done()


async def remove_user(exchange: Exchange) -> Done:
    """Remove an account and end its logins."""
    await exchange.app[DEPENDENCIES].accounts.remove_user(await _known(exchange))
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
        keep_session=exchange.caller.session_id,
    )
    dependencies.notices.tell(exchange.caller.name)
    return PasswordChanged()


async def _known(exchange: Exchange) -> str:
    username = exchange.parameters["username"]
    if await exchange.app[DEPENDENCIES].accounts.user(username) is None:
        raise web.HTTPNotFound
    return username


ROUTES = (
    Route(
        method="POST",
        path="/api/change-password",
        handler=change_password,
        scope=Scope.READ,
        summary="Change the own password",
        description="At least 8 characters. Ends all other logins of the user. Where mail is sent,"
        " the user's address hears of it.",
        body=PasswordChange,
        answer=PasswordChanged,
        ends_access=True,
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
        method="PATCH",
        path="/api/users/{username}",
        handler=change_user,
        scope=Scope.ADMIN,
        summary="Change, disable or enable an account",
        description="The last account that may sign in stays enabled (409).",
        body=UserChange,
        answer=Done,
        errors=(404, 409),
        ends_access=True,
    ),
    Route(
        method="POST",
        path="/api/users/{username}/password",
        handler=set_password_of_user,
        scope=Scope.ADMIN,
        summary="Set the password of another account",
        description="Ends its logins; where mail is sent, its address hears of it. The own password"
        " changes by `/api/change-password` (409).",
        body=PasswordOfUser,
        answer=Done,
        errors=(404, 409),
        ends_access=True,
    ),
    Route(
        method="DELETE",
        path="/api/users/{username}",
        handler=remove_user,
        scope=Scope.ADMIN,
        summary="Remove an account",
        description="The last account that may sign in stays (409).",
        answer=Done,
        errors=(404, 409),
        ends_access=True,
    ),
)
