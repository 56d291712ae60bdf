from oye_proxy.storage.config import ConfigStore
from oye_proxy.storage.database import Database


async def test_values_are_added_and_replaced(database: Database) -> None:
    store = ConfigStore(database)

    assert {} == await store.all()

    await store.set({"targetCsmsUrl": "ws://a", "defaultIdTag": "ADMIN_TAG"})
    await store.set({"targetCsmsUrl": "ws://b"})
    await store.set({})

    assert {"targetCsmsUrl": "ws://b", "defaultIdTag": "ADMIN_TAG"} == await store.all()
