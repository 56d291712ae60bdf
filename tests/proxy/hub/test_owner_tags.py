"""The owner's id tags: kept, and in force on every charger at once."""

import pytest
from tests.proxy.hub.conftest import BOOT, START, World

from oye_proxy.errors import ConflictError, InvalidRequestError, StorageError
from oye_proxy.hub import owner_tags
from oye_proxy.hub.id_tags import IdTagRecords
from oye_proxy.hub.owner_tags import OwnerTags, TagVerdict, WantedTag
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.timestamps import to_text
from oye_proxy.storage.tags import TagStore

TAG = "04A1B2C3"


@pytest.fixture
def tags(world: World) -> OwnerTags:
    return world.owner_tags


async def test_a_tag_counts_on_open_connections_from_the_moment_it_is_listed(
    world: World, tags: OwnerTags
) -> None:
    """Without a CSMS: rule 3, then rule 1, then neither."""
    said = []
    async with await world.connect() as charger:
        for change in ("put", "block", "remove"):
            if change == "remove":
                await tags.remove(TAG.lower())
            else:
                verdict = TagVerdict.ACCEPTED if change == "put" else TagVerdict.BLOCKED
                await tags.put(TAG, verdict, START)
            said.append((await charger.send_call("Authorize", {"idTag": TAG})).payload)

    assert ["Accepted", "Blocked", "Invalid"] == [one["idTagInfo"]["status"] for one in said]


async def test_a_blocked_tag_is_refused_although_automatic_charging_is_on(
    world: World, tags: OwnerTags
) -> None:
    await tags.put(TAG, TagVerdict.BLOCKED, START)
    await world.state.update(auto_charge=True)
    async with await world.connect() as charger:
        answer = await charger.send_call("Authorize", {"idTag": TAG.lower()})

    assert "Blocked" == answer.payload["idTagInfo"]["status"]


async def test_the_list_outlives_a_restart(world: World, tags: OwnerTags) -> None:
    await tags.put("b", TagVerdict.BLOCKED, START)
    await tags.put("A", TagVerdict.ACCEPTED, START)
    again = OwnerTags(TagStore(world.database))
    await again.load()

    assert tags.tags == again.tags
    assert [("A", TagVerdict.ACCEPTED), ("b", TagVerdict.BLOCKED)] == [
        (tag.id_tag, tag.verdict) for tag in again.tags
    ]


async def test_the_list_is_no_part_of_what_the_csms_said(world: World, tags: OwnerTags) -> None:
    await tags.put(TAG, TagVerdict.ACCEPTED, START)
    records = IdTagRecords(TagStore(world.database), cache := IdTagCache())
    await records.load()

    assert 0 == len(cache)


async def test_upper_and_lower_case_are_one_tag(tags: OwnerTags) -> None:
    await tags.put(TAG, TagVerdict.ACCEPTED, START)
    await tags.put(TAG.lower(), TagVerdict.BLOCKED, START)

    assert [(TAG, TagVerdict.BLOCKED)] == [(tag.id_tag, tag.verdict) for tag in tags.tags]
    assert (True, False) == (await tags.remove(TAG.lower()), await tags.remove(TAG))
    assert () == tags.tags


@pytest.mark.parametrize("id_tag", ["", " ", " A", "A\n", "A\x00B", "A" * 256])
async def test_what_is_no_tag_is_refused(tags: OwnerTags, id_tag: str) -> None:
    with pytest.raises(InvalidRequestError):
        await tags.put(id_tag, TagVerdict.ACCEPTED, START)

    assert () == tags.tags


async def test_a_full_list_still_takes_changes(
    tags: OwnerTags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner_tags, "MAX_TAGS", 1)
    await tags.put("A", TagVerdict.ACCEPTED, START)
    await tags.put("A", TagVerdict.BLOCKED, START)

    with pytest.raises(ConflictError):
        await tags.put("B", TagVerdict.ACCEPTED, START)


