"""Frames of one pass of the event loop leave together, in order, before anybody may close."""

import asyncio

from oye_proxy.ocppj.commands import Peer, Send
from oye_proxy.transport.outbox import Outbox


class Bridge:
    """Notes what it is to write; `causes` is put while it writes."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.written: list[str | bytes] = []
        self.causes: list[str] = []

    def put(self, *texts: str) -> None:
        for text in texts:
            self.outbox.put(self, Send(Peer.CSMS, text))

    def deliver(self, send: Send) -> None:
        self.written.append(send.data)
        causes, self.causes = self.causes, []
        self.put(*causes)


async def test_frames_leave_at_the_end_of_the_pass_in_their_order() -> None:
    bridge = Bridge(Outbox())
    bridge.put("1", "2")

    assert [] == bridge.written
    await asyncio.sleep(0)
    assert ["1", "2"] == bridge.written


async def test_who_is_about_to_close_does_not_wait_for_the_end() -> None:
    bridge = Bridge(Outbox())
    bridge.put("1", "2")
    bridge.outbox.flush()

    assert ["1", "2"] == bridge.written
    await asyncio.sleep(0)
    assert ["1", "2"] == bridge.written


async def test_what_comes_up_while_frames_are_written_leaves_behind_them() -> None:
    bridge = Bridge(Outbox())
    bridge.causes = ["3"]
    bridge.put("1", "2")
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert ["1", "2", "3"] == bridge.written
