"""From the proxy's JSON to models: tolerant, and what did not change stays the same object."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from custom_components.oye.models import (
    Availability,
    BootState,
    Link,
    Mode,
    Party,
    PauseStrategy,
    Severity,
    Status,
)
from custom_components.oye.parsing import (
    STATUSES,
    InvalidAnswerError,
    parse_charger,
    parse_command_result,
    parse_event,
    parse_issues,
    parse_proxy,
    parse_sessions,
    parse_state,
)
from tests.integration import chargers
from tests.integration.fake_proxy import issue

type Json = dict[str, Any]

PROXY: Json = {
    "version": "0.1.0",
    "apiVersion": 1,
    "instanceId": "i-1",
    "name": "Garage",
    "features": ["tags", 7],
}


def state(*listed: Any, **more: Any) -> Json:
    return {
        "epoch": "e",
        "seq": 0,
        "proxy": PROXY,
        "chargers": list(listed),
        "issues": [],
    } | more


def test_a_proxy_is_read() -> None:
    proxy = parse_proxy(PROXY)

    assert ("i-1", 1, "0.1.0", "Garage") == (
        proxy.instance_id,
        proxy.api_version,
        proxy.version,
        proxy.name,
    )
    assert {"tags"} == proxy.features


@pytest.mark.parametrize("data", [None, [], {}, {"instanceId": "", "apiVersion": 1}])
def test_what_is_no_proxy_is_refused(data: Any) -> None:
    with pytest.raises(InvalidAnswerError):
        parse_proxy(data)


@pytest.mark.parametrize("data", [None, {"epoch": "e", "seq": 0}, {"chargers": []}])
def test_what_is_no_state_is_refused(data: Any) -> None:
    with pytest.raises(InvalidAnswerError):
        parse_state(data)


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


def test_a_connector_is_read_with_its_limits_meter_and_transaction() -> None:
    charger = parse_charger(chargers.charging())
    assert charger is not None
    connector = charger.connectors[1]

    assert Status.CHARGING is connector.status
    assert Availability.OPERATIVE is connector.condition.availability
    assert (10.0, Party.OWNER, True) == (
        connector.limits.session_accepted_a,
        connector.limits.limit_source,
        connector.limits.verified,
    )
    assert connector.transaction is not None
    assert datetime(2026, 11, 21, 11, 30, tzinfo=UTC) == connector.transaction.started_at
    assert ("…2C3D", "Blue card") == (
        connector.transaction.id_tag,
        connector.transaction.id_tag_name,
    )
    voltage = connector.sample("Voltage")
    assert voltage is not None
    assert 234.0 == voltage.phases["L1"]


def test_every_status_has_a_slug_that_home_assistant_does_not_use_itself() -> None:
    """A state `unavailable` or `unknown` would be taken for a dead entity."""
    assert set(Status) == set(STATUSES.values())
    assert {"unavailable", "unknown"}.isdisjoint(Status)


@pytest.mark.parametrize("wire", [*STATUSES, "available", "Occupied", 7])
def test_a_status_that_is_unknown_is_none(wire: Any) -> None:
    charger = parse_charger(chargers.idle(status=wire))

    assert charger is not None
    known = STATUSES.get(wire) if isinstance(wire, str) else None
    assert (Status.AVAILABLE if wire == "available" else known) == charger.condition.status


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"chargePointId": ""}, {"chargePointId": 7}, {"chargePointId": "\ud800"}],
)
def test_a_charger_that_cannot_be_told_from_others_is_left_out(data: Any) -> None:
    parsed = parse_state(state(data, chargers.idle("CP3")))

    assert parse_charger(data) is None
    assert ["CP3"] == list(parsed.chargers)
    assert not parsed.complete


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


@pytest.mark.parametrize("evse_id", [0, -1, None, "1", True])
def test_a_connector_without_a_number_is_left_out(evse_id: Any) -> None:
    charger = parse_charger(chargers.charger("CP1", [chargers.connector(1), {"evseId": evse_id}]))

    assert charger is not None
    assert [1] == list(charger.connectors)


def test_what_did_not_change_is_the_same_object() -> None:
    before = parse_state(state(chargers.two_evses("CP2"), chargers.idle("CP3")))
    same = parse_state(state(chargers.two_evses("CP2"), chargers.idle("CP3")), before)

    assert same.chargers is before.chargers
    assert same.proxy is before.proxy
    assert same.issues is before.issues


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


def test_issues_are_read_without_those_that_have_no_key() -> None:
    read = parse_issues(
        [issue("limit_conflict", "CP1", wished=10), {"key": ""}, 7, {"key": "new", "severity": 1}]
    )

    assert ["limit_conflict", "new"] == [one.key for one in read]
    assert {"wished": 10} == read[0].params
    assert Severity.WARNING is read[1].severity
    assert () == parse_issues(None)


def test_reservations_are_read() -> None:
    data = {"reservationId": 7, "evseId": 1, "idTag": "…2C3D", "until": "2026-11-21T13:00:00Z"}
    charger = parse_charger(chargers.idle(reservations=[data, {"evseId": 1}, None]))

    assert charger is not None
    assert [(7, 1, "…2C3D", datetime(2026, 11, 21, 13, tzinfo=UTC))] == [
        (one.reservation_id, one.number, one.id_tag, one.until) for one in charger.reservations
    ]


def test_an_event_is_read() -> None:
    data = {"event": "boot", "chargePointId": "CP1", "time": "x", "data": {"reason": "PowerUp"}}
    event = parse_event(data)

    assert event is not None
    assert ("boot", "CP1", None, {"reason": "PowerUp"}) == (
        event.event,
        event.charge_point_id,
        event.time,
        event.data,
    )
    assert parse_event({"event": "boot"}) is None


def test_the_result_of_a_command_is_read() -> None:
    result = parse_command_result(
        {
            "status": "sent",
            "messageId": "m",
            "queued": True,
            "accepted": False,
            "response": {"status": "Rejected"},
            "followUps": [{"seqNo": 0}],
            "complete": False,
            "warnings": ["slow"],
        }
    )
    bare = parse_command_result({"status": "sent"})

    assert (False, {"status": "Rejected"}, ({"seqNo": 0},), False) == (
        result.accepted,
        result.response,
        result.follow_ups,
        result.complete,
    )
    assert (None, None, ()) == (bare.accepted, bare.complete, bare.warnings)
    with pytest.raises(InvalidAnswerError):
        parse_command_result({})


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
