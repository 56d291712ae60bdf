"""
Tells our own dials to a CSMS when they come back to our own door.

Each WebSocket handshake has a random key that servers in between hand on, so nothing is added to
what a CSMS hears.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class OwnDials:
    """The dials that are under way, by the keys of their handshakes."""

    def __init__(self) -> None:
        self._by_key: dict[str, OwnDial] = {}

    @contextmanager
    def begin(self) -> Iterator["OwnDial"]:
        """Follow one dial until it is over."""
        dial = OwnDial(self._by_key)
        try:
            yield dial
        finally:
            dial.forget_keys()

    def recognise(self, key: str) -> bool:
        """Tell whether a handshake that arrived is one of ours, and remember that it did."""
        dial = self._by_key.get(key)
        if dial is None:
            return False
        dial.came_back = True
        return True


class OwnDial:
    """One dial that is under way; `came_back` when it arrived at our own door."""

    def __init__(self, by_key: dict[str, "OwnDial"]) -> None:
        self.came_back = False
        self._by_key = by_key
        self._keys: list[str] = []

    def add_key(self, key: str) -> None:
        """Be known by the key of a handshake; a redirect brings another one."""
        self._keys.append(key)
        self._by_key[key] = self

    def forget_keys(self) -> None:
        """Be known no more."""
        for key in self._keys:
            del self._by_key[key]
