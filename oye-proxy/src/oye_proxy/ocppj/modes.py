"""How a charger's CALLs are treated: the owner's wish and the present state."""

from enum import StrEnum


class Mode(StrEnum):
    """The owner's policy for a charger."""

    FORWARD = "forward"
    MONITOR = "monitor"
    STANDALONE = "standalone"


class Link(StrEnum):
    """Where the charger's CALLs go now."""

    CONNECTED = "connected"
    HOLDING = "holding"
    STANDALONE = "standalone"
    CATCHING_UP = "catching_up"
