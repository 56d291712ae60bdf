"""`active`, `inactive`, `maintenance`: what the owner says of a charger, and what follows."""

import pytest
from tests.proxy.hub.conftest import Live, World, boot, charger_of, locked, until

from oye_proxy.errors import ChargerUnknownError, StorageError
from oye_proxy.hub.issues import IssueKey
from oye_proxy.hub.owner_status import INACTIVE_REASON, OwnerStatus
from oye_proxy.simulator.scripted import HandshakeRefusedError


async def test_a_charger_is_active_until_the_owner_says_otherwise(world: World) -> None:
    async with await world.connect():
        assert OwnerStatus.ACTIVE is world.hub.charger("CP1").owner_status


async def test_an_inactive_charger_is_closed_with_1008_and_refused_with_403(world: World) -> None:
    """ocpp.md 3.7: disabled by the owner."""
    async with await world.connect() as charger:
        await world.hub.policies.set_owner_status("CP1", OwnerStatus.INACTIVE)
        await charger.wait_ended()
    with pytest.raises(HandshakeRefusedError) as refused:
        await world.connect()
    state = world.hub.charger("CP1")

    assert (1008, INACTIVE_REASON) == (charger.close_code, charger.close_reason)
    assert 403 == refused.value.status
    assert (False, OwnerStatus.INACTIVE) == (state.connected, state.owner_status)


async def test_it_is_let_in_again_when_it_is_active(world: World) -> None:
    async with await world.connect():
        pass
    await until(lambda: world.hub.connected == 0)
    await world.hub.policies.set_owner_status("CP1", OwnerStatus.INACTIVE)
    await world.hub.policies.set_owner_status("CP1", OwnerStatus.ACTIVE)
    async with await world.connect() as charger:
        await boot(charger)

        assert 1 == world.hub.connected


async def test_a_charger_whose_handshake_was_under_way_is_closed_as_well(world: World) -> None:
    async with await world.connect():
        pass
    await until(lambda: world.hub.connected == 0)
    charger_of(world).owner_status = OwnerStatus.INACTIVE
    bridge = world.bridge()
    bridge.start(None, None)
    await bridge.wait_closed()

    assert 0 == world.hub.connected


async def test_maintenance_relays_and_shows_no_issues(world: World) -> None:
    async with await world.connect() as charger:
        world.hub.issues.report(IssueKey.CSMS_UNREACHABLE, "CP1", world.now)
        world.hub.issues.report(IssueKey.STORAGE_TROUBLE, None, world.now)
        await world.hub.policies.set_owner_status("CP1", OwnerStatus.MAINTENANCE)
        await boot(charger)
        _, during = world.hub.snapshot()
        await world.hub.policies.set_owner_status("CP1", OwnerStatus.ACTIVE)
        _, after = world.hub.snapshot()

    assert [IssueKey.STORAGE_TROUBLE] == [issue.key for issue in during]
    assert {IssueKey.STORAGE_TROUBLE, IssueKey.CSMS_UNREACHABLE} == {issue.key for issue in after}


@pytest.mark.parametrize("status", list(OwnerStatus))
async def test_it_survives_a_restart(live: Live, status: OwnerStatus) -> None:
    world = await live()
    async with await world.connect():
        await world.hub.policies.set_owner_status("CP1", status)
    second = await live()
    second.hub.issues.report(IssueKey.CSMS_REFUSED, "CP1", second.now)
    _, issues = second.hub.snapshot()

    assert status is second.hub.charger("CP1").owner_status
    assert (status is OwnerStatus.ACTIVE) is bool(issues)


async def test_a_deleted_charger_that_comes_back_is_active_and_heard(world: World) -> None:
    async with await world.connect():
        await world.hub.policies.set_owner_status("CP1", OwnerStatus.MAINTENANCE)
    await world.hub.forget("CP1")
    async with await world.connect():
        world.hub.issues.report(IssueKey.CSMS_REFUSED, "CP1", world.now)

        assert OwnerStatus.ACTIVE is world.hub.charger("CP1").owner_status
        assert world.issue(IssueKey.CSMS_REFUSED)


async def test_a_status_that_cannot_be_stored_is_not_set(world: World) -> None:
    async with await world.connect():
        await world.settle()
        async with locked(world):
            with pytest.raises(StorageError):
                await world.hub.policies.set_owner_status("CP1", OwnerStatus.INACTIVE)

        assert OwnerStatus.ACTIVE is world.hub.charger("CP1").owner_status
        assert 1 == world.hub.connected


async def test_a_charger_that_never_came_has_none(world: World) -> None:
    with pytest.raises(ChargerUnknownError):
        await world.hub.policies.set_owner_status("CP1", OwnerStatus.INACTIVE)
