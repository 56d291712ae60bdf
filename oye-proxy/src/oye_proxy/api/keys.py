"""What `app/` hands to the API, and the typed keys under which handlers find it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from msgspec import Struct

from oye_proxy.accounts import Accounts, PasswordNotices, PasswordResets, Sessions
from oye_proxy.api.auth import Gate
from oye_proxy.api.info_models import ProxyInfo
from oye_proxy.api.live_clients import LiveClients
from oye_proxy.api.ports import Commands, CsmsTester, Hub, SimulatorControl, StorageCheck
from oye_proxy.api.routes import Table
from oye_proxy.api.system_models import SettingEntry
from oye_proxy.hub.owner_tags import OwnerTags
from oye_proxy.hub.storage_policy import StoragePolicy
from oye_proxy.mail import Mail
from oye_proxy.metrics import Metrics
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.settings import ApiSettings
from oye_proxy.state import State
from oye_proxy.status_file import FrontStatus
from oye_proxy.storage.exchanges import ExchangeStore
from oye_proxy.storage.frames import FrameStore
from oye_proxy.storage.injections import InjectionStore
from oye_proxy.storage.journal import JournalStore
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.transaction_totals import TransactionTotals
from oye_proxy.storage.transactions import TransactionStore

ChargerHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Dependencies(Struct, frozen=True, kw_only=True):
    """
    Everything that the API works with.

    Both sites get the same one; `live` is shared, so that its bound holds for both together.
    `charger_handler` takes every WebSocket upgrade outside `/api/`. `port` tells where chargers and
    API listen, once they do; `front` what the server in front of them says. Only the app has
    `rotate_integration_token`.
    """

    hub: Hub
    state: State
    accounts: Accounts
    sessions: Sessions
    resets: PasswordResets
    notices: PasswordNotices
    mail: Mail
    frames: FrameStore
    exchanges: ExchangeStore
    injections: InjectionStore
    journal: JournalStore
    transactions: TransactionStore
    samples: SampleStore
    totals: TransactionTotals
    commands: Commands
    owner_tags: OwnerTags
    schemas: Schemas
    check_storage: StorageCheck
    test_csms: CsmsTester
    fixed_settings: tuple[SettingEntry, ...]
    simulators: SimulatorControl
    front: Callable[[], FrontStatus]
    storage_policy: StoragePolicy
    metrics: Metrics
    live: LiveClients
    charger_handler: ChargerHandler
    settings: ApiSettings
    info: ProxyInfo
    epoch: str
    started_at: datetime
    port: Callable[[], int]
    rotate_integration_token: Callable[[], Awaitable[datetime]] | None = None


DEPENDENCIES = web.AppKey("DEPENDENCIES", Dependencies)
GATE = web.AppKey("GATE", Gate)
TABLE = web.AppKey("TABLE", Table)
