"""Uses are known at once and written seldom; none is lost to a database that is away."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from tests.proxy.accounts.conftest import Clock

from oye_proxy.accounts.last_uses import LastUses
from oye_proxy.errors import StorageError

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)


class Table:
    """Where uses are written; it may be slow or away."""

    def __init__(self) -> None:
        self.rows: dict[str, datetime] = {}
        self.is_away = False
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def write(self, moments: Mapping[str, datetime]) -> None:
        self.begun.set()
        await self.may_end.wait()
        if self.is_away:
            raise StorageError("away")
        self.rows.update(moments)


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def uses(table: Table, clock: Clock) -> LastUses[str]:
    return LastUses("things", table.write, clock)


async def test_a_use_is_known_at_once_and_written_at_the_end(
    uses: LastUses[str], table: Table
) -> None:
    uses.note("a", NOON)
    known, written = dict(uses.unwritten()), dict(table.rows)
    await uses.close()

    assert ({"a": NOON}, {}) == (known, written)
    assert ({}, {"a": NOON}) == (uses.unwritten(), table.rows)


async def test_uses_are_written_once_a_minute(
    uses: LastUses[str], table: Table, clock: Clock
) -> None:
    clock.now += 60
    uses.note("a", NOON)
    await table.begun.wait()
    uses.note("b", NOON)

    assert {"a": NOON} == table.rows
    await uses.close()
    assert {"a": NOON, "b": NOON} == table.rows


async def test_what_is_noted_while_others_are_written_is_written_later(
    uses: LastUses[str], table: Table, clock: Clock
) -> None:
    table.may_end.clear()
    clock.now += 60
    uses.note("a", NOON)
    await table.begun.wait()
    known = dict(uses.unwritten())
    uses.note("a", LATER)
    uses.note("b", LATER)
    table.may_end.set()
    await uses.close()

    assert {"a": NOON} == known
    assert {"a": LATER, "b": LATER} == table.rows


async def test_who_asked_before_a_write_still_has_what_it_wrote(uses: LastUses[str]) -> None:
    """Its rows may be those of before the write."""
    uses.note("a", NOON)
    asked_before = uses.unwritten()
    await uses.write()

    assert {"a": NOON} == asked_before


async def test_a_use_waits_for_a_database_that_is_away(uses: LastUses[str], table: Table) -> None:
    table.is_away = True
    uses.note("a", NOON)
    await uses.write()
    known = uses.unwritten()
    table.is_away = False
    await uses.close()

    assert {"a": NOON} == known == table.rows
