"""
The CALLs by which the owner's limits reach the charger.

Each profile is `Absolute` (the cap may not be `Relative`: K01.FR.38), or `Recurring` where the
charger repeats it, with a start in the past, so that it holds at once although clocks differ
(K01.FR.40), and its first period at 0 (C16-E 3.70).
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.profiles.ids import LimitScope, Purpose, Slot, purpose_to
from oye_proxy.ocppj.profiles.plan import Plan, Step
from oye_proxy.ocppj.profiles.table import RECURRENCY_KINDS
from oye_proxy.ocppj.timestamps import to_text
from oye_proxy.ocppj.versions import OcppVersion

Message: TypeAlias = tuple[str, dict[str, Any]]

HEAD_START: Final = timedelta(minutes=1)

_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")


def set_limit(version: OcppVersion, slot: Slot, plan: Plan, now: datetime) -> Message:
    """Build the SetChargingProfile for a slot; a session's plan bears the transaction's id."""
    profile = _profile(version, slot, plan, now)
    if plan.transaction_id is not None:
        profile["transactionId"] = transaction_id_for(version, plan.transaction_id)
    if version.is_1_6:
        payload = {"connectorId": slot.connector_id, "csChargingProfiles": profile}
    else:
        payload = {"evseId": slot.connector_id, "chargingProfile": profile}
    return "SetChargingProfile", payload


def start_profile(
    version: OcppVersion, connector_id: int, plan: Plan, now: datetime
) -> dict[str, Any]:
    """Build the TxProfile within a remote start, without a transaction (C16-E 3.41, F02.FR.19)."""
    return _profile(version, Slot(LimitScope.SESSION, connector_id), plan, now)


def clear_limits(version: OcppVersion, profile_ids: Iterable[int]) -> list[Message]:
    """Build one ClearChargingProfile per id: one without an id would clear the CSMS's too."""
    key = "id" if version.is_1_6 else "chargingProfileId"
    return [("ClearChargingProfile", {key: profile_id}) for profile_id in profile_ids]


def stop_transaction(version: OcppVersion, transaction_id: str) -> Message:
    """Build the remote stop of a transaction, by the id that the charger knows."""
    action = "RemoteStopTransaction" if version.is_1_6 else "RequestStopTransaction"
    return action, {"transactionId": transaction_id_for(version, transaction_id)}


def transaction_id_for(version: OcppVersion, transaction_id: str) -> int | str:
    """Write a transaction id as the version has it: a number in 1.6, a string in 2.x."""
    if not version.is_1_6:
        return transaction_id
    if not _WHOLE_NUMBER.fullmatch(transaction_id):
        raise InvalidRequestError("A transaction id of OCPP 1.6 is a whole number.")
    return int(transaction_id)


def _profile(version: OcppVersion, slot: Slot, plan: Plan, now: datetime) -> dict[str, Any]:
    start = _start(plan, now)
    schedule: dict[str, Any] = {
        "startSchedule": to_text(start),
        "chargingRateUnit": plan.unit.value,
        "chargingSchedulePeriod": [_period(step, start) for step in plan.steps],
    }
    profile = {
        "chargingProfileId" if version.is_1_6 else "id": slot.profile_id,
        "stackLevel": plan.stack_level,
        "chargingProfilePurpose": purpose_to(version, Purpose[slot.scope.name]),
        "chargingProfileKind": "Absolute",
    }
    if plan.interval is not None:
        start -= _lead(start, plan.interval, now)
        schedule |= {"startSchedule": to_text(start), "duration": plan.interval}
        kind = RECURRENCY_KINDS[plan.interval]
        profile |= {"chargingProfileKind": "Recurring", "recurrencyKind": kind}
    if version.is_1_6:
        return profile | {"chargingSchedule": schedule}
    return profile | {"chargingSchedule": [{"id": slot.profile_id, **schedule}]}


def _start(plan: Plan, now: datetime) -> datetime:
    first = plan.steps[0].at
    if plan.interval is None or first is None:
        return (now - HEAD_START).replace(microsecond=0)
    return first


def _lead(start: datetime, interval: int, now: datetime) -> timedelta:
    """Return by how much a turn begins earlier so that it runs although clocks differ."""
    return timedelta(seconds=interval) if now - start < HEAD_START else timedelta()


def _period(step: Step, start: datetime) -> dict[str, Any]:
    offset = 0 if step.at is None else int((step.at - start).total_seconds())
    period: dict[str, Any] = {"startPeriod": offset, "limit": step.limit}
    return period if step.phases is None else period | {"numberPhases": step.phases}
