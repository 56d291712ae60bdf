"""What every kind of database promises to those who do not know which one they have."""

from oye_proxy.settings import StorageSettings
from oye_proxy.storage.backend import Backend
from oye_proxy.storage.database import Database


def test_it_names_itself_without_secrets_and_says_what_to_look_at(
    storage_settings: StorageSettings,
) -> None:
    backend: Backend = Database(storage_settings)._backend

    assert backend.where
    assert "p@ss" not in backend.where
    assert backend.hint.startswith("see whether ")


def test_it_has_a_sentence_only_for_what_it_knows(storage_settings: StorageSettings) -> None:
    backend: Backend = Database(storage_settings)._backend

    assert backend.sentence(ValueError("x")) is None
    assert not backend.refuses_row(ValueError("x"))


async def test_it_can_be_closed_and_opened_again(database: Database) -> None:
    await database.close()
    await database.close()
    await database.open()

    await database.check()
