"""The connectors of a charger, each with what is its own."""

from datetime import UTC, datetime
from typing import Any

import pytest
from custom_components.oye.models import Status
from custom_components.oye.parsing_connector import parse_connectors
from tests.integration import chargers


def test_a_connector_is_read_with_its_meter_and_transaction() -> None:
    connector = parse_connectors(chargers.charging()["connectors"], {}, {})[1]

    assert (Status.CHARGING, 6871.3) == (connector.status, connector.meter.power_w)
    assert connector.transaction is not None
    assert datetime(2026, 11, 21, 11, 30, tzinfo=UTC) == connector.transaction.started_at
    assert ("…2C3D", "Blue card") == (
        connector.transaction.id_tag,
        connector.transaction.id_tag_name,
    )


def test_a_connector_has_the_limits_told_for_its_number() -> None:
    limits = {"connectors": [{"connectorId": 2, "effectiveLimitA": 8.0}, 7]}
    read = parse_connectors(chargers.two_evses()["connectors"], limits, {})

    assert {1: None, 2: 8.0} == {
        number: one.limits.effective_limit_a for number, one in read.items()
    }


@pytest.mark.parametrize("evse_id", [0, -1, None, "1", True])
def test_a_connector_without_a_number_is_left_out(evse_id: Any) -> None:
    assert [1] == list(parse_connectors([chargers.connector(1), {"evseId": evse_id}], {}, {}))
