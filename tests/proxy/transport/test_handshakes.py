import asyncio
from typing import cast

import pytest

from oye_proxy.errors import AdmissionError, CsmsUnreachableError
from oye_proxy.tasks import spawn
from oye_proxy.transport.handshakes import Handshakes
from oye_proxy.transport.ports import Socket


async def dial_for_ever() -> Socket:
    return cast("Socket", await asyncio.get_running_loop().create_future())


async def shake(
    handshakes: Handshakes, name: str, address: str = "a", *, proved: bool = False
) -> str:
    """Wait for a CSMS that never answers, until something ends it; return what."""
    try:
        async with handshakes.turn(name, address, proved=proved, retry_after=30) as handshake:
            await handshake.dial(dial_for_ever, lambda: False)
    except AdmissionError as error:
        return f"{error.status} {error.reason}"
    return "went on"


async def test_the_newer_one_of_the_same_charger_wins() -> None:
    handshakes = Handshakes()
    older = spawn(shake(handshakes, "CP1"), name="older")
    other = spawn(shake(handshakes, "CP2"), name="other")
    await asyncio.sleep(0)
    async with handshakes.turn("CP1", "a", proved=False, retry_after=30) as newer:
        assert "503 Replaced by new connection" == await older
        newer.check()
        assert not other.done()
    await handshakes.stop()

    assert "503 Replaced by new connection" == await other


async def test_one_from_elsewhere_must_prove_who_it_is() -> None:
    handshakes = Handshakes()
    older = spawn(shake(handshakes, "CP1"), name="older")
    await asyncio.sleep(0)

    assert "503 Charge point already connected" == await shake(handshakes, "CP1", "b")
    assert not older.done()
    async with handshakes.turn("CP1", "b", proved=True, retry_after=30):
        assert older.done()


async def test_a_failure_to_dial_is_raised() -> None:
    async def fail() -> Socket:
        raise CsmsUnreachableError("away")

    async with Handshakes().turn("CP1", "a", proved=False, retry_after=30) as handshake:
        with pytest.raises(CsmsUnreachableError):
            await handshake.dial(fail, lambda: False)


async def test_a_charger_that_leaves_ends_its_dial(monkeypatch: pytest.MonkeyPatch) -> None:
    """The CSMS sees at once that nobody waits for its answer any more."""
    monkeypatch.setattr("oye_proxy.transport.handshakes.LEFT_LOOK_INTERVAL", 0.001)
    looks = iter([False, False, True])
    async with Handshakes().turn("CP1", "a", proved=False, retry_after=30) as handshake:
        with pytest.raises(ConnectionResetError):
            await handshake.dial(dial_for_ever, lambda: next(looks))

    assert "dial for a handshake" not in [task.get_name() for task in asyncio.all_tasks()]


async def test_one_that_was_superseded_after_its_dial_is_told_at_its_next_check() -> None:
    handshakes = Handshakes()
    async with handshakes.turn("CP1", "a", proved=False, retry_after=30) as older:
        newer = spawn(shake(handshakes, "CP1"), name="newer")
        await asyncio.sleep(0)
        with pytest.raises(AdmissionError):
            older.check()
    await asyncio.sleep(0)
    await handshakes.stop()

    assert "503 Replaced by new connection" == await newer


async def test_a_request_that_is_cancelled_cancels_its_dial() -> None:
    handshakes = Handshakes()
    task = spawn(shake(handshakes, "CP1"), name="handler")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert "dial for a handshake" not in [task.get_name() for task in asyncio.all_tasks()]
