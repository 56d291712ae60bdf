"""Single keys from a terminal, without Enter."""

import asyncio
import os
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def listen_to_keys(terminal: int, pressed: Callable[[str], None]) -> Iterator[None]:
    """Call `pressed` with each key while the context lasts; the terminal's mode is put back."""
    loop = asyncio.get_running_loop()
    before = termios.tcgetattr(terminal)
    # Opened anew: a terminal's other descriptors, such as standard output, stay blocking.
    reading = os.open(os.ttyname(terminal), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    tty.setcbreak(terminal)
    loop.add_reader(reading, _read, loop, reading, pressed)
    try:
        yield
    finally:
        loop.remove_reader(reading)
        os.close(reading)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def terminal_of(stream: TextIO | None) -> int | None:
    """Return the descriptor of a stream that is a terminal, else None."""
    if stream is None or stream.closed or not stream.isatty():
        return None
    return stream.fileno()


def _read(loop: asyncio.AbstractEventLoop, terminal: int, pressed: Callable[[str], None]) -> None:
    try:
        keys = os.read(terminal, 64)
    except OSError:
        keys = b""
    if not keys:
        loop.remove_reader(terminal)
    for key in keys.decode(errors="ignore"):
        pressed(key)
