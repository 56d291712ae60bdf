"""The records of transactions: made while the proxy runs, and gone when they are old."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

from oye_proxy.features.limit_history import LimitHistory
from oye_proxy.features.record_retention import RecordRetention
from oye_proxy.features.transaction_records import TransactionRecords
from oye_proxy.hub.keeper import Keeper
from oye_proxy.hub.registry import Hub
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.transactions import TransactionStore


def start_transaction_records(
    settings: StorageSettings,
    database: Database,
    hub: Hub,
    keeper: Keeper,
    stack: AsyncExitStack,
) -> None:
    """Record transactions from now on; end before the keeper does, which writes the last."""
    store = TransactionStore(database)
    records = TransactionRecords(
        hub, store, keeper, sample_interval=timedelta(seconds=settings.sample_interval)
    )
    limits = LimitHistory(hub, records, lambda: datetime.now(UTC))
    retention = RecordRetention(
        store,
        SampleStore(database),
        transaction_days=settings.transaction_days,
        sample_days=settings.sample_days,
    )
    for feature in (records, limits, retention):
        feature.start()
        stack.push_async_callback(feature.stop)
