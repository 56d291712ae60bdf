"""What is told of the database while it works, and when it does not answer."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.proxy.app.conftest import settings

from oye_proxy.app.core import Core, build_core
from oye_proxy.app.storage_health import check_storage
from oye_proxy.storage import database as module
from oye_proxy.storage.database import Database
from oye_proxy.transport.credentials import CredentialChecker


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(settings(tmp_path).storage)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def core(tmp_path: Path, database: Database) -> Core:
    """Return one that is stopped again: nobody but the test asks the database."""
    async with AsyncExitStack() as stack:
        return await build_core(settings(tmp_path), database, CredentialChecker(), stack)


async def test_a_database_that_answers_is_up_and_has_a_size(database: Database, core: Core) -> None:
    health = await check_storage(database, core)

    assert (True, "sqlite", 0, 0) == (
        health.up,
        health.kind,
        health.frames_waiting,
        health.frames_dropped,
    )
    assert health.size_bytes is not None
    assert health.size_bytes > 0


async def test_one_that_does_not_answer_is_down_and_logged(
    database: Database,
    core: Core,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "_TURN_SECONDS", 0.01)
    async with AsyncExitStack() as readers:
        for _ in range(module._READERS):
            await readers.enter_async_context(database.lasting())
        health = await check_storage(database, core)

    assert (False, "sqlite", None) == (health.up, health.kind, health.size_bytes)
    assert ["the database does not answer"] == [
        message.partition(":")[0] for message in caplog.messages
    ]