async def test_a_change_that_is_not_stored_does_not_count(world: World, tags: OwnerTags) -> None:
    told = []
    tags.subscribe(lambda: told.append("changed"))
    async with world.database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE id_tags RENAME TO lost")
    with pytest.raises(StorageError):
        await tags.put(TAG, TagVerdict.ACCEPTED, START)
    async with world.database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE lost RENAME TO id_tags")

    assert ((), []) == (tags.tags, told)


async def test_who_left_is_not_told(tags: OwnerTags) -> None:
    told = []
    leave = tags.subscribe(lambda: told.append("changed"))
    await tags.put("A", TagVerdict.ACCEPTED, START)
    leave()
    await tags.put("B", TagVerdict.ACCEPTED, START)

    assert ["changed"] == told


async def test_a_name_is_told_with_the_tag(world: World, tags: OwnerTags) -> None:
    """In the news and in the charger's transaction."""
    await tags.put(TAG, TagVerdict.ACCEPTED, START, name="Ann")
    async with await world.connect() as charger:
        await charger.send_call("BootNotification", BOOT)
        await charger.send_call("Authorize", {"idTag": TAG.lower()})
        start = {"connectorId": 1, "idTag": TAG, "meterStart": 0, "timestamp": to_text(START)}
        await charger.send_call("StartTransaction", start)
    (connector,) = world.hub.charger("CP1").connectors

    assert connector.transaction is not None
    assert (TAG, "Ann") == (
        connector.transaction.id_tag,
        connector.transaction.id_tag_name,
    )
    again = OwnerTags(TagStore(world.database))
    await again.load()
    assert ("Ann", None) == (again.name_of(TAG.lower()), again.name_of("other"))


@pytest.mark.parametrize("name", ["a" * 65, "a\x00b"])
async def test_a_name_that_cannot_be_shown_is_refused(tags: OwnerTags, name: str) -> None:
    with pytest.raises(InvalidRequestError, match="visible"):
        await tags.put(TAG, TagVerdict.ACCEPTED, START, name=name)


async def test_many_tags_are_put_at_once_and_stay(
    world: World, tags: OwnerTags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner_tags, "_SAVED_AT_ONCE", 2)
    told = []
    tags.subscribe(lambda: told.append(len(tags.tags)))
    await tags.put("B", TagVerdict.BLOCKED, START, name="Jo")
    wanted = [
        WantedTag(id_tag=id_tag, verdict=TagVerdict.ACCEPTED, name=" An ")
        for id_tag in ("a", "b", "c", "d", "e")
    ]
    await tags.put_all(wanted, START)
    again = OwnerTags(TagStore(world.database))
    await again.load()

    assert [1, 5] == told
    assert [("a", "An"), ("B", "An"), ("c", "An")] == [
        (tag.id_tag, tag.name) for tag in tags.tags[:3]
    ]
    assert tags.tags == again.tags


@pytest.mark.parametrize(
    "wanted",
    [
        [
            WantedTag(id_tag="a", verdict=TagVerdict.ACCEPTED),
            WantedTag(id_tag=" b", verdict=TagVerdict.ACCEPTED),
        ],
        [
            WantedTag(id_tag="a", verdict=TagVerdict.ACCEPTED),
            WantedTag(id_tag="A", verdict=TagVerdict.BLOCKED),
        ],
        [WantedTag(id_tag=str(number), verdict=TagVerdict.ACCEPTED) for number in range(3)],
        [WantedTag(id_tag="a", verdict=TagVerdict.ACCEPTED, name="\x1b")],
    ],
)
async def test_of_many_tags_none_is_put_when_one_cannot_be(
    tags: OwnerTags, monkeypatch: pytest.MonkeyPatch, wanted: list[WantedTag]
) -> None:
    monkeypatch.setattr(owner_tags, "MAX_TAGS", 2)
    with pytest.raises(InvalidRequestError):
        await tags.put_all(wanted, START)

    assert () == tags.tags
