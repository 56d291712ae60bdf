"""`/api/id-tags`: the owner's own list of tags that may always charge, or never."""

from datetime import UTC, datetime

from aiohttp import web

from oye_proxy.accounts import Scope
from oye_proxy.api.id_tag_models import IdTagChange, IdTagEntry
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.hub.owner_tags import OwnerTag

_SHOWN = 4


async def list_id_tags(exchange: Exchange) -> list[IdTagEntry]:
    """Answer the list; tags are personal data, whole for an admin alone."""
    tags = exchange.app[DEPENDENCIES].owner_tags.tags
    whole = exchange.caller.scope is Scope.ADMIN
    return [_entry(tag, tag.id_tag if whole else _masked(tag.id_tag)) for tag in tags]


async def put_id_tag(exchange: Exchange) -> IdTagEntry:
    """Add a tag, or change what is said of it."""
    body: IdTagChange = exchange.body
    tag = await exchange.app[DEPENDENCIES].owner_tags.put(
        exchange.parameters["id_tag"], body.status, datetime.now(UTC), name=body.name
    )
    return _entry(tag, tag.id_tag)


async def remove_id_tag(exchange: Exchange) -> Done:
    """Take a tag off the list."""
    if not await exchange.app[DEPENDENCIES].owner_tags.remove(exchange.parameters["id_tag"]):
        raise web.HTTPNotFound
    return Done()


def _masked(id_tag: str) -> str:
    return f"***{id_tag[-_SHOWN:] if len(id_tag) > _SHOWN else ''}"


def _entry(tag: OwnerTag, shown: str) -> IdTagEntry:
    return IdTagEntry(id_tag=shown, name=tag.name, status=tag.verdict, updated_at=tag.updated_at)


_PATH = "/api/id-tags/{id_tag}"

ROUTES = (
    Route(
        method="GET",
        path="/api/id-tags",
        handler=list_id_tags,
        scope=Scope.READ,
        summary="The owner's id tags",
        description="Whole for the scope `admin`; others see `***` and the last four characters.",
        answer=list[IdTagEntry],
    ),
    Route(
        method="PUT",
        path=_PATH,
        handler=put_id_tag,
        scope=Scope.ADMIN,
        summary="Accept or block an id tag",
        description="Counts at once, on every charger that OYE answers itself; a blocked tag is "
        "refused though anything else would accept it. Upper and lower case are the same.",
        body=IdTagChange,
        answer=IdTagEntry,
        errors=(409,),
    ),
    Route(
        method="DELETE",
        path=_PATH,
        handler=remove_id_tag,
        scope=Scope.ADMIN,
        summary="Take an id tag off the owner's list",
        answer=Done,
        errors=(404,),
    ),
)
