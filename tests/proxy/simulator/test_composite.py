from typing import Any

import pytest

from oye_proxy.simulator.composite import schedule_period
from oye_proxy.simulator.profiles import Limit


@pytest.mark.parametrize(
    ("limit", "unit", "expected"),
    [
        (Limit(10), "A", {"startPeriod": 5, "limit": 10, "numberPhases": 3}),
        (Limit(10, 1), "W", {"startPeriod": 5, "limit": 2300, "numberPhases": 1}),
    ],
)
def test_a_period_is_written_in_the_wanted_unit(
    limit: Limit, unit: str, expected: dict[str, Any]
) -> None:
    assert expected == schedule_period(5.0, limit, unit, phases=3)
