from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.ocppj.facts.model import Availability, Event, Status, TransactionFacts
from oye_proxy.ocppj.facts.payloads import (
    ChangeAvailability,
    Component,
    EventData,
    Evse,
    NotifyEvent,
    StatusAnswer,
    StatusNotification,
    UnlockConnector,
    Variable,
)
from oye_proxy.ocppj.facts.state import Connector, State
from oye_proxy.ocppj.facts.status import (
    on_availability_changed,
    on_event,
    on_status_1_6,
    on_status_2,
    on_unlock_answer,
    unify,
)

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def one(state: State, evse_id: int = 1) -> Connector:
    connector = state.connector(evse_id)
    assert connector is not None
    return connector


def says_1_6(state: State, connector_id: Any, status: Any, error: Any = "NoError") -> list[Event]:
    report = StatusNotification(connector_id=connector_id, status=status, error_code=error)
    return list(on_status_1_6(state, report, NOW))


def says_2(state: State, evse_id: Any, connector_id: Any, status: Any) -> list[Event]:
    report = StatusNotification(evse_id=evse_id, connector_id=connector_id, connector_status=status)
    return list(on_status_2(state, report, NOW))


@pytest.mark.parametrize("status", list(Status))
def test_1_6_has_the_nine_statuses(status: Status) -> None:
    """C16 7.7."""
    state = State()
    says_1_6(state, 1, status.value)

    assert (status, NOW, 1) == (
        one(state).facts.status,
        one(state).facts.status_since,
        one(state).facts.connector_id,
    )


def test_connector_0_is_the_charger() -> None:
    state = State()
    says_1_6(state, 0, "Unavailable")
    view = state.view(NOW)

    assert (Status.UNAVAILABLE, Availability.INOPERATIVE, []) == (
        view.status,
        view.availability,
        view.connectors,
    )


def test_a_status_that_is_none_changes_none() -> None:
    state = State()
    says_1_6(state, 1, "Charging")
    for status in ("Occupied", None, 5):
        says_1_6(state, 1, status)
    says_1_6(state, None, "Available")
    says_1_6(state, -5, "Available")

    assert Status.CHARGING is one(state).facts.status


def test_a_fault_is_told_once_and_again_with_another_code() -> None:
    state = State()
    first = says_1_6(state, 1, "Faulted", "GroundFailure")
    assert [
        Event(
            "fault",
            {
                "evseId": 1,
                "connectorId": 1,
                "status": "Faulted",
                "errorCode": "GroundFailure",
                "vendorErrorCode": None,
                "vendorId": None,
                "info": None,
                "since": "2026-05-04T18:00:00.000Z",
            },
        )
    ] == first
    assert [] == says_1_6(state, 1, "Faulted", "GroundFailure")
    assert 1 == len(says_1_6(state, 1, "Faulted", "OverVoltage"))
    assert state.view(NOW).fault
    assert [] == says_1_6(state, 1, "Available")
    assert not state.view(NOW).fault
    assert 1 == len(says_1_6(state, 1, "Charging", "WeakSignal"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Available"], (Status.AVAILABLE, 1)),
        (["Reserved"], (Status.RESERVED, 1)),
        (["Unavailable"], (Status.UNAVAILABLE, 1)),
        (["Faulted"], (Status.FAULTED, 1)),
        (["Occupied"], (Status.PREPARING, 1)),
        (["Available", "Occupied"], (Status.PREPARING, 2)),
        (["Faulted", "Available"], (Status.AVAILABLE, 2)),
        (["Unavailable", "Faulted"], (Status.FAULTED, 2)),
    ],
)
def test_2_x_status_without_transaction(words: list[str], expected: tuple[Status, int]) -> None:
    """An EVSE serves one car at a time: the connector in use speaks for it."""
    state = State()
    for connector_id, word in enumerate(words, start=1):
        says_2(state, 1, connector_id, word)

    assert expected == (one(state).facts.status, one(state).facts.connector_id)


@pytest.mark.parametrize(
    ("charging_state", "expected"),
    [
        ("Charging", Status.CHARGING),
        ("SuspendedEV", Status.SUSPENDED_EV),
        ("SuspendedEVSE", Status.SUSPENDED_EVSE),
        ("EVConnected", Status.PREPARING),
        ("Idle", Status.PREPARING),
        (None, Status.PREPARING),
    ],
)
def test_2_x_occupied_is_told_by_the_charging_state(
    charging_state: str | None, expected: Status
) -> None:
    state = State()
    one(state).change(
        transaction=TransactionFacts(transaction_id="a", charging_state=charging_state)
    )
    says_2(state, 1, 1, "Occupied")

    assert expected is one(state).facts.status


def test_the_newer_of_status_and_charging_state_counts() -> None:
    """TransactionEvent may overtake StatusNotification, and a lost Ended must not stay for ever."""
    state = State()
    says_2(state, 1, 1, "Available")
    connector = one(state)
    connector.change(transaction=TransactionFacts(transaction_id="a", charging_state="Charging"))
    connector.state_is_newer = True
    unify(connector, NOW)
    assert Status.CHARGING is state.view(NOW).connectors[0].status

    says_2(state, 1, 1, "Available")
    assert Status.AVAILABLE is state.view(NOW).connectors[0].status


def test_2_x_finishing_until_the_car_leaves() -> None:
    state = State()
    says_2(state, 1, 1, "Occupied")
    one(state).ended = True
    unify(one(state), NOW)
    assert Status.FINISHING is one(state).facts.status
    says_2(state, 1, 1, "Available")
    says_2(state, 1, 1, "Occupied")
    assert Status.PREPARING is one(state).facts.status


