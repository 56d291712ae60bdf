"""What the profiles of a simulated charger come to, period by period."""

from datetime import datetime

from oye_proxy.simulator.charging import Charging
from oye_proxy.simulator.exchange import Payload
from oye_proxy.simulator.profiles import Limit, Situation
from oye_proxy.simulator.vehicle import NOMINAL_VOLTAGE_V


def composite_periods(
    charging: Charging, evse_id: int, start: datetime, duration: int, unit: str
) -> list[Payload]:
    """Write the composite schedule's periods in the wanted unit; EVSE 0 is the whole charger."""
    evse = charging.evse(evse_id)
    situation = charging.situation(evse) if evse is not None else Situation(0)
    steps = charging.profiles.composite(situation, start, duration, charging.fallback())
    return [schedule_period(seconds, limit, unit, charging.phases) for seconds, limit in steps]


def schedule_period(seconds: float, limit: Limit, unit: str, phases: int) -> Payload:
    """Write one period in the wanted unit."""
    number = limit.phases or phases
    value = limit.current_a if unit == "A" else limit.current_a * NOMINAL_VOLTAGE_V * number
    return {"startPeriod": int(seconds), "limit": round(value, 1), "numberPhases": number}
