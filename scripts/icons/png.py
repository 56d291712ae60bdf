"""PNG files: 8 bits a channel, RGBA, without interlacing."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = 4
_RGBA = 6


def encode(width: int, height: int, pixels: bytes) -> bytes:
    """Return the file; each row says how it differs from the one above, which packs well."""
    stride = width * _CHANNELS
    rows = [pixels[start : start + stride] for start in range(0, len(pixels), stride)]
    above = [bytes(stride), *rows[:-1]]
    up = b"".join(b"\x02" + _difference(row, last) for row, last in zip(rows, above, strict=True))
    header = struct.pack(">IIBBBBB", width, height, 8, _RGBA, 0, 0, 0)
    return SIGNATURE + b"".join(
        _chunk(kind, body)
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(up, 9)), (b"IEND", b""))
    )


def decode(content: bytes) -> tuple[int, int, bytes]:
    """Return width, height and pixels of a file that `encode` made; raise ValueError."""
    if not content.startswith(SIGNATURE):
        raise ValueError("no PNG file")
    chunks = dict(_chunks(content))
    width, height, *kind = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if kind != [8, _RGBA, 0, 0, 0]:
        raise ValueError("another kind of PNG file")
    stride = width * _CHANNELS
    packed = zlib.decompress(chunks[b"IDAT"])
    pixels = bytearray()
    last = bytes(stride)
    for start in range(0, len(packed), stride + 1):
        row = packed[start + 1 : start + 1 + stride]
        last = bytes((value + above) & 0xFF for value, above in zip(row, last, strict=True))
        pixels += last
    return width, height, bytes(pixels)


def _difference(row: bytes, above: bytes) -> bytes:
    return bytes((value - last) & 0xFF for value, last in zip(row, above, strict=True))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    start = len(SIGNATURE)
    while start < len(content):
        (length,) = struct.unpack_from(">I", content, start)
        kind = content[start + 4 : start + 8]
        found.append((kind, content[start + 8 : start + 8 + length]))
        start += length + 12
    return found
