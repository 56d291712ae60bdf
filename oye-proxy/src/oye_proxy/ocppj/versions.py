"""OCPP versions, their subprotocols, and the choice of one."""

from collections.abc import Sequence
from enum import StrEnum


class OcppVersion(StrEnum):
    """The versions that the proxy understands; others are relayed without observation."""

    V1_6 = "1.6"
    V2_0_1 = "2.0.1"
    V2_1 = "2.1"

    @property
    def is_1_6(self) -> bool:
        """Whether 1.6 words and shapes apply (else those of 2.x)."""
        return self is OcppVersion.V1_6


SUBPROTOCOLS: dict[str, OcppVersion] = {
    "ocpp1.6": OcppVersion.V1_6,
    "ocpp1.6j": OcppVersion.V1_6,
    "ocpp2.0.1": OcppVersion.V2_0_1,
    "ocpp2.1": OcppVersion.V2_1,
}

# What people write into a charger's URL.
VERSION_TOKENS: dict[str, OcppVersion] = {
    "1.6": OcppVersion.V1_6,
    "1.6j": OcppVersion.V1_6,
    "16": OcppVersion.V1_6,
    "2.0.1": OcppVersion.V2_0_1,
    "201": OcppVersion.V2_0_1,
    "2.1": OcppVersion.V2_1,
    "21": OcppVersion.V2_1,
}


def choose_subprotocol(offered: Sequence[str]) -> str | None:
    """Return the first offered name that we speak, as offered (Q4 3.1.2); None when none match."""
    return next((name for name in offered if name.lower() in SUBPROTOCOLS), None)


def version_of(subprotocol: str | None) -> OcppVersion | None:
    """Return the version a subprotocol stands for; None when it is unknown or absent."""
    return SUBPROTOCOLS.get(subprotocol.lower()) if subprotocol else None
