"""The database of a whole proxy, and its failures."""

import json
import sqlite3
from pathlib import Path

import pytest
from tests.proxy.app.conftest import BOOT, ask, connect, settings, until

from oye_proxy.app import running
from oye_proxy.app.storage import StorageTrouble
from oye_proxy.errors import StorageError
from oye_proxy.hub.issues import Issue, IssueBoard, Severity
from oye_proxy.settings import (
    StorageSettings,
)


async def test_the_first_user_is_made_once(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as first:
        pass
    async with running(settings(tmp_path)) as second:
        pass

    assert ("admin", None) == first.first_user
    assert second.first_user is None


async def test_the_database_can_be_in_memory(tmp_path: Path) -> None:
    in_memory = StorageSettings(data_dir=tmp_path, memory=True)
    async with running(settings(tmp_path, storage=in_memory)) as proxy:
        status, _ = await ask(proxy, "/health")

    assert 200 == status
    assert not (tmp_path / "db").exists()


async def test_a_database_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    async with running(settings(tmp_path)):
        pass
    with sqlite3.connect(tmp_path / "db/oye-proxy.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StorageError):
        async with running(settings(tmp_path)):
            pass


async def test_what_is_stored_is_chosen_while_it_runs(tmp_path: Path) -> None:
    """`last` is one row per direction; what is left out still moves last seen."""
    rule = {"action": "Heartbeat", "keep": "last"}
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:

        async def last_seen() -> str:
            return str(json.loads((await ask(proxy, "/api/chargers/CP1"))[1])["lastSeen"])

        await charger.send_call("BootNotification", BOOT)
        booted_at = await last_seen()
        for choice in ({"preset": "selective"}, {"preset": "custom", "rules": [rule]}):
            await ask(proxy, "/api/storage", method="PATCH", json=choice)
            for _ in range(3):
                await charger.send_call("Heartbeat", {})

        assert booted_at < await last_seen()

        async def is_stored() -> bool:
            return await actions() == ["Heartbeat", "Heartbeat", *["BootNotification"] * 2]

        async def actions() -> list[str]:
            return [row["action"] for row in json.loads((await ask(proxy, "/api/logs"))[1])]

        await until(is_stored)


async def test_the_room_of_the_database_is_in_its_health(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy:

        async def is_measured() -> bool:
            return (await database())["frames"] is not None

        async def database() -> dict[str, int]:
            found: dict[str, int] = json.loads((await ask(proxy, "/api/health"))[1])["database"]
            return found

        await until(is_measured)
        health = await database()

    assert 0 < health["usedBytes"] <= health["sizeBytes"]
    assert 2 * 1024**3 == health["maxBytes"]
    assert 0 < health["diskFreeBytes"] <= health["diskTotalBytes"]
    assert 0 == health["frames"]


def test_of_several_troubles_the_worst_is_told() -> None:
    told: list[tuple[Issue, ...]] = []
    trouble = StorageTrouble()
    trouble.tell("disk", "early", warning=True)
    trouble.board = IssueBoard(told.append)
    trouble.tell("disk", "almost full", warning=True)
    trouble.tell("frames", "the disk is full")
    trouble.tell("disk", None)
    trouble.tell("frames", None)

    assert [
        [(Severity.WARNING, "almost full")],
        [(Severity.ERROR, "the disk is full")],
        [],
    ] == [[(issue.severity, issue.params["reason"]) for issue in issues] for issues in told]
