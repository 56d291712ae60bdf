"""`/api/storage`: which frames are stored, how many, for how long, and in how much room."""

from msgspec import UNSET
from msgspec.structs import asdict, replace

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.storage_models import StoragePolicyBody, StoragePolicyPatch
from oye_proxy.hub.storage_policy import StoragePolicy


async def show_storage_policy(exchange: Exchange) -> StoragePolicyBody:
    """Answer the owner's choice and the limits in force."""
    return _body(exchange.app[DEPENDENCIES].storage_policy)


async def change_storage_policy(exchange: Exchange) -> StoragePolicyBody:
    """Take a new choice over, at once."""
    policy = exchange.app[DEPENDENCIES].storage_policy
    patch: StoragePolicyPatch = exchange.body
    given = {name: value for name, value in asdict(patch).items() if value is not UNSET}
    if given:
        await policy.change(replace(policy.choice, **given))
    return _body(policy)


def _body(policy: StoragePolicy) -> StoragePolicyBody:
    choice, limits = policy.choice, policy.limits
    return StoragePolicyBody(
        preset=choice.preset,
        rules=choice.rules,
        otherwise=choice.otherwise,
        retention_count=limits.count,
        retention_days=limits.days,
        max_bytes=limits.max_bytes,
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/storage",
        handler=show_storage_policy,
        scope=Scope.READ,
        summary="Which frames are stored, and for how long",
        answer=StoragePolicyBody,
    ),
    Route(
        method="PATCH",
        path="/api/storage",
        handler=change_storage_policy,
        scope=Scope.ADMIN,
        summary="Choose which frames are stored, and for how long",
        description="A rule keeps `all`, the `last` (the newest per charger, action and direction)"
        " or `none` of an action's CALLs and answers. What is known of chargers and transactions"
        " does not depend on it. Frames that are stored already stay until they are too old, too"
        " many, or in the way.",
        body=StoragePolicyPatch,
        answer=StoragePolicyBody,
    ),
)
