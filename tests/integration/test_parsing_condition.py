"""The words of OCPP, and the slugs that they become."""

from typing import Any

import pytest
from custom_components.oye.models import Availability, Status
from custom_components.oye.parsing_condition import STATUSES, parse_condition


def test_every_status_has_a_slug_that_home_assistant_does_not_use_itself() -> None:
    """A state `unavailable` or `unknown` would be taken for a dead entity."""
    assert set(Status) == set(STATUSES.values())
    assert {"unavailable", "unknown"}.isdisjoint(Status)


@pytest.mark.parametrize("wire", [*STATUSES, "available", "Occupied", 7])
def test_a_status_that_is_unknown_is_none(wire: Any) -> None:
    known = STATUSES.get(wire) if isinstance(wire, str) else None
    expected = Status.AVAILABLE if wire == "available" else known

    assert expected == parse_condition({"status": wire}).status


def test_a_condition_is_read() -> None:
    condition = parse_condition(
        {
            "status": "Faulted",
            "errorCode": "GroundFailure",
            "info": "Call the electrician",
            "availability": "operative",
        }
    )

    assert (Status.FAULTED, "GroundFailure", "Call the electrician", Availability.OPERATIVE) == (
        condition.status,
        condition.error_code,
        condition.info,
        condition.availability,
    )
