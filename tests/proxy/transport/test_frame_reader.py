import asyncio
from typing import Any

import pytest

from oye_proxy.transport.frame_reader import FrameReader
from oye_proxy.transport.sockets import MASK_BIT, TEXT_FRAME, frame_head

PING, CONTINUATION = 0x89, 0x80


class Taker:
    """Writes down what the reader finds."""

    def __init__(self) -> None:
        self.found: list[Any] = []

    def take(self, message: Any) -> None:
        self.found.append(message[1])

    def failed(self, code: int) -> None:
        self.found.append(code)

    def lost(self) -> None:
        self.found.append("lost")


def reader_of(taker: Taker, *, max_frame: int = 0, masked: bool = False) -> FrameReader:
    loop = asyncio.get_running_loop()
    return FrameReader(taker, loop, max_frame=max_frame, masked=masked, compressed=False)


def frame(opcode: int, payload: bytes) -> bytes:
    return frame_head(opcode, len(payload)) + payload


async def test_frames_are_found_wherever_the_bytes_are_cut() -> None:
    taker = Taker()
    reader = reader_of(taker)
    stream = frame(TEXT_FRAME, "é[2]".encode()) + frame(TEXT_FRAME, 300 * b"x")
    for position in range(len(stream)):
        reader.feed_data(stream[position : position + 1])
    reader.feed_data(stream)
    reader.feed_eof()

    assert [*2 * ("é[2]", 300 * "x"), "lost"] == taker.found


async def test_a_control_frame_may_stand_between_fragments() -> None:
    """RFC 6455 5.4."""
    taker = Taker()
    reader = reader_of(taker)
    reader.feed_data(frame(TEXT_FRAME & 0x7F, b"[2,"))
    reader.feed_data(frame(PING, b"?") + frame(CONTINUATION, b"3]"))

    assert [b"?", "[2,3]"] == taker.found


@pytest.mark.parametrize("masked", [True, False])
async def test_a_client_masks_and_a_server_does_not(*, masked: bool) -> None:
    """RFC 6455 5.1; the mask here is one of zeros."""
    bare = frame(TEXT_FRAME, b"[]")
    masking = frame_head(TEXT_FRAME, 2, MASK_BIT) + bytes(4) + b"[]"
    right, wrong = Taker(), Taker()
    reader_of(right, masked=masked).feed_data(masking if masked else bare)
    reader_of(wrong, masked=masked).feed_data(bare if masked else masking)

    assert (["[]"], [1002]) == (right.found, wrong.found)


@pytest.mark.parametrize("masked", [True, False])
async def test_after_its_first_frame_a_peer_is_read_whether_it_masks_or_not(
    *, masked: bool
) -> None:
    """RFC 6455 5.1 would have it closed; nothing is lost or misread without."""
    bare = frame(TEXT_FRAME, b"[]")
    masking = frame_head(TEXT_FRAME, 2, MASK_BIT) + b"key!" + b"08"
    taker = Taker()
    reader_of(taker, masked=masked).feed_data((masking if masked else bare) + bare + masking)

    assert ["[]", "[]", "[]"] == taker.found


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (frame(TEXT_FRAME, b"\xff"), 1007),
        (frame(TEXT_FRAME, 11 * b"x"), 1009),
        (frame(TEXT_FRAME | 0x40, b"x"), 1002),
        (frame(CONTINUATION, b"x"), 1002),
    ],
)
async def test_what_breaks_the_protocol_has_its_code(stream: bytes, code: int) -> None:
    taker = Taker()
    reader = reader_of(taker, max_frame=10)
    reader.feed_data(frame(TEXT_FRAME, 10 * b"x"))
    reader.feed_data(stream)

    assert [10 * "x", code] == taker.found
