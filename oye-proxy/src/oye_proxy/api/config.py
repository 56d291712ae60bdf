"""`/api/config`: what changes while the proxy runs, under the names of the Node oye-proxy."""

from typing import Any

import msgspec
from msgspec import UNSET

from oye_proxy.accounts import Scope
from oye_proxy.api.config_models import ConfigBody, ConfigPatch
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.facts import masked
from oye_proxy.ocppj.redaction import redact_url


async def show_config(exchange: Exchange) -> ConfigBody:
    """Answer the configuration; only who may change it sees the secrets of an address."""
    dependencies = exchange.app[DEPENDENCIES]
    values = {**dependencies.state.config(), "port": str(dependencies.port())}
    if not exchange.caller.scope.includes(Scope.ADMIN):
        values["targetCsmsUrl"] = redact_url(values["targetCsmsUrl"])
    if not exchange.caller.scope.includes(Scope.CONTROL):
        values["defaultIdTag"] = masked(values["defaultIdTag"]) or ""
    return msgspec.convert(values, ConfigBody)


async def change_config(exchange: Exchange) -> Done:
    """Take new values over, at once."""
    dependencies = exchange.app[DEPENDENCIES]
    patch: ConfigPatch = exchange.body
    if patch.port is not UNSET and str(patch.port) != str(dependencies.port()):
        raise InvalidRequestError("port is read-only: it is set when the proxy starts")
    given = {
        "csms_url": patch.target_csms_url,
        "forwarding": _switch(patch.csms_forwarding_enabled),
        "auto_charge": _switch(patch.auto_charge_enabled),
        "default_id_tag": patch.default_id_tag,
    }
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not UNSET}
    if changes:
        await dependencies.state.update(**changes)
    return Done()


def _switch(value: Any) -> Any:
    """Take `true` and `false` as texts too."""
    return value == "true" if isinstance(value, str) else value


ROUTES = (
    Route(
        method="GET",
        path="/api/config",
        handler=show_config,
        scope=Scope.READ,
        summary="The configuration that changes while the proxy runs",
        description="User information and query values of `targetCsmsUrl` are shown to the scope "
        "`admin` only; others read `***`. The scope `read` sees the end of `defaultIdTag`.",
        answer=ConfigBody,
    ),
    Route(
        method="POST",
        path="/api/config",
        handler=change_config,
        scope=Scope.ADMIN,
        summary="Change the configuration",
        description="Effective at once: forwarding off closes the links to the CSMS, on dials "
        "them. The address must begin with `ws://` or `wss://`.",
        body=ConfigPatch,
        answer=Done,
    ),
)
