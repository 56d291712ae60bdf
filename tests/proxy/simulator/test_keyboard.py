import asyncio
import os
import termios
from collections.abc import Iterator

import pytest

from oye_proxy.simulator.keyboard import listen_to_keys, terminal_of


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Return both ends of a pseudo terminal: the keyboard's and the program's."""
    keyboard, program = os.openpty()
    yield keyboard, program
    os.close(keyboard)
    os.close(program)


async def test_keys_come_without_enter_and_the_mode_is_put_back(
    terminal: tuple[int, int],
) -> None:
    keyboard, program = terminal
    before = termios.tcgetattr(program)
    keys: list[str] = []
    complete = asyncio.Event()

    def pressed(key: str) -> None:
        keys.append(key)
        if key == "q":
            complete.set()

    with listen_to_keys(program, pressed):
        os.write(keyboard, b"prq")
        async with asyncio.timeout(5):
            await complete.wait()

    assert ["p", "r", "q"] == keys
    assert before == termios.tcgetattr(program)


def test_only_a_terminal_has_keys(terminal: tuple[int, int]) -> None:
    _, program = terminal
    with os.fdopen(os.dup(program)) as stream:
        assert stream.fileno() == terminal_of(stream)
    assert terminal_of(stream) is None, "it is closed"
    assert terminal_of(None) is None
    with open(os.devnull, encoding="utf-8") as nothing:  # noqa: PTH123  a device, not a path
        assert terminal_of(nothing) is None
