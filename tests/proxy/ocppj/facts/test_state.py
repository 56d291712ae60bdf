from datetime import UTC, datetime, timedelta

from oye_proxy.ocppj.facts.model import (
    ENERGY,
    POWER,
    ConnectorFacts,
    SampleFacts,
    Status,
    TransactionFacts,
)
from oye_proxy.ocppj.facts.state import CONNECTOR_LIMIT, MEASURAND_LIMIT, Connector, State

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def test_connectors_appear_when_they_are_named() -> None:
    state = State()
    connector = state.connector(2, 1)

    assert connector is state.connector(2)
    assert state.whole is state.connector(0)
    assert state.whole is state.connector(None)
    assert state.connector(-1) is None
    assert (2, [2]) == (
        state.view(NOW).connector_count,
        [one.evse_id for one in state.view(NOW).connectors],
    )


def test_the_connector_in_use_becomes_known_later() -> None:
    state = State()
    state.connector(1)
    state.connector(1, 2)

    assert [2] == [one.connector_id for one in state.view(NOW).connectors]


def test_connectors_are_bounded_and_their_count_is_plausible() -> None:
    state = State()
    state.connector(100_000)
    assert 1 == state.view(NOW).connector_count

    for number in range(1, CONNECTOR_LIMIT + 9):
        state.connector(number)
    assert CONNECTOR_LIMIT == len(state.view(NOW).connectors)


def test_the_count_does_not_fall() -> None:
    state = State()
    state.count(4)
    state.count(2)
    state.count(None)
    state.connector(1)

    assert 4 == state.view(NOW).connector_count


def test_the_only_connector() -> None:
    state = State()
    assert state.only_connector is None
    one = state.connector(1)
    assert one is state.only_connector
    state.count(2)
    assert state.only_connector is None


def test_flow_ends_with_charging_until_a_newer_sample() -> None:
    """Else the last 7 kW stay in the power flow for ever."""
    connector = Connector(ConnectorFacts(evse_id=1))
    connector.set_status(Status.CHARGING, NOW)
    connector.take([(POWER, SampleFacts(7000.0, NOW))], NOW)
    assert 7000.0 == connector.view(NOW).power_w

    connector.set_status(Status.SUSPENDED_EVSE, LATER)
    connector.take([("SoC", SampleFacts(80.0, LATER))], LATER)
    assert 0.0 == connector.view(LATER).power_w
    connector.take([(POWER, SampleFacts(50.0, LATER))], LATER)
    assert 50.0 == connector.view(LATER).power_w

    connector.set_status(Status.AVAILABLE, LATER)
    connector.take([(POWER, SampleFacts(3.0, LATER))], LATER)
    assert 0.0 == connector.view(LATER).power_w, "nothing flows without a car"


def test_a_repeated_status_is_as_old_as_the_first() -> None:
    connector = Connector(ConnectorFacts(evse_id=1))
    connector.set_status(Status.CHARGING, NOW)
    connector.set_status(Status.CHARGING, LATER)

    assert NOW == connector.view(LATER).status_since


def test_plugged_by_status() -> None:
    """OYE's status table: an inoperative or faulted connector does not tell."""
    expected = {
        Status.AVAILABLE: False,
        Status.PREPARING: True,
        Status.CHARGING: True,
        Status.SUSPENDED_EVSE: True,
        Status.SUSPENDED_EV: True,
        Status.FINISHING: True,
        Status.RESERVED: False,
        Status.UNAVAILABLE: None,
        Status.FAULTED: None,
    }
    shown = {
        status: Connector(ConnectorFacts(evse_id=1, status=status)).view(NOW).plugged
        for status in Status
    }

    assert expected == shown


def test_measurands_are_bounded() -> None:
    connector = Connector(ConnectorFacts(evse_id=1))
    connector.take([(f"M{n}", SampleFacts(1.0, NOW)) for n in range(MEASURAND_LIMIT + 9)], NOW)
    assert MEASURAND_LIMIT == len(connector.samples)

    assert {"M0"} == connector.take(
        [("M0", SampleFacts(2.0, NOW)), ("X", SampleFacts(2.0, NOW))], NOW
    )


def test_a_transaction_is_found_and_changed() -> None:
    state = State()
    connector = state.connector(3)
    assert connector is not None
    connector.change_transaction(reason="none is open")
    assert state.with_transaction("7") is None

    connector.change(transaction=TransactionFacts(transaction_id="7"))
    connector.change_transaction(charging_state="Charging")

    assert connector is state.with_transaction("7")
    assert TransactionFacts(transaction_id="7", charging_state="Charging") == connector.transaction


def test_state_lives_on_in_its_view() -> None:
    state = State()
    state.whole.set_status(Status.AVAILABLE, NOW)
    state.whole.take([("Voltage", SampleFacts(230.0, NOW))], NOW)
    connector = state.connector(2, 1)
    assert connector is not None
    connector.take([(ENERGY, SampleFacts(5.0, NOW))], NOW)
    connector.set_status(Status.FINISHING, NOW)
    connector.change(last_transaction=TransactionFacts(transaction_id="7"))
    state.rating.note("power_offered", 11000.0)

    again = State(state.view(NOW))

    assert state.view(NOW) == again.view(NOW)
    assert ["7"] == list(again.ended_ids)
    assert again.connectors[2].ended


def test_another_charger_under_the_same_id_starts_anew() -> None:
    state = State()
    connector = state.connector(2, 1)
    assert connector is not None
    connector.change(transaction=TransactionFacts(transaction_id="7"))
    state.forget_connectors()

    assert State().view(NOW) == state.view(NOW)
