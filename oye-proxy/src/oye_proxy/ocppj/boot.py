"""What the last answer to BootNotification allows (C16 4.2, B02, B03)."""

from enum import StrEnum

from oye_proxy.errors import ChargerNotAcceptedError
from oye_proxy.ocppj.frames import CallError, CallResult

# C16 4.2, B02.FR.05: not while the boot is Pending.
_REMOTE_CONTROL = frozenset(
    {
        "RemoteStartTransaction",
        "RemoteStopTransaction",
        "RequestStartTransaction",
        "RequestStopTransaction",
    }
)


# What a CSMS that names no interval may have meant.
BOOT_INTERVAL = 60.0
# The integers of OCPP have 32 bits; a CSMS may write more.
LONGEST_INTERVAL = 2**31 - 1


class BootState(StrEnum):
    """The last answer to BootNotification; a reconnect needs no boot (J16 5.4)."""

    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    PENDING = "pending"
    REJECTED = "rejected"


_STATES = {
    "Accepted": BootState.ACCEPTED,
    "Pending": BootState.PENDING,
    "Rejected": BootState.REJECTED,
}


def boot_state_of(answer: CallResult | CallError) -> BootState:
    """Read the answer to a BootNotification; what cannot be read forbids nothing."""
    payload = answer.payload if isinstance(answer, CallResult) else None
    status = payload.get("status") if isinstance(payload, dict) else None
    return _STATES.get(str(status), BootState.UNKNOWN)


def boot_interval_of(answer: CallResult | CallError) -> float:
    """Return the seconds after which a charger that is not accepted may boot again (B02.FR.04)."""
    payload = answer.payload if isinstance(answer, CallResult) else None
    interval = payload.get("interval") if isinstance(payload, dict) else None
    if isinstance(interval, bool) or not isinstance(interval, int) or interval <= 0:
        return BOOT_INTERVAL
    return float(min(interval, LONGEST_INTERVAL))


def check_command(state: BootState, action: str) -> None:
    """Raise ChargerNotAcceptedError when the charger may not take this command yet."""
    if state is BootState.REJECTED:
        raise ChargerNotAcceptedError("The charger's boot was rejected; it takes no commands")
    if state is BootState.PENDING and action in _REMOTE_CONTROL:
        raise ChargerNotAcceptedError(
            "The charger's boot is pending; it may not start or stop charging yet"
        )
