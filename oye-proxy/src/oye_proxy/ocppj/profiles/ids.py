"""
The ids of the owner's charging profiles.

A profile of the same id replaces another (C16 3.13.2, K01.FR.05), so ours are far from what CSMSs
count: 900 000 001 the cap, 900 000 100 + connector the lasting default, 900 000 200 + connector
the running transaction, 900 000 900 the fail-safe. Connector 0 stands for all connectors.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.versions import OcppVersion

CAP_ID: Final = 900_000_001
FAIL_SAFE_ID: Final = 900_000_900

MAX_CONNECTOR_ID: Final = 99
_DEFAULT_BASE: Final = 900_000_100
_SESSION_BASE: Final = 900_000_200


class LimitScope(StrEnum):
    """What a limit of the owner holds for."""

    MAXIMUM = "maximum"
    DEFAULT = "default"
    SESSION = "session"


class Purpose(StrEnum):
    """The purposes of which the owner makes use, as OCPP 2.x spells them."""

    MAXIMUM = "ChargingStationMaxProfile"
    DEFAULT = "TxDefaultProfile"
    SESSION = "TxProfile"


class Slot(Struct, frozen=True):
    """The place of one profile of the owner: what it holds for, and where."""

    scope: LimitScope
    connector_id: int

    @property
    def purpose(self) -> Purpose:
        """The purpose of the slot's profile."""
        return Purpose[self.scope.name]

    @property
    def profile_id(self) -> int:
        """The reserved id of the slot's profile."""
        match self.scope:
            case LimitScope.MAXIMUM:
                return CAP_ID
            case LimitScope.DEFAULT:
                return _DEFAULT_BASE + self.connector_id
            case LimitScope.SESSION:
                return _SESSION_BASE + self.connector_id


def slot_for(scope: LimitScope, connector_id: int) -> Slot:
    """Return the slot of a connector (0: all of them); a cap has one for the whole charger."""
    if not 0 <= connector_id <= MAX_CONNECTOR_ID:
        raise InvalidRequestError(f"Limits exist for connectors up to {MAX_CONNECTOR_ID}.")
    return Slot(scope, 0 if scope is LimitScope.MAXIMUM else connector_id)


def slot_of(profile_id: int) -> Slot | None:
    """Return the slot to which a reserved id belongs; None for every other id."""
    if profile_id == CAP_ID:
        return Slot(LimitScope.MAXIMUM, 0)
    for scope, base in ((LimitScope.DEFAULT, _DEFAULT_BASE), (LimitScope.SESSION, _SESSION_BASE)):
        if base <= profile_id <= base + MAX_CONNECTOR_ID:
            return Slot(scope, profile_id - base)
    return None


def purpose_from(text: str) -> str:
    """Read a purpose in any version's spelling; one that we do not use stays as it is."""
    return Purpose.MAXIMUM.value if text == "ChargePointMaxProfile" else text


def purpose_to(version: OcppVersion, purpose: Purpose) -> str:
    """Spell a purpose for a charger of this version."""
    of_the_cap = version.is_1_6 and purpose is Purpose.MAXIMUM
    return "ChargePointMaxProfile" if of_the_cap else purpose.value
