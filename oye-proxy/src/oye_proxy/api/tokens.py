"""`/api/tokens`: named, revocable access for programs."""

from aiohttp import web

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.token_models import CreatedToken, NewToken, RotatedToken, Token
from oye_proxy.errors import ConflictError


async def list_tokens(exchange: Exchange) -> list[Token]:
    """Answer every API token, without its text."""
    tokens = await exchange.app[DEPENDENCIES].accounts.tokens()
    return [
        Token(
            id=token.id,
            name=token.name,
            scope=Scope(token.scope),
            created_at=token.created_at,
            last_used=token.last_used,
        )
        for token in tokens
    ]


async def add_token(exchange: Exchange) -> CreatedToken:
    """Make an API token; this answer is the only one with its text."""
    body: NewToken = exchange.body
    row, text = await exchange.app[DEPENDENCIES].accounts.add_token(body.name, body.scope)
    return CreatedToken(id=row.id, name=row.name, scope=body.scope, token=text)


async def rotate_integration_token(exchange: Exchange) -> RotatedToken:
    """Give Home Assistant's integration another token; nobody sees its text."""
    rotate = exchange.app[DEPENDENCIES].rotate_integration_token
    if rotate is None:
        raise ConflictError(
            "only the Home Assistant app makes the integration's token; make a new API token and"
            " enter it in the integration"
        )
    return RotatedToken(former_valid_until=await rotate())


async def revoke_token(exchange: Exchange) -> Done:
    """End an API token at once."""
    accounts = exchange.app[DEPENDENCIES].accounts
    wanted = exchange.parameters["token_id"]
    token = next((one for one in await accounts.tokens() if str(one.id) == wanted), None)
    if token is None:
        raise web.HTTPNotFound
    await accounts.revoke_token(token.id)
    return Done()


ROUTES = (
    Route(
        method="GET",
        path="/api/tokens",
        handler=list_tokens,
        scope=Scope.ADMIN,
        summary="Every API token",
        answer=list[Token],
    ),
    Route(
        method="POST",
        path="/api/tokens",
        handler=add_token,
        scope=Scope.ADMIN,
        summary="Make an API token",
        description="Send it as `Authorization: Bearer <token>`. It is shown this once.",
        body=NewToken,
        answer=CreatedToken,
        errors=(409,),
    ),
    Route(
        method="POST",
        path="/api/integration-token/rotate",
        handler=rotate_integration_token,
        scope=Scope.ADMIN,
        summary="Give Home Assistant's integration a new token",
        description=(
            "In the Home Assistant app alone, which announces the new token by itself. The former"
            " one opens the API for ten minutes more. `/api/info` names the feature"
            " `integration_token` where this is offered."
        ),
        answer=RotatedToken,
        errors=(409, 429),
    ),
    Route(
        method="DELETE",
        path="/api/tokens/{token_id}",
        handler=revoke_token,
        scope=Scope.ADMIN,
        summary="Revoke an API token",
        answer=Done,
        errors=(404,),
        ends_access=True,
    ),
)
