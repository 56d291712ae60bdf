"""Limits: wished, accepted, told by the charger and in force."""

from datetime import UTC, datetime
from typing import Any

import pytest
from custom_components.oye.models import Party
from custom_components.oye.parsing_limits import (
    parse_charger_limits,
    parse_connector_limits,
    parse_told_limit,
)
from tests.integration import chargers


def test_the_limits_on_a_connector_are_read() -> None:
    limits = parse_connector_limits(chargers.charging()["limits"]["connectors"][0])

    assert (10.0, 10.0, Party.OWNER, True, False) == (
        limits.session_accepted_a,
        limits.effective_limit_a,
        limits.limit_source,
        limits.verified,
        limits.paused,
    )


def test_the_limits_on_a_charger_are_read() -> None:
    limits = parse_charger_limits({"maxCurrentA": 32, "conflict": "No level is left."})

    assert (32.0, None, "No level is left.") == (
        limits.max_current_a,
        limits.max_current_accepted_a,
        limits.conflict,
    )


@pytest.mark.parametrize(
    ("told", "known"),
    [("owner", Party.OWNER), ("csms", Party.CSMS), ("the car", None), (7, None), (None, None)],
)
def test_who_pauses_is_read(told: Any, known: Party | None) -> None:
    """On a connector and on the whole charger; an older proxy does not tell it."""
    assert known is parse_connector_limits({"pausedBy": told}).paused_by
    assert known is parse_charger_limits({"pausedBy": told}).paused_by
    assert parse_connector_limits({"paused": True}).paused_by is None


def test_what_the_charger_told_is_read() -> None:
    told = parse_told_limit({"limitA": 10.0, "limitSource": "EMS", "time": "2026-11-21T12:00:00Z"})

    assert told is not None
    assert (10.0, None, "EMS", datetime(2026, 11, 21, 12, tzinfo=UTC)) == (
        told.limit_a,
        told.limit_w,
        told.limit_source,
        told.time,
    )


@pytest.mark.parametrize("data", [None, 7, "x", []])
def test_a_charger_may_tell_no_limit(data: Any) -> None:
    assert parse_told_limit(data) is None
