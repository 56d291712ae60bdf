"""Id tags on disk: under the charger that used them, gone with it."""

import pytest
from tests.proxy.hub.conftest import START, World

from oye_proxy.errors import StorageError
from oye_proxy.hub.id_tags import IdTagRecords
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.storage.tags import TagStore


class Tags:
    def __init__(self, world: World) -> None:
        self.cache = IdTagCache()
        self.store = TagStore(world.database)
        self.records = IdTagRecords(self.store, self.cache)

    def learn(self, charge_point_id: str, tag: str, status: str = "Accepted") -> None:
        answer = {"idTagInfo": {"status": status}}
        self.cache.learn_from(OcppVersion.V1_6, "Authorize", {"idTag": tag}, answer, START)
        self.records.collect(charge_point_id)

    async def stored(self) -> list[tuple[str, str, str]]:
        rows = await self.store.all()
        return [(row.charge_point_id, row.id_tag, row.status) for row in rows]


@pytest.fixture
def tags(world: World) -> Tags:
    return Tags(world)


async def test_what_a_charger_used_is_stored_under_it(tags: Tags) -> None:
    tags.learn("CP1", "04A1B2C3")
    waiting = tags.records.waiting
    await tags.records.write()

    assert waiting
    assert not tags.records.waiting
    assert [("CP1", "04A1B2C3")] == [row[:2] for row in await tags.stored()]


async def test_it_is_read_again(tags: Tags, world: World) -> None:
    tags.learn("CP1", "04A1B2C3")
    await tags.records.write()
    again = Tags(world)
    await again.records.load()
    again.learn("CP1", "04A1B2C3")
    await again.records.write()

    assert 1 == len(await again.stored())


async def test_what_cannot_be_written_waits(tags: Tags, world: World) -> None:
    tags.learn("CP1", "04A1B2C3")
    async with world.database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE id_tags RENAME TO lost")
    with pytest.raises(StorageError):
        await tags.records.write()
    waiting = tags.records.waiting
    async with world.database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE lost RENAME TO id_tags")
    await tags.records.write()

    assert waiting
    assert 1 == len(await tags.stored())
