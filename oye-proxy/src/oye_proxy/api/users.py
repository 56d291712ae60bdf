"""`/api/users` and `/api/change-password`: the accounts."""

from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done, NewUser, PasswordChange, PasswordChanged, User
from oye_proxy.api.ports import Scope
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.errors import InvalidRequestError, NotPermittedError

MIN_PASSWORD = 8


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
    await exchange.app[DEPENDENCIES].accounts.remove_user(exchange.parameters["username"])
    return Done()


async def change_password(exchange: Exchange) -> PasswordChanged:
    """Change the password of the user who calls."""
    body: PasswordChange = exchange.body
    if not body.current_password or not body.new_password:
        raise InvalidRequestError("Current password and new password are required")
    if len(body.new_password) < MIN_PASSWORD:
        raise InvalidRequestError(f"New password must be at least {MIN_PASSWORD} characters long")
    if exchange.caller.kind != "user":
        raise NotPermittedError("Only a user can change the own password")
    await exchange.app[DEPENDENCIES].accounts.change_password(
        exchange.caller.name, body.current_password, body.new_password
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
