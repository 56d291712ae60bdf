"""Limits, wished, accepted, told and in force, from the proxy's JSON to models."""

from collections.abc import Mapping
from typing import Any

from .models import ConnectorLimits, Limits, Party, ToldLimit
from .reading import flag, integer, member, moment, number, text


def parse_told_limit(data: Any) -> ToldLimit | None:
    """Read a limit that the charger told; None when it told none."""
    if not isinstance(data, dict):
        return None
    return ToldLimit(
        limit_a=number(data.get("limitA")),
        limit_w=number(data.get("limitW")),
        limit_source=text(data.get("limitSource")),
        time=moment(data.get("time")),
    )


def parse_charger_limits(data: Mapping[str, Any]) -> Limits:
    """Read the limits on the whole charger."""
    return Limits(
        max_current_a=number(data.get("maxCurrentA")),
        max_current_accepted_a=number(data.get("maxCurrentAcceptedA")),
        conflict=text(data.get("conflict")),
        **_in_force(data),
    )


def parse_connector_limits(data: Mapping[str, Any]) -> ConnectorLimits:
    """Read the limits on one connector."""
    return ConnectorLimits(
        session_limit_a=number(data.get("sessionLimitA")),
        session_accepted_a=number(data.get("sessionAcceptedA")),
        session_phases=integer(data.get("sessionPhases")),
        session_until=moment(data.get("sessionUntil")),
        **_in_force(data),
    )


def _in_force(data: Mapping[str, Any]) -> dict[str, Any]:
    verified = data.get("verified")
    return {
        "effective_limit_a": number(data.get("effectiveLimitA")),
        "limit_source": member(Party, data.get("limitSource")),
        "verified": verified if isinstance(verified, bool) else None,
        "default_limit_a": number(data.get("defaultLimitA")),
        "default_accepted_a": number(data.get("defaultAcceptedA")),
        "paused": flag(data.get("paused")),
        "paused_by": member(Party, data.get("pausedBy")),
    }
