"""
Tells our own dials to a CSMS when they come back to our own door.

Each WebSocket handshake has a random key that servers in between hand on, so nothing is added to
what a CSMS hears.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class OwnDial:
    """One dial that is under way; `came_back` when it arrived at our own door."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.came_back = False


class OwnDials:
    """The dials that are under way, by the keys of their handshakes."""

    def __init__(self) -> None:
        self._under_way: list[OwnDial] = []

    @contextmanager
    def begin(self) -> Iterator[OwnDial]:
        """Follow one dial until it is over; a redirect gives it another key."""
        dial = OwnDial()
        self._under_way.append(dial)
        try:
            yield dial
        finally:
            self._under_way.remove(dial)

    def recognise(self, key: str) -> bool:
        """Tell whether a handshake that arrived is one of ours, and remember that it did."""
        for dial in self._under_way:
            if key in dial.keys:
                dial.came_back = True
                return True
        return False
