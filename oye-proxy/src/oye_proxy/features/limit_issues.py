"""The issue of a charger whose limits cannot be had, or wear its memory out."""

from datetime import datetime

from oye_proxy.hub.issues import IssueBoard, IssueKey
from oye_proxy.ocppj.profiles.wishes import Agenda


def tell_trouble(
    issues: IssueBoard, charge_point_id: str, agenda: Agenda, now: datetime, *, wears: bool
) -> None:
    """Raise the issue with its reason, or withdraw it when there is none any more."""
    if agenda.conflicts:
        slot, conflict = agenda.conflicts[0]
        issues.report(
            IssueKey.LIMIT_CONFLICT,
            charge_point_id,
            now,
            reason=conflict.reason,
            scope=slot.scope.value,
            connectorId=slot.connector_id,
        )
    elif wears:
        issues.report(
            IssueKey.LIMIT_CONFLICT,
            charge_point_id,
            now,
            reason="Lasting limits change so often that the charger's memory wears out.",
        )
    else:
        issues.withdraw(IssueKey.LIMIT_CONFLICT, charge_point_id)
