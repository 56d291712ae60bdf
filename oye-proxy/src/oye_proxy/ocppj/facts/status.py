"""Status of charger and connectors: the words of 1.6 and 2.x in one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from oye_proxy.ocppj.facts import payloads
from oye_proxy.ocppj.facts.model import Availability, Event, Status, is_fault
from oye_proxy.ocppj.facts.reader import LIST_LIMIT
from oye_proxy.ocppj.facts.state import OUTLET_LIMIT, Connector, State
from oye_proxy.ocppj.facts.values import integer, moment, text
from oye_proxy.ocppj.timestamps import to_text

_STATUSES: Final = {status.value: status for status in Status}

# 2.x ConnectorStatus. Of several connectors of one EVSE, the first here speaks for it.
_OCCUPIED = "Occupied"
_CONNECTOR_STATUSES: Final = (_OCCUPIED, "Reserved", "Available", "Faulted", "Unavailable")

_CHARGING_STATES: Final = {
    "Charging": Status.CHARGING,
    "SuspendedEV": Status.SUSPENDED_EV,
    "SuspendedEVSE": Status.SUSPENDED_EVSE,
    "EVConnected": Status.PREPARING,
}

_UNLOCKED: Final = {
    "Unlocked": True,
    "OngoingAuthorizedTransaction": True,
    "NotSupported": False,
}

_AVAILABILITY: Final = {
    "Operative": Availability.OPERATIVE,
    "Inoperative": Availability.INOPERATIVE,
}


def on_status_1_6(
    state: State, report: payloads.StatusNotification, now: datetime
) -> Iterator[Event]:
    """Take StatusNotification of 1.6."""
    evse_id = integer(report.connector_id)
    if evse_id is None or (connector := state.connector(evse_id, 1)) is None:
        return
    before = _fault_of(connector)
    connector.change(
        error_code=text(report.error_code),
        vendor_error_code=text(report.vendor_error_code),
        vendor_id=text(report.vendor_id),
        info=text(report.info),
    )
    if status := _STATUSES.get(str(report.status)):
        connector.set_status(status, moment(report.timestamp, now))
        _derive_availability(connector)
    yield from _fault_news(connector, before)


def on_status_2(
    state: State, report: payloads.StatusNotification, now: datetime
) -> Iterator[Event]:
    """Take StatusNotification of 2.x."""
    yield from _connector_status(
        state,
        integer(report.evse_id),
        integer(report.connector_id),
        str(report.connector_status),
        moment(report.timestamp, now),
    )


def on_event(state: State, report: payloads.NotifyEvent, now: datetime) -> Iterator[Event]:
    """Take NotifyEvent: AvailabilityState counts as a status (G01.FR.03), Problem as an error."""
    for data in (report.event_data or ())[:LIST_LIMIT]:
        component = data.component or payloads.Component()
        evse = component.evse or payloads.Evse()
        evse_id = integer(evse.id) or 0
        variable = data.variable.name if data.variable else None
        if variable == "AvailabilityState":
            status, time = str(data.actual_value), moment(data.timestamp, now)
            connector_id = integer(evse.connector_id)
            yield from _connector_status(state, evse_id, connector_id, status, time)
        elif variable == "Problem" or (data.trigger == "Alerting" and data.tech_code):
            yield from _problem(state.connector(evse_id), data)


def on_availability_changed(
    state: State,
    request: payloads.ChangeAvailability,
    answer: payloads.StatusAnswer,
    _now: datetime,
) -> None:
    """Take an accepted ChangeAvailability; what is scheduled shows in a later status."""
    availability = _AVAILABILITY.get(str(request.operational_status or request.type))
    if answer.status == "Accepted" and availability:
        evse_id = integer(request.evse.id if request.evse else request.connector_id)
        for connector in (
            [found for found in [state.connector(evse_id)] if found]
            if evse_id
            else state.everywhere()
        ):
            connector.change(availability=availability)


def on_unlock_answer(
    state: State,
    request: payloads.UnlockConnector,
    answer: payloads.StatusAnswer,
    _now: datetime,
) -> None:
    """Learn whether there is a cable to unlock: an attached one is `NotSupported` (C16 7.46)."""
    socket = _UNLOCKED.get(str(answer.status))
    evse_id = integer(request.connector_id if request.evse_id is None else request.evse_id)
    connector = state.connectors.get(evse_id) if evse_id else None
    if socket is not None and connector is not None:
        connector.change(socket=socket)


def unify(connector: Connector, time: datetime) -> None:
    """Derive the status of a 2.x EVSE from those of its connectors and the charging state."""
    transaction = connector.transaction
    known = [item for item in connector.outlets.items() if item[1] in _CONNECTOR_STATUSES]
    if known:
        connector_id, word = min(known, key=lambda item: _CONNECTOR_STATUSES.index(item[1]))
        connector.change(connector_id=connector_id or connector.facts.connector_id)
    else:
        word = _OCCUPIED if transaction or connector.ended else ""
    by_state = _CHARGING_STATES.get(transaction.charging_state or "") if transaction else None
    if word == "Available" and by_state and connector.state_is_newer:
        word = _OCCUPIED
    if word != _OCCUPIED:
        connector.ended = False
        status = Status(word) if word else None
    elif transaction:
        status = by_state or Status.PREPARING
    else:
        status = Status.FINISHING if connector.ended else Status.PREPARING
    if status:
        connector.set_status(status, time)


def _connector_status(
    state: State, evse_id: int | None, connector_id: int | None, word: str, time: datetime
) -> Iterator[Event]:
    if evse_id is None or word not in _CONNECTOR_STATUSES:
        return
    connector = state.connector(evse_id, connector_id)
    outlet = connector_id or 0
    if connector is None or not (
        outlet in connector.outlets or len(connector.outlets) < OUTLET_LIMIT
    ):
        return
    before = _fault_of(connector)
    if outlet == 0 and evse_id:
        connector.outlets.clear()  # a word on the EVSE holds for all its connectors
    else:
        connector.outlets.pop(0, None)
    connector.outlets[outlet] = word
    connector.state_is_newer = False
    unify(connector, time)
    _derive_availability(connector)
    yield from _fault_news(connector, before)


def _problem(connector: Connector | None, data: payloads.EventData) -> Iterator[Event]:
    if connector is None:
        return
    before = _fault_of(connector)
    over = data.cleared is True or str(data.actual_value).lower() == "false"
    connector.change(
        error_code=None if over else text(data.tech_code) or "Problem",
        info=None if over else text(data.tech_info),
    )
    yield from _fault_news(connector, before)


def _derive_availability(connector: Connector) -> None:
    """Only `Unavailable` tells that it is inoperative; a fault tells nothing."""
    status = connector.facts.status
    if status is Status.UNAVAILABLE:
        connector.change(availability=Availability.INOPERATIVE)
    elif status is not Status.FAULTED:
        connector.change(availability=Availability.OPERATIVE)


def _fault_of(connector: Connector) -> tuple[bool, str | None]:
    facts = connector.facts
    faulted = is_fault(facts.status, facts.error_code)
    return faulted, facts.error_code if faulted else None


def _fault_news(connector: Connector, before: tuple[bool, str | None]) -> Iterator[Event]:
    """Tell a fault once, and again when its code changes."""
    facts = connector.facts
    after = _fault_of(connector)
    if after[0] and after != before:
        yield Event(
            "fault",
            {
                "evseId": facts.evse_id or None,
                "connectorId": facts.connector_id,
                "status": facts.status,
                "errorCode": facts.error_code,
                "vendorErrorCode": facts.vendor_error_code,
                "vendorId": facts.vendor_id,
                "info": facts.info,
                "since": to_text(facts.status_since) if facts.status_since else None,
            },
        )
