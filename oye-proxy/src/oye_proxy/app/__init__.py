"""
The composition root: the only place that constructs things.

Everything is started in the order of its dependencies and stopped in reverse; a part that fails to
start takes down what was started before it.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from msgspec import Struct

from oye_proxy.accounts import Accounts
from oye_proxy.app.clients import behind, trusted_proxies
from oye_proxy.app.core import build_core
from oye_proxy.app.dependencies import Parts
from oye_proxy.app.integration_token import IntegrationToken
from oye_proxy.app.site import open_sites
from oye_proxy.app.storage import (
    accounts_of,
    database_of,
    present_database,
    served_database_of,
    unserved_database_of,
)
from oye_proxy.settings import Settings
from oye_proxy.transport.chargers import ChargerListener
from oye_proxy.transport.credentials import CredentialChecker
from oye_proxy.transport.csms import CsmsDialer

__all__ = [
    "Running",
    "accounts_of",
    "database_of",
    "present_database",
    "running",
    "unserved_database_of",
]


class Running(Struct, frozen=True, kw_only=True):
    """
    A proxy that serves; `first_user` is set when it was made now, its password if generated.

    `port` is 0 when a server in front reaches it through unix sockets.
    """

    host: str
    port: int
    first_user: tuple[str, str | None] | None


@asynccontextmanager
async def running(
    settings: Settings, sources: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """
    Run a proxy; raise SettingsError or StorageError when it cannot start.

    `sources` tell where the values of settings came from, for people.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(served_database_of(settings))
        accounts = await stack.enter_async_context(accounts_of(database))
        integration_token = None
        if settings.server.ingress_socket is not None:
            integration_token = IntegrationToken(settings.storage.data_dir, accounts)
            await integration_token.start()
            stack.push_async_callback(integration_token.stop)
        checker = CredentialChecker()
        core = await build_core(settings, database, checker, stack)
        dialer = CsmsDialer(settings.csms, max_frame=settings.charger.max_frame)
        listener = ChargerListener(
            directory=core.hub,
            sink=core.hub,
            dialer=dialer,
            checker=checker,
            csms=settings.csms,
            charger=settings.charger,
            client_of=behind(trusted_proxies(settings)),
        )
        parts = Parts(
            settings=settings,
            sources=sources or {},
            database=database,
            accounts=accounts,
            core=core,
            dialer=dialer,
            listener=listener,
            integration_token=integration_token,
        )
        port = await open_sites(parts, stack)
        stack.push_async_callback(listener.stop)
        # Last: a start that fails must not keep an account whose password nobody was told.
        first_user = await _first_user(settings, accounts)
        yield Running(host=settings.server.host, port=port, first_user=first_user)


async def _first_user(settings: Settings, accounts: Accounts) -> tuple[str, str | None] | None:
    """Make the first user; through ingress the owner makes it, so no account is a default."""
    password = settings.api.initial_admin_password
    if password is None and settings.server.ingress_socket is not None:
        return None
    return await accounts.first_user(password)
