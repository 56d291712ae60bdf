"""`oye-proxy chargers`: passwords for local authentication, and whether a charger is used."""

import asyncio
from pathlib import Path

import pytest
from tests.proxy.cli.conftest import Run

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import StorageSettings
from oye_proxy.simulator.scripted import basic_authorization
from oye_proxy.storage.chargers import ChargerStore
from oye_proxy.storage.database import Database
from oye_proxy.transport.credentials import CredentialChecker

KEY = "00112233445566778899aabbccddeeff"


async def matches(data_dir: Path, password: str | bytes, version: OcppVersion) -> bool:
    database = Database(StorageSettings(data_dir=data_dir))
    await database.open()
    rows = await ChargerStore(database).all()
    await database.close()
    header = basic_authorization("CP1", password)[1]
    hashes = [row.credential_hash for row in rows if row.credential_hash is not None]
    return await CredentialChecker().check(header, "CP1", version, hashes) is not None


def test_a_charger_that_never_came_gets_a_password(run: Run, data_dir: Path) -> None:
    result = run("chargers", "password", "CP1", stdin=f"{KEY}\n")

    assert (0, "") == (result.code, result.err)
    assert KEY not in result.out
    assert asyncio.run(matches(data_dir, bytes.fromhex(KEY), OcppVersion.V1_6))


def test_a_password_can_be_set_again(run: Run, data_dir: Path) -> None:
    run("chargers", "password", "CP1", stdin=f"{KEY}\n")
    run("chargers", "password", "CP1", "--ocpp", "2.0.1", stdin="correct horse battery staple\n")

    assert asyncio.run(matches(data_dir, "correct horse battery staple", OcppVersion.V2_0_1))


@pytest.mark.parametrize("stdin", ["", "short\n"])
def test_a_password_of_a_wrong_length_is_one_sentence(run: Run, stdin: str) -> None:
    result = run("chargers", "password", "CP1", stdin=stdin)

    assert 1 == result.code
    assert "16 to 20 bytes" in result.err
    assert 1 == result.err.count("\n")


def test_the_status_of_a_known_charger_is_set(run: Run, data_dir: Path) -> None:
    run("chargers", "password", "CP1", stdin=f"{KEY}\n")
    result = run("chargers", "status", "CP1", "inactive")

    assert (0, "CP1 is inactive.\n", "") == (result.code, result.out, result.err)
    assert ["inactive"] == asyncio.run(statuses(data_dir))


def test_the_status_of_a_charger_that_never_came_is_one_sentence(run: Run) -> None:
    run("config", "set", "autoChargeEnabled", "false")
    result = run("chargers", "status", "CP1", "maintenance")

    assert (1, 1) == (result.code, result.err.count("\n"))
    assert "CP1" in result.err


async def statuses(data_dir: Path) -> list[str | None]:
    database = Database(StorageSettings(data_dir=data_dir))
    await database.open()
    rows = await ChargerStore(database).all()
    await database.close()
    return [row.owner_status for row in rows]