def test_2_x_transaction_without_any_status() -> None:
    """2.1 need not send StatusNotification: the transaction alone tells."""
    state = State()
    unify(one(state), NOW)
    assert one(state).facts.status is None
    one(state).change(transaction=TransactionFacts(transaction_id="a", charging_state="Charging"))
    unify(one(state), NOW)

    assert Status.CHARGING is one(state).facts.status


def event_data(variable: str, value: Any, evse: Evse | None = None, **more: Any) -> NotifyEvent:
    data = EventData(
        actual_value=value,
        component=Component(name="Connector", evse=evse),
        variable=Variable(name=variable),
        **more,
    )
    return NotifyEvent(event_data=[data])


def test_availability_state_counts_as_a_status() -> None:
    """G01.FR.03."""
    state = State()
    evse = Evse(id=2, connector_id=1)
    list(on_event(state, event_data("AvailabilityState", "Reserved", evse), NOW))
    list(on_event(state, event_data("AvailabilityState", "Unavailable"), NOW))

    assert (Status.RESERVED, Status.UNAVAILABLE) == (
        one(state, 2).facts.status,
        state.view(NOW).status,
    )


def test_a_word_on_the_evse_replaces_those_on_its_connectors() -> None:
    state = State()
    says_2(state, 1, 1, "Occupied")
    list(on_event(state, event_data("AvailabilityState", "Available", Evse(id=1)), NOW))
    assert Status.AVAILABLE is one(state).facts.status
    says_2(state, 1, 1, "Unavailable")
    assert Status.UNAVAILABLE is one(state).facts.status


def test_problems_of_2_x() -> None:
    """`Problem`, or an alert with a techCode, until it is cleared."""
    state = State()
    evse = Evse(id=1)
    raised = list(on_event(state, event_data("Problem", "true", evse, tech_code="E7"), NOW))
    assert ["E7"] == [event.data["errorCode"] for event in raised]
    list(on_event(state, event_data("Problem", "false", evse), NOW))
    assert one(state).facts.error_code is None

    alert = event_data("Temperature", "91", trigger="Alerting", tech_code="HOT", tech_info="fan")
    assert [None] == [event.data["evseId"] for event in on_event(state, alert, NOW)]
    assert ("HOT", "fan") == (state.view(NOW).error_code, state.view(NOW).info)
    alert = event_data("Temperature", "60", trigger="Alerting", tech_code="HOT", cleared=True)
    assert [] == list(on_event(state, alert, NOW))
    assert not state.view(NOW).fault

    assert [] == list(on_event(state, event_data("Power", "1", evse), NOW))
    assert [] == list(on_event(state, event_data("Problem", "true", Evse(id=-1)), NOW))


def test_2_x_statuses_are_bounded() -> None:
    state = State()
    for number in range(1, 90):
        says_2(state, 1, number, "Available")
    for evse_id, word in ((None, "Available"), (1, "Odd"), (-1, "Available")):
        assert [] == says_2(state, evse_id, 1, word)

    assert 16 == len(one(state).outlets)


@pytest.mark.parametrize(
    ("request_", "status", "expected"),
    [
        (ChangeAvailability(connector_id=1, type="Inoperative"), "Accepted", ["inoperative", None]),
        (ChangeAvailability(connector_id=1, type="Inoperative"), "Scheduled", [None, None]),
        (ChangeAvailability(connector_id=0, type="Operative"), "Accepted", ["operative"] * 2),
        (ChangeAvailability(operational_status="Inoperative"), "Accepted", ["inoperative"] * 2),
        (
            ChangeAvailability(evse=Evse(id=2), operational_status="Inoperative"),
            "Accepted",
            [None, "inoperative"],
        ),
        (
            ChangeAvailability(evse=Evse(id=-2), operational_status="Operative"),
            "Accepted",
            [None] * 2,
        ),
        (ChangeAvailability(connector_id=1, type="Odd"), "Accepted", [None, None]),
    ],
)
def test_change_availability(
    request_: ChangeAvailability, status: str, expected: list[str | None]
) -> None:
    """Number 0 and a missing EVSE mean the charger with all it has (C16 5.2, G03)."""
    state = State()
    one(state, 1)
    one(state, 2)
    on_availability_changed(state, request_, StatusAnswer(status=status), NOW)

    assert expected == [found.availability for found in state.view(NOW).connectors]


@pytest.mark.parametrize(
    ("answer", "socket"),
    [("Unlocked", True), ("NotSupported", False), ("UnlockFailed", None), ("Odd", None)],
)
def test_an_unlock_tells_whether_there_is_a_socket(answer: str, *, socket: bool | None) -> None:
    """`NotSupported` is the answer of an attached cable (C16 7.46)."""
    state = State()
    one(state, 1)
    for request in (UnlockConnector(connector_id=1), UnlockConnector(evse_id=9)):
        on_unlock_answer(state, request, StatusAnswer(status=answer), NOW)

    assert [socket] == [found.socket for found in state.view(NOW).connectors]


def test_a_status_tells_the_availability_but_a_fault_does_not() -> None:
    state = State()
    says_1_6(state, 1, "Unavailable")
    says_1_6(state, 1, "Faulted")
    assert Availability.INOPERATIVE is one(state).facts.availability
    says_1_6(state, 1, "Available")
    assert Availability.OPERATIVE is one(state).facts.availability
