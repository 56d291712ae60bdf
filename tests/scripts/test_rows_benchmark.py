"""The benchmark of many rows loads what it says, and its chargers charge."""

import asyncio
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmark import fill, retention
from benchmark.databases import new_database
from benchmark.load import Fleet
from benchmark.pages import pages_of_frames, pages_of_transactions
from benchmark.wire import Csms, TransactionCharger, unmasked
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.frames import FrameQuery, FrameStore
from oye_proxy.storage.models import logs, transactions
from oye_proxy.storage.transactions import TransactionQuery, TransactionStore

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
STRETCH = 100


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill, "FRAME_STRETCH", STRETCH)
    monkeypatch.setattr(fill, "TRANSACTION_STRETCH", STRETCH // 10)
    monkeypatch.setattr(fill, "OPEN_TRANSACTIONS", 3)
    monkeypatch.setattr(fill, "CHARGERS", 5)


async def test_an_ordinary_stretch_is_repeated_with_later_ids_and_times(tmp_path: Path) -> None:
    settings = StorageSettings(data_dir=tmp_path)
    await fill.fill(settings, 5 * STRETCH, NOW)
    database = Database(settings)
    await database.open()
    frames = await FrameStore(database).search(FrameQuery(limit=1000))
    running = await TransactionStore(database).search(TransactionQuery(is_open=True))
    async with database.reading() as connection:
        counted = [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (logs, transactions)
        ]
    await database.close()

    assert [5 * STRETCH, 5 * STRETCH // 10] == counted
    assert list(range(5 * STRETCH, 0, -1)) == [frame.id for frame in frames]
    times = [frame.at for frame in frames if frame.at is not None]
    assert sorted(times, reverse=True) == times
    assert [50, 49, 48] == [row.id for row in running]
    kinds = {frame.action for frame in frames if frame.id > STRETCH}
    assert fill.OLD_ACTION in {frame.action for frame in frames} - kinds


async def test_rows_leave_by_age_by_number_and_by_size_and_none_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(retention, "_CALM_SECONDS", 0.1)
    settings = StorageSettings(data_dir=tmp_path)
    await fill.fill(settings, 5 * STRETCH, NOW)
    await retention.run(settings, NOW)
    lines = capsys.readouterr().out.splitlines()

    deleted = {line[:24].strip(): int(line[24:34].replace(",", "")) for line in lines[3:7]}
    assert 0 == deleted.pop("nothing deleted")
    assert ["by age", "by number", "by size"] == [name for name, gone in deleted.items() if gone]
    assert lines[-1].endswith(" 0 dropped")


async def test_a_charger_stops_what_it_started() -> None:
    heard: list[list[object]] = []

    class Listener(Csms):
        def on_text(self, data: bytes, head: int, size: int, key: bytes) -> None:
            heard.append(json.loads(unmasked(data[head : head + size], key)))
            super().on_text(data, head, size, key)

    async with (
        asyncio.timeout(10),
        await asyncio.get_running_loop().create_server(Listener, "127.0.0.1", 0) as server,
    ):
        fleet = Fleet("CP", 1, TransactionCharger)
        await fleet.connect(server.sockets[0].getsockname()[1])
        await fleet.closed_loop(0, 0.05, lambda: 0.0)
        await fleet.disconnect()

    assert ["StartTransaction", "StopTransaction", "StartTransaction"] == [
        call[2] for call in heard[:3]
    ]
    assert len(heard) == len({json.dumps(call[3]) for call in heard})


def test_sqlite_s_database_is_gone_after_its_measurement(tmp_path: Path) -> None:
    with new_database("SQLite", tmp_path) as database:
        assert database is not None
        assert database.settings.data_dir.is_dir()

    assert [] == list(tmp_path.iterdir())


def test_each_page_has_a_name_of_its_own() -> None:
    rng = random.Random(1)  # noqa: S311 - no secrets
    pages = [*pages_of_frames(1000, NOW, rng), *pages_of_transactions(100, NOW, rng)]

    assert len(pages) == len({(page.path, page.name) for page in pages})
    assert all(isinstance(page.query(), dict) for page in pages)
