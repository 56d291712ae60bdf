import asyncio
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from sqlalchemy import func, insert, select

from oye_proxy.errors import ChargerUnknownError
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.chargers import ChargerRow, ChargerStore, Contact, Document
from oye_proxy.storage.database import Database
from oye_proxy.storage.models import id_tags, logs

T1 = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)
T2 = datetime(2026, 11, 21, 11, 0, 0, tzinfo=UTC)


def contact(
    charge_point_id: str = "CP-001", port: int = 1, at: datetime = T1, *, online: bool = True
) -> Contact:
    return Contact(
        charge_point_id=charge_point_id,
        online=online,
        remote_ip="10.0.0.7",
        remote_port=port,
        connected_at=at,
        last_seen=at,
    )


@pytest.fixture
def chargers(database: Database) -> ChargerStore:
    return ChargerStore(database)


async def test_a_charger_is_noted_once_and_its_first_time_kept(chargers: ChargerStore) -> None:
    await chargers.note_contacts([contact(port=4711)])
    await chargers.note_contacts([contact(port=4712, at=T2)])
    assert [
        ChargerRow(
            charge_point_id="CP-001",
            status="ONLINE",
            last_seen=T2,
            remote_ip="10.0.0.7",
            remote_port=4712,
            connected_at=T2,
            first_seen=T1,
        )
    ] == await chargers.all()


async def test_two_sockets_at_once_make_one_row(chargers: ChargerStore) -> None:
    await asyncio.gather(*(chargers.note_contacts([contact(port=port)]) for port in range(8)))

    assert 1 == len(await chargers.all())


async def test_two_processes_at_once_make_one_row(storage_settings: StorageSettings) -> None:
    """First contact makes the charger once, whoever is first."""
    if storage_settings.memory:
        return
    databases = [Database(storage_settings) for _ in range(2)]
    await asyncio.gather(*(database.open() for database in databases))
    await asyncio.gather(
        *(
            ChargerStore(database).note_contacts([contact(port=port)])
            for port in range(10)
            for database in databases
        )
    )
    rows = await ChargerStore(databases[0]).all()
    await asyncio.gather(*(database.close() for database in databases))

    assert 1 == len(rows)


async def test_the_owner_s_status_is_kept_beside_that_of_the_connection(
    chargers: ChargerStore,
) -> None:
    await chargers.note_contacts([contact()])
    await chargers.set_owner_status("CP-001", "maintenance")
    rows = await chargers.all()

    assert [("ONLINE", "maintenance")] == [(row.status, row.owner_status) for row in rows]
    with pytest.raises(ChargerUnknownError):
        await chargers.set_owner_status("CP-002", "active")


async def test_ids_keep_their_case(chargers: ChargerStore) -> None:
    await chargers.note_contacts([contact("cp"), contact("CP")])

    assert ["CP", "cp"] == [row.charge_point_id for row in await chargers.all()]


async def test_the_end_of_a_connection_moves_last_seen(chargers: ChargerStore) -> None:
    await chargers.note_contacts([contact()])
    await chargers.note_contacts([replace(contact(online=False), last_seen=T2)])
    rows = await chargers.all()

    assert [("OFFLINE", T1, T2)] == [(row.status, row.connected_at, row.last_seen) for row in rows]


async def test_last_seen_of_several_moves_at_once(chargers: ChargerStore) -> None:
    await chargers.note_contacts([contact(name) for name in ("A", "B", "C")])
    await chargers.touch({"A": T2, "C": T2, "unknown": T2})
    await chargers.touch({})

    assert [T2, T1, T2] == [row.last_seen for row in await chargers.all()]


async def test_what_the_owner_sets_is_kept_and_can_be_lifted(chargers: ChargerStore) -> None:
    await chargers.note_contacts([contact()])
    await chargers.set_max_power("CP-001", 16.5)
    await chargers.set_mode("CP-001", "monitor")
    await chargers.set_name("CP-001", "Garage")
    await chargers.set_approved({"CP-001": True, "unknown": False})
    await chargers.set_credential("CP-001", "hash")
    (row,) = await chargers.all()

    assert (16.5, "monitor", "Garage", True, "hash") == (
        row.max_power,
        row.mode,
        row.name,
        row.approved,
        row.credential_hash,
    )

    await chargers.set_max_power("CP-001", None)
    await chargers.set_name("CP-001", None)
    await chargers.set_credential("CP-001", None)
    (row,) = await chargers.all()

    assert (None, None, None) == (row.max_power, row.name, row.credential_hash)


async def test_documents_come_back_as_they_were(chargers: ChargerStore) -> None:
    await chargers.note_contacts([contact()])
    await chargers.note_contacts([contact("CP-002")])
    vendor = '{"vendor": "é"}'.encode()
    await chargers.save_documents(
        [
            ("CP-001", Document.FACTS, vendor),
            ("CP-001", Document.LIMITS, b"{}"),
            ("CP-002", Document.FACTS, b"[]"),
            ("unknown", Document.FACTS, b"{}"),
        ]
    )
    await chargers.save_documents([])

    assert [(vendor, None, b"{}"), (b"[]", None, None)] == [
        (row.facts, row.profiles, row.limits) for row in await chargers.all()
    ]


async def test_setting_something_of_an_unknown_charger_says_so(chargers: ChargerStore) -> None:
    with pytest.raises(ChargerUnknownError, match="no charger 'CP-001' was ever seen"):
        await chargers.set_mode("CP-001", "monitor")


async def test_deleting_takes_all_that_belongs_to_it(
    database: Database, chargers: ChargerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.storage.chargers._DELETE_ROWS", 2)
    rows = {
        logs: {"direction": "UPSTREAM", "payload": "", "timestamp": 1},
        id_tags: {"id_tag": "1", "id_tag_type": "", "status": "Accepted", "updated_at": 1},
    }
    for name in ("A", "B"):
        await chargers.note_contacts([contact(name)])
        async with database.writing() as connection:
            for table, values in rows.items():
                row = {"charge_point_id": name, **values}
                await connection.execute(insert(table).values(row))
            await connection.execute(insert(logs), [{"charge_point_id": name, **rows[logs]}] * 4)

    assert await chargers.delete("A")
    assert not await chargers.delete("A")
    assert ["B"] == [row.charge_point_id for row in await chargers.all()]
    async with database.reading() as connection:
        left = [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (logs, id_tags)
        ]
    assert [5, 1] == left
