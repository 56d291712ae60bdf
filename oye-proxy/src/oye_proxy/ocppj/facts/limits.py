"""The limit in force, as GetCompositeSchedule's answers and NotifyChargingLimit tell it."""

from datetime import datetime
from typing import Final

from oye_proxy.ocppj.facts import payloads
from oye_proxy.ocppj.facts.model import LimitFacts
from oye_proxy.ocppj.facts.power import NOMINAL_PHASES, at_nominal_voltage, voltage_of
from oye_proxy.ocppj.facts.reader import LIST_LIMIT
from oye_proxy.ocppj.facts.state import Connector, State
from oye_proxy.ocppj.facts.values import integer, moment, number

# 2.x ChargingLimitSource: the operator limits, or something at the charger or its grid.
_OPERATOR_SOURCE: Final = "CSO"


def on_composite_schedule(
    state: State,
    request: payloads.GetCompositeSchedule,
    answer: payloads.CompositeSchedule,
    now: datetime,
) -> None:
    """Take the answer to GetCompositeSchedule; without a schedule there is no limit."""
    asked = request.connector_id if request.evse_id is None else request.evse_id
    connector = state.connector(integer(asked))
    if connector is None or answer.status != "Accepted":
        return
    schedule = answer.schedule or answer.charging_schedule
    if schedule is None:
        connector.change(limit=None)
        return
    start = answer.schedule_start or schedule.schedule_start or schedule.start_schedule
    limit = _limit(connector, schedule, moment(start, now), now)
    connector.change(limit=limit)
    if limit and limit.limit_w is not None:
        in_watts = schedule.charging_rate_unit == "W"
        watts = limit.limit_w
        state.rating.note(
            "composite", watts if in_watts else at_nominal_voltage(watts, connector.samples)
        )


def on_charging_limit(state: State, report: payloads.NotifyChargingLimit, now: datetime) -> None:
    """Take NotifyChargingLimit: another than the CSMS limits the charger (K12)."""
    connector = state.connector(integer(report.evse_id))
    if connector is None:
        return
    source = report.charging_limit.charging_limit_source if report.charging_limit else None
    party = "operator" if source == _OPERATOR_SOURCE else "charger"
    schedules = report.charging_schedule or []
    limit = None
    if schedules:
        start = moment(schedules[0].start_schedule, now)
        limit = _limit(connector, schedules[0], start, now, party)
    connector.change(limit=limit or LimitFacts(limit_source=party, time=now))


def on_cleared_charging_limit(
    state: State, report: payloads.NotifyChargingLimit, _now: datetime
) -> None:
    """Take ClearedChargingLimit (K13)."""
    if connector := state.connector(integer(report.evse_id)):
        connector.change(limit=None)


def _limit(
    connector: Connector,
    schedule: payloads.Schedule,
    start: datetime,
    now: datetime,
    source: str | None = None,
) -> LimitFacts | None:
    """Return the limit of the period that runs now, in A and in W."""
    elapsed = (now - start).total_seconds()
    periods = (schedule.charging_schedule_period or [])[:LIST_LIMIT]
    running = [one for one in periods if (number(one.start_period) or 0.0) <= elapsed]
    period = (running or periods[:1] or [payloads.SchedulePeriod()])[-1]
    limit = number(period.limit)
    if limit is None:
        return None
    # Absent phases mean 3 (C16 7.14, 2.x ChargingSchedulePeriodType).
    phases = max(1, integer(period.number_phases) or NOMINAL_PHASES)
    watts_per_ampere = voltage_of(connector.samples) * phases
    in_watts = schedule.charging_rate_unit == "W"
    return LimitFacts(
        limit_a=round(limit / watts_per_ampere, 1) if in_watts else limit,
        limit_w=limit if in_watts else round(limit * watts_per_ampere, 1),
        limit_source=source,
        time=now,
    )
