"""Charging profiles in the words of OCPP 2.0.1 and 2.1."""

from typing import Any

from oye_proxy.simulator.charging import Charging
from oye_proxy.simulator.clock import from_rfc3339, rfc3339
from oye_proxy.simulator.composite import composite_periods
from oye_proxy.simulator.exchange import Payload
from oye_proxy.simulator.profiles import Kind, Period, Profile, Purpose


def read_profile(evse_id: int, payload: Payload) -> Profile | None:
    """Read a ChargingProfile that keeps to its schema; None when it is of a kind not known."""
    try:
        purpose = Purpose(payload["chargingProfilePurpose"])
        kind = Kind(payload["chargingProfileKind"])
    except ValueError:
        return None
    schedule = payload["chargingSchedule"][0]
    return Profile(
        profile_id=payload["id"],
        evse_id=evse_id,
        stack_level=payload["stackLevel"],
        purpose=purpose,
        kind=kind,
        recurrency=payload.get("recurrencyKind"),
        valid_from=_time(payload.get("validFrom")),
        valid_to=_time(payload.get("validTo")),
        transaction_id=payload.get("transactionId"),
        unit=schedule["chargingRateUnit"],
        duration=schedule.get("duration"),
        start_schedule=_time(schedule.get("startSchedule")),
        periods=tuple(
            Period(each["startPeriod"], each.get("limit"), each.get("numberPhases"))
            for each in schedule["chargingSchedulePeriod"]
        ),
        raw=payload,
    )


def refusal_of(profile: Profile, charging: Charging) -> str | None:
    """Return the reason code for which a charger refuses a profile, None when it keeps it (K01)."""
    evse = charging.evse(profile.evse_id)
    if profile.evse_id != 0 and evse is None:
        return "UnknownEvse"
    if profile.periods[0].start != 0 or (
        profile.kind is Kind.RECURRING and profile.start_schedule is None
    ):
        return "InvalidSchedule"
    match profile.purpose:
        case Purpose.MAXIMUM:
            return "InvalidProfile" if profile.evse_id or profile.kind is Kind.RELATIVE else None
        case Purpose.EXTERNAL:
            return "InvalidProfile"
        case Purpose.TRANSACTION_DEFAULT:
            return None
        case Purpose.TRANSACTION:
            running = evse.transaction if evse is not None else None
            if running is None or profile.transaction_id != running.transaction_id:
                return "TxNotFound"
            return None


def composite_schedule(
    charging: Charging, evse_id: int, duration: int, unit: str
) -> dict[str, Any]:
    """Build the answer to GetCompositeSchedule; EVSE 0 is the whole charger."""
    start = charging.now()
    return {
        "status": "Accepted",
        "schedule": {
            "evseId": evse_id,
            "duration": duration,
            "scheduleStart": rfc3339(start),
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": composite_periods(charging, evse_id, start, duration, unit),
        },
    }


def _time(text: str | None) -> Any:
    return None if text is None else from_rfc3339(text)
