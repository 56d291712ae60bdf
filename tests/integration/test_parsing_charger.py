"""One charger: no garbage costs it, and what did not change stays the same object."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from custom_components.oye.models import BootState, Link, Mode, PauseStrategy
from custom_components.oye.parsing_charger import parse_charger
from tests.integration import chargers


def test_a_charger_is_read_whole() -> None:
    data = chargers.charging("CP1", name="Garage", csmsUrl="wss://csms.example.com/ocpp")
    charger = parse_charger(data)

    assert charger is not None
    assert ("CP1", "Garage", True) == (charger.charge_point_id, charger.name, charger.connected)
    assert ("TestVendor", "TestModel", "1.0.0") == (
        charger.boot.vendor,
        charger.boot.model,
        charger.boot.firmware_version,
    )
    assert BootState.ACCEPTED is charger.boot.state
    assert (Mode.STANDALONE, (Mode.STANDALONE,), Link.STANDALONE) == (
        charger.mode,
        charger.modes,
        charger.link,
    )
    assert PauseStrategy.LIMIT_ZERO is charger.pause_strategy
    assert "wss://csms.example.com/ocpp" == charger.csms_url


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"chargePointId": ""}, {"chargePointId": 7}, {"chargePointId": "\ud800"}],
)
def test_a_charger_that_cannot_be_told_from_others_is_left_out(data: Any) -> None:
    assert parse_charger(data) is None


def test_a_charger_of_which_nothing_is_known_is_there() -> None:
    charger = parse_charger({"chargePointId": "\x07"})

    assert charger is not None
    assert ("\x07", "?", False) == (charger.charge_point_id, charger.name, charger.connected)
    assert {} == charger.connectors


@pytest.mark.parametrize("garbage", [None, 7, "x", [], {}, [7], {"a": 7}, True])
def test_no_garbage_in_a_member_costs_the_charger(garbage: Any) -> None:
    whole = chargers.charging("CP1")
    for member in whole.keys() - {"chargePointId"}:
        assert parse_charger(whole | {member: garbage}) is not None
    for member in whole["connectors"][0].keys() - {"evseId"}:
        broken = deepcopy(whole)
        broken["connectors"][0][member] = garbage
        read = parse_charger(broken)
        assert read is not None
        assert [1] == list(read.connectors)


def test_only_what_changed_is_another_object() -> None:
    before = parse_charger(chargers.two_evses())
    assert before is not None
    data = chargers.two_evses(lastSeen="2026-11-21T13:00:00Z")
    data["connectors"][0]["powerW"] = 1.0
    after = parse_charger(data, before)
    assert after is not None

    assert after is not before
    assert after.connectors[1] is not before.connectors[1]
    assert after.connectors[2] is before.connectors[2]
    assert after.boot is before.boot
    assert after.limits is before.limits
    assert after.connectors[1].transaction is before.connectors[1].transaction
    assert after.connectors[1].meter.samples is before.connectors[1].meter.samples


def test_reservations_are_read() -> None:
    data = {"reservationId": 7, "evseId": 1, "idTag": "…2C3D", "until": "2026-11-21T13:00:00Z"}
    charger = parse_charger(chargers.idle(reservations=[data, {"evseId": 1}, None]))

    assert charger is not None
    assert [(7, 1, "…2C3D", datetime(2026, 11, 21, 13, tzinfo=UTC))] == [
        (one.reservation_id, one.number, one.id_tag, one.until) for one in charger.reservations
    ]
