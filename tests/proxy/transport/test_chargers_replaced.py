"""Half-open and duplicate connections (3.5): one connection for each id."""

import asyncio
from typing import Any

import pytest
from tests.proxy.transport.conftest import refused

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import ChargerAuth
from oye_proxy.simulator.scripted import (
    Handshake,
    ScriptedCsms,
    basic_authorization,
)
from oye_proxy.tasks import spawn


async def test_the_same_place_replaces_at_once_and_the_old_upstream_ends_first(
    proxy: Any, csms: ScriptedCsms
) -> None:
    proxy.admit(csms.url)
    old = await proxy.connect()
    old_peer = await csms.next_connection()
    csms.hold()
    connecting = spawn(proxy.connect(), name="charger")
    await csms.next_request()
    await csms.next_request()

    assert not old_peer.is_open
    csms.release()
    async with await connecting as charger:
        peer = await csms.next_connection()
        await charger.send_text("hello")

        assert "hello" == await peer.receive()
        assert (1008, "Replaced by new connection") == (await old.wait_ended(), old.close_reason)
        assert proxy.house.attached[1] is proxy.house.bridges["CP1"]


async def test_the_end_of_an_old_socket_does_not_remove_the_new_one(
    proxy: Any, csms: ScriptedCsms
) -> None:
    """Decide by connection object, never by id."""
    proxy.admit(csms.url)
    old = await proxy.connect()
    old.stop_reading()
    async with await proxy.connect():
        await old.abort()
        await proxy.house.attached[0].wait_closed()

        assert proxy.house.attached[1] is proxy.house.bridges["CP1"]


async def test_a_live_charger_is_not_pushed_out_from_another_place(
    proxy: Any, csms: ScriptedCsms
) -> None:
    proxy.admit(csms.url)
    async with await proxy.connect() as old:
        proxy.address = "192.0.2.1"
        refusal = await refused(proxy)
        await old.send_text("still here")
        peer = await csms.next_connection()

        assert "still here" == await peer.receive()
    assert (503, "45") == (refusal.status, refusal.headers["retry-after"])
    assert [("duplicate_charger", "192.0.2.1")] == [
        (notice.name, notice.data["otherAddress"]) for notice in proxy.house.notices
    ]


async def test_a_silent_charger_is_pushed_out_from_another_place(
    proxy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.transport.chargers.OLD_PONG_TIMEOUT", 0.02)
    old = await proxy.connect()
    old.stop_reading()
    proxy.address = "192.0.2.1"
    async with await proxy.connect():
        assert 2 == len(proxy.house.attached)
    await old.abort()


async def test_proved_identity_wins_from_anywhere(proxy: Any) -> None:
    password = bytes(range(16))
    hashed = await proxy.checker.hash(password, OcppVersion.V1_6)
    proxy.admit(None, ChargerAuth.LOCAL, credential_hashes=(hashed,))
    header = basic_authorization("CP1", password)
    old = await proxy.connect(headers=[header])
    proxy.address = "192.0.2.1"
    async with await proxy.connect(headers=[header]):
        assert 1008 == await old.wait_ended()


async def test_a_newer_handshake_of_the_same_charger_wins(proxy: Any, csms: ScriptedCsms) -> None:
    proxy.admit(csms.url)
    csms.plan(Handshake(silent=True))
    first = spawn(refused(proxy), name="first")
    await csms.next_request()
    async with await proxy.connect():
        assert 503 == (await first).status


async def test_a_handshake_from_another_place_does_not_disturb_the_first(
    proxy: Any, csms: ScriptedCsms
) -> None:
    proxy.admit(csms.url)
    csms.hold()
    first = spawn(proxy.connect(), name="first")
    await csms.next_request()
    proxy.address = "192.0.2.1"

    assert 503 == (await refused(proxy)).status
    csms.release()
    await (await first).close()


async def test_a_charger_that_leaves_while_we_dial_is_noticed(
    proxy: Any, csms: ScriptedCsms
) -> None:
    """The handshake does not last until the CSMS answers or the dial times out."""
    proxy.admit(csms.url)
    csms.plan(Handshake(silent=True))
    with pytest.raises(TimeoutError):
        await proxy.connect(timeout=0.05)
    await csms.next_request()
    [dial] = [task for task in asyncio.all_tasks() if task.get_name() == "dial for a handshake"]
    await asyncio.wait([dial])

    assert dial.cancelled()
    assert [] == proxy.house.attached


async def test_a_charger_that_left_unnoticed_leaves_no_upstream(
    proxy: Any, csms: ScriptedCsms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oye_proxy.transport.handshakes.LEFT_LOOK_INTERVAL", 3600.0)
    proxy.admit(csms.url)
    csms.hold()
    with pytest.raises(TimeoutError):
        await proxy.connect(timeout=0.05)
    await csms.next_request()
    csms.release()
    peer = await csms.next_connection()

    assert 1001 == await peer.wait_ended()
    assert [] == proxy.house.attached
