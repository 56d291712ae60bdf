from datetime import UTC, datetime

from msgspec.structs import replace

from oye_proxy.storage.database import Database
from oye_proxy.storage.tags import OWNER, TagRow, TagStore

T1 = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)
TAG = TagRow(
    charge_point_id="CP-001",
    id_tag="04A1B2C3",
    status="Accepted",
    group_id="family",
    expires_at=T1,
    updated_at=T1,
)


async def test_tags_are_added_replaced_and_deleted(database: Database) -> None:
    tags = TagStore(database)
    of_owner = replace(TAG, charge_point_id=OWNER, expires_at=None, group_id=None)
    typed = replace(TAG, id_tag_type="ISO14443")
    await tags.save([TAG, of_owner, typed])
    blocked = replace(TAG, status="Blocked")
    await tags.save([blocked])

    assert {blocked, of_owner, typed} == set(await tags.all())
    assert [of_owner] == await tags.owners()
    assert await tags.delete("CP-001", "04A1B2C3")
    assert not await tags.delete("CP-001", "04A1B2C3")
    assert {of_owner, typed} == set(await tags.all())


async def test_every_database_takes_what_a_charger_chose(database: Database) -> None:
    tags = TagStore(database)
    await tags.save([replace(TAG, id_tag="a\0" + "b" * 300, group_id="c\ud800")])
    (tag,) = await tags.all()

    assert ("a?" + "b" * 253, "c?") == (tag.id_tag, tag.group_id)
