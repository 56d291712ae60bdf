"""What the owner says of a charger as a whole."""

from enum import StrEnum
from typing import Final

INACTIVE_REASON: Final = "Set inactive by the owner"


class OwnerStatus(StrEnum):
    """
    Whether a charger is in use.

    `maintenance`: its frames pass as ever, its issues are not shown, and nothing charges
    automatically. `inactive`: its handshake is refused with 403.
    """

    ACTIVE = "active"
    INACTIVE = "inactive"
    MAINTENANCE = "maintenance"
