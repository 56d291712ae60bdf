"""What the hub keeps on disk: once, in time, only what changed, and in spite of a slow database."""

import asyncio
from datetime import timedelta

import pytest
from tests.proxy.hub.conftest import OWNER, START, Live, World, boot, charger_of, locked, row, until

from oye_proxy.errors import StorageError
from oye_proxy.hub import records as records_module
from oye_proxy.hub.injections import Injection
from oye_proxy.hub.records import INJECTION_LIFE
from oye_proxy.settings import UnknownChargers


def injection(message_id: str = "m-1", key: str | None = None) -> Injection:
    return Injection(
        message_id=message_id,
        charge_point_id="CP1",
        action="Reset",
        payload={"type": "Soft"},
        origin=OWNER,
        idempotency_key=key,
    )


async def test_facts_are_stored(world: World) -> None:
    async with await world.connect() as charger:
        await boot(charger)
        stored = await row(world)

    assert b'"OYE"' in (stored.facts or b"")
    assert stored.limits is not None
    assert stored.profiles is not None


async def test_what_the_journal_remembers_is_known_in_the_next_life(live: Live) -> None:
    """The last boot, and the transactions that a CSMS knows."""
    world = await live()
    async with await world.connect() as charger:
        await boot(charger)
        memory = charger_of(world).journal.memory
        memory.owe("42")
    await until(lambda: world.hub.connected == 0)
    await world.records.stop()
    second = charger_of(await live()).journal.memory

    assert second.owes("42")
    assert memory.boot is not None
    assert memory.boot == second.boot


async def test_what_changed_is_written_when_the_hub_stops(live: Live) -> None:
    world = await live()
    async with await world.connect() as charger:
        await boot(charger)
    await until(lambda: world.hub.connected == 0)
    await world.records.stop()
    second = await live()

    assert "OYE" == second.hub.charger("CP1").vendor


async def test_a_stranger_who_waits_is_stored_as_such(live: Live) -> None:
    world = await live(unknown=UnknownChargers.APPROVE)
    with pytest.raises(Exception, match="404"):
        await world.connect()

    assert (await row(world)).approved is False


async def test_a_late_job_does_not_overrule_the_owner(live: Live) -> None:
    world = await live()
    async with await world.connect():
        await world.settle()
        charger = charger_of(world)
        async with world.keeper.alone():
            charger.approved = False
            world.records.waiting(charger)
            agreeing = asyncio.ensure_future(world.records.set_approved(charger, approved=True))
        await agreeing

        assert (await row(world)).approved is True


async def test_the_database_gets_two_seconds_then_it_is_dead(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 2.0 == records_module.STORE_SECONDS
    monkeypatch.setattr(records_module, "STORE_SECONDS", 0.02)
    async with await world.connect():
        await world.settle()
        async with locked(world):
            with pytest.raises(StorageError, match="does not answer"):
                await world.records.add(injection(), START)
        # What is late goes on.
        await until(lambda: not world.records._late)

        assert 1 == len(await world.injections.recent(START))


async def test_old_injections_are_deleted(world: World) -> None:
    async with await world.connect():
        await world.settle()
        await world.records.add(injection("old"), START - INJECTION_LIFE - timedelta(days=30000))
        await world.records._prune()

        assert [] == await world.injections.recent(START - timedelta(days=40000))


async def test_credentials_of_a_rotation_are_stored_together(world: World) -> None:
    async with await world.connect():
        charger_of(world).credential_hashes = ("old", "new")
        world.records.credentials(charger_of(world))

        assert "old new" == (await row(world)).credential_hash
