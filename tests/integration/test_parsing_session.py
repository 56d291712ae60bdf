"""Recorded transactions, without what cannot be told apart."""

import pytest
from custom_components.oye.parsing_base import InvalidAnswerError
from custom_components.oye.parsing_session import parse_sessions


def test_recorded_sessions_are_read() -> None:
    entry = {"id": 3, "chargePointId": "CP1", "transactionId": "7", "evseId": 1, "energyWh": 5.0}
    page = parse_sessions({"transactions": [entry, {}, None], "nextBefore": 3})

    assert [(3, "CP1", "7", 1, 5.0)] == [
        (one.row, one.charge_point_id, one.transaction_id, one.number, one.energy_wh)
        for one in page.sessions
    ]
    assert 3 == page.next_before
    with pytest.raises(InvalidAnswerError):
        parse_sessions({})
