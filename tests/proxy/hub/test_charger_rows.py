"""The rows of chargers: told once, in time, many at once, and in spite of a slow database."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.proxy.hub.conftest import START, World, boot, charger_of, row, until

from oye_proxy.errors import StorageError
from oye_proxy.hub.charger_rows import ROWS, WaitingChargers
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.keeper import Keeper
from oye_proxy.storage.chargers import ONLINE


class Table:
    """Takes rows of chargers; refuses one, or all of them while it is away."""

    def __init__(self, refused: str = "") -> None:
        self.refused = refused
        self.away = False
        self.batches: list[list[str]] = []

    async def write(self, chargers: Sequence[Charger]) -> None:
        names = [charger.charge_point_id for charger in chargers]
        if self.away:
            raise StorageError("the disk is full")
        if self.refused in names:
            raise StorageError("a value is too long", refused=True)
        self.batches.append(names)


def some(world: World, count: int) -> list[Charger]:
    return [world.maker.new_charger(f"CP{number}") for number in range(count)]


async def test_the_first_connection_makes_the_record(world: World) -> None:
    async with await world.connect():
        stored = await row(world)

    assert (ONLINE, "127.0.0.1") == (stored.status, stored.remote_ip)


async def test_the_end_of_a_connection_is_stored(world: World) -> None:
    async with await world.connect():
        pass
    await until(lambda: world.hub.connected == 0)

    assert "OFFLINE" == (await row(world)).status


async def test_documents_that_did_not_change_are_not_written_again(world: World) -> None:
    async with await world.connect() as charger:
        await boot(charger)
        await world.settle()
        await world.store.set_name("CP1", "changed elsewhere")
        saved = dict(world.records._rows._saved)
        world.records.changed(charger_of(world))
        await world.settle()

    assert saved == world.records._rows._saved


async def test_last_seen_is_written_once_a_minute(world: World) -> None:
    """Heartbeats make no rows, and no more than one write a minute."""
    async with await world.connect():
        charger = charger_of(world)
        told = []
        for seconds in (0, 30, 59, 60, 61, 119, 120):
            charger.last_seen = START + timedelta(seconds=seconds)
            world.records.changed(charger)
            told.append((await row(world)).last_seen - START)

    assert [0, 0, 0, 60, 60, 60, 120] == [moment.total_seconds() for moment in told]


async def test_last_seen_that_waits_is_written_without_another_frame(world: World) -> None:
    async with await world.connect():
        charger = charger_of(world)
        for seconds in (0, 30):
            charger.last_seen = START + timedelta(seconds=seconds)
            world.records.changed(charger)
            await world.settle()
        world.records._rows._told["CP1"] = START - timedelta(minutes=1)

        assert START + timedelta(seconds=30) == (await row(world)).last_seen


async def test_a_heartbeat_changes_no_document(world: World) -> None:
    async with await world.connect() as charger:
        await boot(charger)
        await world.settle()
        saved = dict(world.records._rows._saved)
        await charger.send_call("Heartbeat", {})
        await world.settle()

    assert saved == world.records._rows._saved


async def test_the_row_tells_whether_the_charger_is_there_now(world: World) -> None:
    """However many connections there were before the database took the first."""
    async with world.keeper.alone():
        for _ in range(2):
            async with await world.connect():
                pass
            await until(lambda: world.hub.connected == 0)
        charger = await world.connect()

    async with charger:
        assert ONLINE == (await row(world)).status


async def test_many_are_written_together(world: World) -> None:
    table, keeper = Table(), Keeper(world.troubles.append)
    waiting = WaitingChargers(keeper, ("rows",), table.write)
    for charger in some(world, ROWS + 2):
        waiting.put(charger)
        waiting.put(charger)
    waiting.drop("CP0")
    await keeper.stop()

    assert [ROWS, 1] == [len(batch) for batch in table.batches]
    assert "CP1" == table.batches[0][0]


async def test_one_that_is_refused_holds_up_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    table, keeper = Table(refused="CP1"), Keeper(world.troubles.append)
    waiting = WaitingChargers(keeper, ("rows",), table.write)
    for charger in some(world, 3):
        waiting.put(charger)
    await keeper.stop()

    assert [["CP0"], ["CP2"]] == table.batches
    assert "CP1: a change is not written: a value is too long" in caplog.text


async def test_nothing_is_lost_while_the_database_is_away(world: World) -> None:
    table, keeper = Table(), Keeper(world.troubles.append, retry_seconds=0.01)
    waiting = WaitingChargers(keeper, ("rows",), table.write)
    table.away = True
    for charger in some(world, 2):
        waiting.put(charger)
    keeper.start()
    await until(lambda: "the disk is full" in world.troubles)
    table.away = False
    await until(lambda: bool(table.batches))
    await keeper.stop()

    assert [["CP0", "CP1"]] == table.batches
