"""What a StatusNotification tells, from the proxy's JSON to models."""

from collections.abc import Mapping
from typing import Any, Final

from .models import Availability, Condition, Status
from .reading import member, moment, text

# OCPP's words, as the proxy tells them.
STATUSES: Final[Mapping[str, Status]] = {
    "Available": Status.AVAILABLE,
    "Preparing": Status.PREPARING,
    "Charging": Status.CHARGING,
    "SuspendedEV": Status.SUSPENDED_EV,
    "SuspendedEVSE": Status.SUSPENDED_EVSE,
    "Finishing": Status.FINISHING,
    "Reserved": Status.RESERVED,
    "Unavailable": Status.INOPERATIVE,
    "Faulted": Status.FAULTED,
}


def parse_condition(data: Mapping[str, Any]) -> Condition:
    """Read the state of a connector, or of a whole charger."""
    return Condition(
        status=_status(data.get("status")),
        status_since=moment(data.get("statusSince")),
        error_code=text(data.get("errorCode")),
        vendor_error_code=text(data.get("vendorErrorCode")),
        vendor_id=text(data.get("vendorId")),
        info=text(data.get("info")),
        availability=member(Availability, data.get("availability")),
    )


def _status(value: Any) -> Status | None:
    known = STATUSES.get(value) if isinstance(value, str) else None
    return known or member(Status, value)
