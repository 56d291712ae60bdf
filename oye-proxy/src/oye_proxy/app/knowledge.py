"""What a proxy knows when it starts: its state, id tags, transaction ids and what is stored."""

from contextlib import AsyncExitStack

from msgspec import Struct

from oye_proxy.errors import InvalidRequestError, SettingsError
from oye_proxy.hub.id_tags import IdTagRecords
from oye_proxy.hub.owner_tags import OwnerTags
from oye_proxy.hub.storage_policy import StoragePolicy
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.settings import Settings
from oye_proxy.state import State
from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database
from oye_proxy.storage.tags import TagStore
from oye_proxy.storage.transaction_ids import TransactionIds
from oye_proxy.transport.own_address import OwnAddress


class Knowledge(Struct, frozen=True, kw_only=True):
    """All that chargers share."""

    state: State
    tags: IdTagCache
    tag_records: IdTagRecords
    owner_tags: OwnerTags
    transaction_ids: TransactionIds
    storage_policy: StoragePolicy


async def load_knowledge(
    settings: Settings, database: Database, own_address: OwnAddress, stack: AsyncExitStack
) -> Knowledge:
    """Read it; raise SettingsError when the settings contradict it."""
    config = ConfigStore(database)
    state = State(config, own_address)
    try:
        await state.load(settings.csms.url)
    except InvalidRequestError as error:
        raise SettingsError(f"csms.url: {error}") from error
    transaction_ids = TransactionIds(database)
    await transaction_ids.open()
    stack.push_async_callback(transaction_ids.close)
    tags = IdTagCache()
    tag_records = IdTagRecords(TagStore(database), tags)
    await tag_records.load()
    owner_tags = OwnerTags(TagStore(database))
    await owner_tags.load()
    storage_policy = StoragePolicy(config, settings.storage)
    await storage_policy.load()
    return Knowledge(
        state=state,
        tags=tags,
        tag_records=tag_records,
        owner_tags=owner_tags,
        transaction_ids=transaction_ids,
        storage_policy=storage_policy,
    )
