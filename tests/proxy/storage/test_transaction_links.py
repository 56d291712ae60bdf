"""The two ids of a 1.6 transaction survive restarts (docs/OCPP.md, transaction ids)."""

import pytest
from msgspec.structs import replace
from tests.proxy.storage.journal_entries import DAY, LOCAL_ID, T1

from oye_proxy.ocppj.journal.entries import TransactionLink
from oye_proxy.storage.database import Database
from oye_proxy.storage.transaction_links import TransactionLinkStore

OPEN = TransactionLink(local_id=LOCAL_ID)


@pytest.fixture
def links(database: Database) -> TransactionLinkStore:
    return TransactionLinkStore(database)


async def put(database: Database, link: TransactionLink, charger: str = "CP1") -> None:
    async with database.writing() as connection:
        await TransactionLinkStore(database).put(connection, [(charger, link)], T1)


async def test_links_are_kept_per_charger_and_in_order(
    links: TransactionLinkStore, database: Database
) -> None:
    later = replace(OPEN, local_id=LOCAL_ID + 1)
    await put(database, later)
    await put(database, OPEN)
    await put(database, replace(OPEN, csms_id=-1), "CP2")

    assert {"CP1": [OPEN, later], "CP2": [replace(OPEN, csms_id=-1)]} == await links.all()


async def test_what_a_link_does_not_tell_keeps_its_value(
    links: TransactionLinkStore, database: Database
) -> None:
    for link in (OPEN, replace(OPEN, csms_id=7), replace(OPEN, closed_at=T1), OPEN):
        await put(database, link)

    assert {"CP1": [replace(OPEN, csms_id=7, closed_at=T1)]} == await links.all()


async def test_closed_ones_are_pruned(
    links: TransactionLinkStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.storage.transaction_links._PRUNE_ROWS", 2)
    for number in range(5):
        await put(database, TransactionLink(local_id=number, csms_id=number, closed_at=T1))
    await put(database, OPEN)

    assert 0 == await links.prune(T1)
    assert 5 == await links.prune(T1 + DAY)
    assert {"CP1": [OPEN]} == await links.all()
