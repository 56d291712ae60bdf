from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.ocppj.facts import payloads
from oye_proxy.ocppj.facts.model import ChargerFacts, ReservationFacts
from oye_proxy.ocppj.facts.reservations import (
    on_cancel_answer,
    on_list_answer,
    on_list_version,
    on_reservation_update,
    on_reserve_answer,
)
from oye_proxy.ocppj.facts.state import RESERVATION_LIMIT, State
from oye_proxy.ocppj.facts.transactions import on_start_answer, on_transaction_event

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
UNTIL = NOW + timedelta(days=7)
ACCEPTED = payloads.StatusAnswer(status="Accepted")
REJECTED = payloads.StatusAnswer(status="Rejected")
IN_1_6 = payloads.ReserveNow(
    reservation_id=5, connector_id=1, id_tag="04A1B2C3", expiry_date="2026-11-28T12:00:00Z"
)
IN_2 = payloads.ReserveNow(
    id=5,
    evse_id=1,
    id_token=payloads.IdToken(id_token="04A1B2C3"),
    expiry_date_time="2026-11-28T12:00:00Z",
)


def reserved(request: payloads.ReserveNow = IN_1_6) -> State:
    state = State()
    on_reserve_answer(state, request, ACCEPTED, NOW)
    return state


def ids(state: State, now: datetime = NOW) -> list[int]:
    return [one.reservation_id for one in state.view(now).reservations]


@pytest.mark.parametrize("request_", [IN_1_6, IN_2])
def test_an_accepted_reservation_is_known(request_: payloads.ReserveNow) -> None:
    expected = ReservationFacts(reservation_id=5, evse_id=1, id_tag="04A1B2C3", until=UNTIL)

    assert [expected] == reserved(request_).view(NOW).reservations


@pytest.mark.parametrize("zero", [{"connector_id": 0}, {"evse_id": 0}, {}])
def test_one_for_any_connector_has_none(zero: dict[str, Any]) -> None:
    (reservation,) = reserved(payloads.ReserveNow(id=5, **zero)).view(NOW).reservations

    assert reservation.evse_id is None


def test_a_refused_one_is_none() -> None:
    state = State()
    on_reserve_answer(state, IN_1_6, REJECTED, NOW)
    on_reserve_answer(state, payloads.ReserveNow(reservation_id="x"), ACCEPTED, NOW)

    assert [] == ids(state)


def test_it_ends_with_its_time() -> None:
    state = reserved()

    assert ([5], []) == (ids(state, UNTIL - timedelta(seconds=1)), ids(state, UNTIL))


@pytest.mark.parametrize("answer", [ACCEPTED, REJECTED])
def test_it_ends_when_it_is_cancelled(answer: payloads.StatusAnswer) -> None:
    """A charger that refuses has no such reservation (C16 5.2)."""
    state = reserved()
    on_cancel_answer(state, payloads.Reservation(reservation_id=5), answer, NOW)

    assert [] == ids(state)


def test_it_stays_when_nobody_can_tell() -> None:
    state = reserved()
    on_cancel_answer(state, payloads.Reservation(reservation_id=5), payloads.StatusAnswer(), NOW)
    on_reservation_update(state, payloads.Reservation(reservation_id="all"), NOW)

    assert [5] == ids(state)


def test_it_ends_when_the_charger_says_so() -> None:
    """ReservationStatusUpdate (H04)."""
    state = reserved(IN_2)
    on_reservation_update(state, payloads.Reservation(reservation_id=5), NOW)

    assert [] == ids(state)


def test_it_ends_with_the_transaction_that_uses_it() -> None:
    state = reserved()
    start = payloads.StartTransaction(connector_id=1, id_tag="04A1B2C3", reservation_id=5)
    list(on_start_answer(state, start, payloads.TagAnswer(transaction_id=1), NOW))
    other = reserved(IN_2)
    event = payloads.TransactionEvent(
        event_type="Started",
        evse=payloads.Evse(id=1),
        transaction_info=payloads.TransactionInfo(transaction_id="T"),
        reservation_id=5,
    )
    list(on_transaction_event(other, event, NOW))

    assert ([], []) == (ids(state), ids(other))


def test_reservations_are_bounded_and_survive_a_restart() -> None:
    state = State()
    for number in range(RESERVATION_LIMIT + 3):
        on_reserve_answer(state, payloads.ReserveNow(id=number), ACCEPTED, NOW)
    again = State(state.view(NOW))

    assert list(range(3, RESERVATION_LIMIT + 3)) == ids(again)


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        (payloads.ListVersion(list_version=-1), -1),
        (payloads.ListVersion(version_number=7), 7),
        (payloads.ListVersion(list_version="many"), 3),
        (payloads.ListVersion(), 3),
    ],
)
def test_the_version_of_the_list_is_what_the_charger_told(
    answer: payloads.ListVersion, version: int
) -> None:
    state = State(ChargerFacts(local_list_version=3))
    on_list_version(state, payloads.Payload(), answer, NOW)

    assert version == state.view(NOW).local_list_version


def test_an_accepted_list_has_its_version() -> None:
    state = State()
    on_list_answer(state, payloads.ListVersion(list_version=9), REJECTED, NOW)
    before = state.view(NOW).local_list_version
    on_list_answer(state, payloads.ListVersion(version_number=9), ACCEPTED, NOW)

    assert (None, 9) == (before, state.view(NOW).local_list_version)
