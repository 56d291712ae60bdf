"""What passes about tags in the charger: its reservations, and the version of its local list."""

from datetime import datetime

from oye_proxy.ocppj.facts import payloads
from oye_proxy.ocppj.facts.authorization import id_tag_of
from oye_proxy.ocppj.facts.model import ReservationFacts
from oye_proxy.ocppj.facts.state import State
from oye_proxy.ocppj.facts.values import integer, text
from oye_proxy.ocppj.timestamps import from_text


def on_reserve_answer(
    state: State, request: payloads.ReserveNow, answer: payloads.StatusAnswer, now: datetime
) -> None:
    """Take an accepted ReserveNow; the same id replaces (C16 5.13, H01.FR.02)."""
    reservation_id = integer(
        request.id if request.reservation_id is None else request.reservation_id
    )
    if answer.status != "Accepted" or reservation_id is None:
        return
    evse_id = integer(request.connector_id if request.evse_id is None else request.evse_id)
    until = request.expiry_date or request.expiry_date_time
    state.reservations[reservation_id] = ReservationFacts(
        reservation_id=reservation_id,
        evse_id=evse_id or None,
        id_tag=text(request.id_tag) or id_tag_of(request.id_token),
        until=from_text(until),
    )
    state.forget_old_reservations(now)


def on_cancel_answer(
    state: State, request: payloads.Reservation, answer: payloads.StatusAnswer, _now: datetime
) -> None:
    """Take CancelReservation; a charger that refuses does not know the reservation either."""
    if answer.status in ("Accepted", "Rejected"):
        state.end_reservation(integer(request.reservation_id))


def on_reservation_update(state: State, report: payloads.Reservation, _now: datetime) -> None:
    """Take ReservationStatusUpdate: it expired or was removed."""
    state.end_reservation(integer(report.reservation_id))


def on_list_version(
    state: State, _request: payloads.Payload, answer: payloads.ListVersion, _now: datetime
) -> None:
    """Take the answer to GetLocalListVersion."""
    told = answer.list_version if answer.version_number is None else answer.version_number
    version = integer(told)
    if version is not None:
        state.change(local_list_version=version)


def on_list_answer(
    state: State, request: payloads.ListVersion, answer: payloads.StatusAnswer, now: datetime
) -> None:
    """Take an accepted SendLocalList."""
    if answer.status == "Accepted":
        on_list_version(state, payloads.Payload(), request, now)
