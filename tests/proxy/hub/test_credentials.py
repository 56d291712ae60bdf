"""The rotation of a charger's password: learned on Accepted, both count until the reboot."""

import pytest
from tests.proxy.hub.conftest import OWNER, Live, World, charger_of, until

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import ChargerAuth
from oye_proxy.simulator.scripted import (
    HandshakeRefusedError,
    ScriptedCharger,
    basic_authorization,
)

OLD, NEW = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"


async def come(world: World, key: str) -> ScriptedCharger:
    return await world.connect(headers=[basic_authorization("CP1", bytes.fromhex(key))])


async def with_old_key(live: Live) -> World:
    """A life in which CP1 is known by its old key."""
    world = await live()
    async with await world.connect():
        pass
    await until(lambda: world.hub.connected == 0)
    charger = charger_of(world)
    charger.credential_hashes = (await world.checker.hash(OLD.encode(), OcppVersion.V1_6),)
    world.records.credentials(charger)
    await world.settle()
    return await live(auth=ChargerAuth.LOCAL)


async def rotate(world: World, status: str, key: str = NEW) -> None:
    async with await come(world, OLD) as charger:
        payload = {"key": "AuthorizationKey", "value": key}
        injection = await world.hub.inject(
            "CP1", "ChangeConfiguration", payload, origin=OWNER, confirm=True
        )
        await charger.answer_next({"status": status}, "ChangeConfiguration")
        await injection.outcome(5)
        await until(lambda: not world.hub._observer._credentials._hashing)  # type: ignore[union-attr]  # it has them
    await until(lambda: world.hub.connected == 0)


async def is_let_in(world: World, key: str) -> bool:
    try:
        async with await come(world, key):
            pass
    except HandshakeRefusedError:
        return False
    await until(lambda: world.hub.connected == 0)
    return True


@pytest.mark.parametrize(
    ("status", "old", "new"),
    [("Accepted", False, True), ("Rejected", True, False), ("NotSupported", True, False)],
)
async def test_the_new_key_counts_from_accepted_on(
    live: Live, status: str, *, old: bool, new: bool
) -> None:
    world = await with_old_key(live)
    await rotate(world, status)

    assert (old, new) == (await is_let_in(world, OLD), await is_let_in(world, NEW))


async def test_both_count_until_the_new_one_is_seen(live: Live) -> None:
    world = await with_old_key(live)
    await rotate(world, "RebootRequired")
    seen = [await is_let_in(world, key) for key in (OLD, NEW, OLD)]

    assert [True, True, False] == seen


async def test_a_rotation_survives_a_restart(live: Live) -> None:
    world = await with_old_key(live)
    await rotate(world, "RebootRequired")
    await world.settle()
    second = await live(auth=ChargerAuth.LOCAL)

    assert [True, True] == [await is_let_in(second, key) for key in (OLD, NEW)]


async def test_a_key_of_a_wrong_length_is_not_learned(
    live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    world = await with_old_key(live)
    await rotate(world, "Accepted", key="short")

    assert await is_let_in(world, OLD)
    assert any("breaks OCPP's length rules" in message for message in caplog.messages)
    assert not any("short" in message for message in caplog.messages)
