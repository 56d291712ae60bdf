"""`/api/schemas`: the official JSON Schemas of the OCPP versions, as published."""

from aiohttp import web

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import JSON, Exchange, Route
from oye_proxy.api.system_models import ActionSchemas, SchemaList, VersionSchemas
from oye_proxy.ocppj.guard import Guard, assess
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.ocppj.versions import OcppVersion


async def list_versions(exchange: Exchange) -> list[VersionSchemas]:
    """Answer the actions of every version."""
    schemas = exchange.app[DEPENDENCIES].schemas
    return [
        VersionSchemas(
            version=version,
            actions=[_action(schemas, version, one) for one in sorted(schemas.actions(version))],
        )
        for version in OcppVersion
    ]


async def list_schemas(exchange: Exchange) -> SchemaList:
    """Answer which schemas and actions a version has."""
    schemas = exchange.app[DEPENDENCIES].schemas
    version = _version(exchange)
    return SchemaList(
        version=version.value,
        schemas=schemas.names(version),
        to_charger=sorted(schemas.from_csms(version)),
        from_charger=sorted(schemas.from_charger(version)),
    )


async def show_schema(exchange: Exchange) -> web.Response:
    """Answer the text of one schema."""
    text = exchange.app[DEPENDENCIES].schemas.schema_text(
        _version(exchange), exchange.parameters["name"]
    )
    if text is None:
        raise web.HTTPNotFound
    return web.Response(text=text, content_type=JSON)


def _action(schemas: Schemas, version: OcppVersion, action: str) -> ActionSchemas:
    sent = schemas.is_send(version, action)
    assessed = assess(version, action, {})
    return ActionSchemas(
        action=action,
        request=action if version.is_1_6 or sent else f"{action}Request",
        response=None if sent else f"{action}Response",
        to_charger=action in schemas.from_csms(version),
        from_charger=action in schemas.from_charger(version),
        destructive=action in _DESTRUCTIVE or assessed is not None,
        lockout=assessed is not None and assessed.guard is Guard.LOCKOUT,
    )


def _version(exchange: Exchange) -> OcppVersion:
    try:
        return OcppVersion(exchange.parameters["version"])
    except ValueError:
        raise web.HTTPNotFound from None


# Those that the guard judges by their payload, or not at all, and that a person should be asked of.
_DESTRUCTIVE = frozenset(
    {"ClearCache", "Reset", "SignedUpdateFirmware", "UnlockConnector", "UpdateFirmware"}
)

ROUTES = (
    Route(
        method="GET",
        path="/api/schemas",
        handler=list_versions,
        scope=Scope.READ,
        summary="The actions of every OCPP version",
        answer=list[VersionSchemas],
    ),
    Route(
        method="GET",
        path="/api/schemas/{version}",
        handler=list_schemas,
        scope=Scope.READ,
        summary="Schemas and actions of an OCPP version",
        description="`version` is `1.6`, `2.0.1` or `2.1`.",
        answer=SchemaList,
        errors=(404,),
    ),
    Route(
        method="GET",
        path="/api/schemas/{version}/{name}",
        handler=show_schema,
        scope=Scope.READ,
        summary="One official JSON Schema",
        errors=(404,),
    ),
)
