"""What the API works with, gathered from the parts of a proxy that runs."""

import importlib.metadata
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.accounts import Accounts
from oye_proxy.api.info_models import ProxyInfo
from oye_proxy.api.keys import Dependencies
from oye_proxy.api.live_clients import LiveClients
from oye_proxy.api.ports import SimulatorControl
from oye_proxy.api.system_models import SettingEntry
from oye_proxy.app.clients import trusted_proxies
from oye_proxy.app.core import Core
from oye_proxy.app.csms_check import CsmsCheck
from oye_proxy.app.integration_token import IntegrationToken
from oye_proxy.app.sign_in import SignIn
from oye_proxy.app.storage_health import check_storage
from oye_proxy.settings import Settings, effective
from oye_proxy.storage.database import Database
from oye_proxy.storage.exchanges import ExchangeStore
from oye_proxy.storage.frames import FrameStore
from oye_proxy.storage.injections import InjectionStore
from oye_proxy.storage.journal import JournalStore
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.transaction_totals import TransactionTotals
from oye_proxy.storage.transactions import TransactionStore
from oye_proxy.transport.chargers import ChargerListener
from oye_proxy.transport.csms import CsmsDialer

VERSION = importlib.metadata.version("oye-proxy")  # reads files: not inside the event loop
# How long a search waits for what passed just before it.
READ_AFTER_SECONDS = 0.5
FEATURES = (
    "auto_charge",
    "charger_mode",
    "injections",
    "phases",
    "reservations",
    "schedules",
    "sessions",
    "smart_charging",
    "standalone",
    "tags",
    "time_zones",
    "transactions",
)
FEATURES_OF_THE_APP = (*FEATURES, "integration_token")


class Parts(Struct, frozen=True, kw_only=True):
    """
    A proxy before its sites are open.

    `sources` tell where the values of settings came from; only the app has an `integration_token`.
    """

    settings: Settings
    sources: Mapping[str, str]
    database: Database
    accounts: Accounts
    core: Core
    dialer: CsmsDialer
    listener: ChargerListener
    integration_token: IntegrationToken | None


def gather_dependencies(
    parts: Parts,
    sign_in: SignIn,
    simulators: SimulatorControl,
    instance_id: str,
    port: Callable[[], int],
) -> Dependencies:
    """Gather them; `port` is asked once the sites are open."""
    settings, core, database = parts.settings, parts.core, parts.database
    token = parts.integration_token
    frames = FrameStore(database)
    return Dependencies(
        hub=core.hub,
        state=core.state,
        accounts=parts.accounts,
        sessions=sign_in.sessions,
        resets=sign_in.resets,
        notices=sign_in.notices,
        mail=sign_in.mail,
        frames=frames,
        exchanges=ExchangeStore(frames, partial(core.writer.flush, READ_AFTER_SECONDS)),
        injections=InjectionStore(database),
        journal=JournalStore(database),
        transactions=TransactionStore(database),
        samples=SampleStore(database),
        totals=TransactionTotals(database),
        commands=core.commands,
        owner_tags=core.owner_tags,
        schemas=core.schemas,
        check_storage=partial(check_storage, database, core),
        test_csms=CsmsCheck(parts.dialer, core.state),
        simulators=simulators,
        fixed_settings=settings_shown(settings, parts.sources),
        storage_policy=core.storage_policy,
        front=core.front,
        metrics=core.metrics,
        live=LiveClients(settings.api.live_clients),
        charger_handler=parts.listener.handle,
        settings=replace(settings.api, trusted_proxies=trusted_proxies(settings)),
        info=_info(parts, instance_id),
        epoch=str(uuid.uuid4()),
        started_at=datetime.now(UTC),
        port=port,
        rotate_integration_token=None if token is None else token.rotate,
    )


def settings_shown(settings: Settings, sources: Mapping[str, str]) -> tuple[SettingEntry, ...]:
    """Return every setting with where its value came from; the default is from nowhere."""
    return tuple(
        SettingEntry(
            name=one.name,
            variable=one.variable,
            type=one.type,
            default=one.default,
            value=one.value,
            description=one.description,
            source=sources.get(one.name),
        )
        for one in effective(settings)
    )


def _info(parts: Parts, instance_id: str) -> ProxyInfo:
    return ProxyInfo(
        version=VERSION,
        instance_id=instance_id,
        name=parts.settings.server.name,
        features=FEATURES if parts.integration_token is None else FEATURES_OF_THE_APP,
        validation=parts.settings.ocpp.validation,
    )
