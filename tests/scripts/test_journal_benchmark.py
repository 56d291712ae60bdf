"""The benchmark of the journal writes what it measures, and leaves nothing behind."""

from pathlib import Path

import pytest

from benchmark.journal import closed_loop, measure, syncs_per_second
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.database import Database
from oye_proxy.storage.journal import JournalStore


async def test_each_message_waits_for_its_commit() -> None:
    database = Database(StorageSettings(memory=True))
    await database.open()
    latencies, commits = await closed_loop(database, chargers=3, seconds=0.1, warm_up=0)
    left = await JournalStore(database).heads()
    await database.close()

    assert latencies
    assert commits > 0
    assert {} == left


async def test_the_table_has_a_line_for_few_and_for_many(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmark.journal.WARM_UP", 0)
    await measure("SQLite", StorageSettings(memory=True), seconds=0.1)
    lines = capsys.readouterr().out.splitlines()

    assert ["1", "10", "200"] == [line.split()[0] for line in lines[-3:]]


def test_a_disk_can_be_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmark.journal.DISK_SECONDS", 0.01)

    assert syncs_per_second(tmp_path) > 0
