"""Charging profiles in the words of OCPP 1.6."""

from typing import Any

from oye_proxy.simulator.charging import Charging
from oye_proxy.simulator.clock import from_rfc3339, rfc3339
from oye_proxy.simulator.composite import composite_periods
from oye_proxy.simulator.evse import Evse
from oye_proxy.simulator.exchange import Payload
from oye_proxy.simulator.profiles import Kind, Period, Profile, Purpose

PERIODS_MAXIMUM = 24
PROFILES_MAXIMUM = 20
STACK_LEVEL_MAXIMUM = 10


def purpose_of(word: str) -> Purpose:
    """Read a purpose; 1.6 says Charge Point where 2.x says Charging Station."""
    return Purpose.MAXIMUM if word == "ChargePointMaxProfile" else Purpose(word)


def read_profile(connector_id: int, payload: Payload) -> Profile:
    """Read a ChargingProfile that keeps to its schema."""
    schedule = payload["chargingSchedule"]
    transaction_id = payload.get("transactionId")
    return Profile(
        profile_id=payload["chargingProfileId"],
        evse_id=connector_id,
        stack_level=payload["stackLevel"],
        purpose=purpose_of(payload["chargingProfilePurpose"]),
        kind=Kind(payload["chargingProfileKind"]),
        recurrency=payload.get("recurrencyKind"),
        valid_from=_time(payload.get("validFrom")),
        valid_to=_time(payload.get("validTo")),
        transaction_id=None if transaction_id is None else str(transaction_id),
        unit=schedule["chargingRateUnit"],
        duration=schedule.get("duration"),
        start_schedule=_time(schedule.get("startSchedule")),
        periods=tuple(
            Period(each["startPeriod"], each["limit"], each.get("numberPhases"))
            for each in schedule["chargingSchedulePeriod"]
        ),
        raw=payload,
    )


def is_acceptable(profile: Profile, evse: Evse | None) -> bool:
    """Whether a charger keeps this profile (C16 3.13.1, 5.16)."""
    if not 0 < len(profile.periods) <= PERIODS_MAXIMUM:
        return False
    if not 0 <= profile.stack_level <= STACK_LEVEL_MAXIMUM or profile.periods[0].start != 0:
        return False
    if profile.kind is Kind.RECURRING and profile.start_schedule is None:
        return False
    match profile.purpose:
        case Purpose.MAXIMUM:
            return profile.evse_id == 0 and profile.kind is not Kind.RELATIVE
        case Purpose.TRANSACTION:
            running = evse.transaction if evse is not None else None
            known = (None, running.transaction_id) if running is not None else ()
            return running is not None and profile.transaction_id in known
        case _:
            return True


def composite_schedule(
    charging: Charging, connector_id: int, duration: int, unit: str
) -> dict[str, Any]:
    """Build the answer to GetCompositeSchedule; connector 0 is the whole charger."""
    start = charging.now()
    return {
        "status": "Accepted",
        "connectorId": connector_id,
        "scheduleStart": rfc3339(start),
        "chargingSchedule": {
            "duration": duration,
            "startSchedule": rfc3339(start),
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": composite_periods(
                charging, connector_id, start, duration, unit
            ),
        },
    }


def _time(text: str | None) -> Any:
    return None if text is None else from_rfc3339(text)
