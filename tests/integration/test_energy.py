"""What the guards of the energy register promise, as sequences of readings."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from custom_components.oye.energy import (
    GuardState,
    RegisterMode,
    RegisterSample,
    flow_value,
    guarded,
    restored,
    samples_of,
    session_energy,
)
from custom_components.oye.models import (
    Condition,
    Connector,
    Meter,
    Sample,
    Status,
    Transaction,
)

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
ENERGY = "Energy.Active.Import.Register"
POWER = "Power.Active.Import"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def sample(
    seconds: float,
    value: float,
    transaction_id: str | None = None,
    meter_start: float | None = None,
    **more: Any,
) -> RegisterSample:
    made = RegisterSample(
        value=value, time=at(seconds), transaction_id=transaction_id, meter_start=meter_start
    )
    return replace(made, **more)


def run(*samples: RegisterSample, state: GuardState | None = None) -> list[float | None]:
    """Return what is published after each sample."""
    return [one.published for one in states(*samples, state=state)]


def states(*samples: RegisterSample, state: GuardState | None = None) -> list[GuardState]:
    state = state or GuardState()
    found = []
    for one in samples:
        state = guarded(state, one)
        found.append(state)
    return found


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
def test_what_no_register_can_show_is_rejected(value: float) -> None:
    assert [500.0, 500.0] == run(sample(0, 500), sample(60, value))


def test_a_reading_with_the_context_of_a_begin_is_rejected() -> None:
    """Several chargers send 0 there."""
    begin = sample(60, 0, context="Transaction.Begin")

    assert [500.0, 500.0, 510.0] == run(sample(0, 500), begin, sample(120, 510))


def test_a_reading_older_than_the_published_one_is_rejected() -> None:
    assert [500.0, 500.0] == run(sample(60, 500), sample(0, 505))


def test_a_register_that_rises_is_published() -> None:
    assert [500.0, 500.0, 600.0] == run(sample(0, 500), sample(60, 500), sample(120, 600))


def test_a_first_zero_waits_for_a_second_one() -> None:
    """lbbrhzn/ocpp#1756: "0, then 16 MWh" at the first look must not count as consumption."""
    assert [None, 16e6] == run(sample(0, 0), sample(10, 16e6))
    assert [None, None, 0.0, 10.0] == run(
        sample(0, 0), sample(10, 0), sample(40, 0), sample(100, 10)
    )


def test_a_drop_to_zero_and_back_is_never_seen() -> None:
    """lbbrhzn/ocpp#1756: the register reads 0 after a boot, then 16 MWh again."""
    zeros = [sample(60 + 30 * step, 0, booted_at=at(50)) for step in range(40)]

    published = run(sample(0, 16e6), *zeros, sample(3600, 16e6 + 100))

    assert {16e6, 16e6 + 100} == set(published)


def test_a_lower_register_after_a_boot_is_believed_when_two_readings_agree() -> None:
    booted: dict[str, Any] = {"booted_at": at(30)}
    published = run(
        sample(0, 9000),
        sample(60, 5, **booted),
        sample(80, 6, **booted),
        sample(90, 7, **booted),
        sample(120, 8, **booted),
    )

    assert [9000.0, 9000.0, 9000.0, 7.0, 8.0] == published


def test_a_lower_register_without_a_boot_is_believed_after_ten_minutes() -> None:
    published = run(sample(0, 9000), sample(60, 5), sample(600, 6), sample(659, 7), sample(660, 8))

    assert [9000.0, 9000.0, 9000.0, 9000.0, 8.0] == published


def test_a_boot_before_the_last_good_reading_explains_no_drop() -> None:
    early: dict[str, Any] = {"booted_at": at(-10)}

    assert [9000.0] * 3 == run(sample(0, 9000), sample(60, 5, **early), sample(120, 6, **early))


def test_a_drop_that_goes_on_falling_begins_anew_to_agree() -> None:
    booted: dict[str, Any] = {"booted_at": at(30)}
    published = run(
        sample(0, 9000),
        sample(60, 50, **booted),
        sample(100, 40, **booted),
        sample(120, 41, **booted),
        sample(130, 42, **booted),
    )

    assert [9000.0, 9000.0, 9000.0, 9000.0, 42.0] == published


def test_a_recovery_forgets_the_drop() -> None:
    found = states(sample(0, 9000), sample(60, 5), sample(70, 9001), sample(700, 6))

    assert [9000.0, 9000.0, 9001.0, 9001.0] == [one.published for one in found]
    assert found[2].candidate is None
    assert found[2].drop_since is None


def test_a_jump_is_held_for_one_reading() -> None:
    """More than 400 kW since the last good one; the next one bears it out."""
    assert [1000.0, 1000.0, 16e6 + 10] == run(
        sample(0, 1000), sample(60, 16e6), sample(120, 16e6 + 10)
    )


def test_a_jump_that_nothing_bears_out_is_never_seen() -> None:
    assert [1000.0, 1000.0, 1100.0] == run(sample(0, 1000), sample(60, 16e6), sample(120, 1100))
    assert [1000.0, 1000.0, 1000.0, 1000.0] == run(
        sample(0, 1000), sample(60, 16e6), sample(61, 99e6), sample(62, 17e6)
    )


def test_much_energy_after_a_long_time_is_no_jump() -> None:
    assert [1000.0, 90_000.0] == run(sample(0, 1000), sample(86_400, 90_000))


def test_a_jump_after_a_drop_is_held_anew() -> None:
    assert [1000.0, 1000.0, 1000.0, 16e6] == run(
        sample(0, 1000), sample(60, 5), sample(120, 16e6), sample(180, 16e6)
    )


def test_a_register_below_meter_start_that_counts_is_the_sessions() -> None:
    """lbbrhzn/ocpp#2093: the register begins at 0 with each transaction, meterStart does not."""
    inside = [sample(100 + 60 * step, 200.0 * step, "T1", 5000) for step in range(4)]
    found = states(sample(0, 5000), *inside)

    assert [5000.0, 5000.0, 5200.0, 5400.0, 5600.0] == [one.published for one in found]
    assert RegisterMode.SESSION_RELATIVE is found[-1].mode


def test_a_register_below_meter_start_that_stands_still_is_an_error() -> None:
    inside = [sample(100 + 60 * step, 0, "T1", 5000) for step in range(20)]
    found = states(sample(0, 5000), *inside, sample(9000, 5010, "T1", 5000))

    assert RegisterMode.ABSOLUTE is found[-1].mode
    assert {5000.0, 5010.0} == {one.published for one in found}


def session(begin: float, transaction_id: str, *values: float) -> list[RegisterSample]:
    """Return the readings of a session, one a minute, that begins with meterStart 0."""
    return [
        sample(begin + 60 * step, value, transaction_id, 0.0) for step, value in enumerate(values)
    ]


def test_two_restarts_in_a_row_make_the_register_the_sessions() -> None:
    """lbbrhzn/ocpp#1031: the register restarts near 0 in each transaction."""
    first = session(0, "T1", 100, 4000, 8000)
    second = session(1000, "T2", 0, 300, 600)
    third = session(2000, "T3", 0, 500, 1000)
    fourth = session(3000, "T4", 0, 700)
    found = states(*first, *second, *third, *fourth)
    published = [one.published for one in found]

    assert [100.0, 4000.0, 8000.0] == published[:3]
    assert [8000.0] * 3 == published[3:6]
    assert [8000.0, 8500.0, 9000.0] == published[6:9]
    assert [9000.0, 9700.0] == published[9:]
    assert RegisterMode.SESSION_RELATIVE is found[-1].mode


def test_restarts_that_are_not_in_a_row_do_not_count() -> None:
    restarted = session(1000, "T2", 0, 300)
    normal = [sample(2000, 8100, "T3", 8000), sample(2060, 8200, "T3", 8000)]
    again = session(3000, "T4", 0, 300)
    found = states(*session(0, "T1", 100, 8000), *restarted, *normal, *again)

    assert RegisterMode.ABSOLUTE is found[-1].mode
    assert 8200.0 == found[-1].published


def relative(**more: Any) -> GuardState:
    state = GuardState(
        mode=RegisterMode.SESSION_RELATIVE,
        published=9000.0,
        register=1000.0,
        register_at=at(0),
        transaction_id="T1",
        base=8000.0,
        session=1000.0,
    )
    return replace(state, **more)


def test_in_the_sessions_mode_only_readings_of_a_session_count() -> None:
    assert [9000.0, 9100.0, 9100.0] == run(
        sample(60, 5000), sample(120, 1100, "T1", 0), sample(180, 0, "T1", 0), state=relative()
    )


def test_in_the_sessions_mode_a_jump_is_held_too() -> None:
    assert [9000.0, 9000.0 + 1e6] == run(
        sample(1, 1e6 + 1000, "T1", 0), sample(60, 1e6 + 1000, "T1", 0), state=relative()
    )
    assert [9000.0, 9000.0, 9010.0] == run(
        sample(1, 2e6, "T1", 0), sample(2, 1e6, "T1", 0), sample(60, 1010, "T1", 0),
        state=relative(),
    )  # fmt: skip


def test_in_the_sessions_mode_a_register_that_counts_for_ever_adds_its_difference() -> None:
    """A charger whose firmware was mended does not add its whole register."""
    assert [9200.0] == run(sample(600, 50_200, "T2", 50_000), state=relative())


def test_a_state_survives_a_restart_of_home_assistant() -> None:
    state = replace(
        relative(),
        candidate=5.0,
        candidate_at=at(5),
        drop_since=at(4),
        restarts=1,
        restart_counted=True,
        register_before=700.0,
    )

    assert state == restored(json.loads(json.dumps(state.as_dict())))


@pytest.mark.parametrize(
    "data", [{}, {"published": "x", "mode": 7, "register_at": "yesterday", "restarts": None}]
)
def test_a_stored_state_that_is_garbage_is_none(data: dict[str, object]) -> None:
    assert GuardState() == restored(data)


def transaction(**more: Any) -> Transaction:
    made = Transaction(transaction_id="T1", started_at=at(0), meter_start_wh=5000.0)
    return replace(made, **more)


def good(register: float, seconds: float, **more: Any) -> GuardState:
    state = GuardState(
        published=register, register=register, register_at=at(seconds), transaction_id="T1"
    )
    return replace(state, **more)


@pytest.mark.parametrize(
    ("state", "running", "expected"),
    [
        (GuardState(), None, None),
        (GuardState(), transaction(), 0.0),
        (good(5600, 60), transaction(), 600.0),
        (good(4000, 60), transaction(), 0.0),
        (good(4990, -60), transaction(), 0.0),
        (good(5600, 60), transaction(started_at=None), 600.0),
        (good(5600, 60, transaction_id="T0"), transaction(started_at=None), 0.0),
        (GuardState(), transaction(meter_start_wh=None, energy_wh=70.0), 70.0),
        (GuardState(), transaction(meter_start_wh=None, energy_wh=-1.0), 0.0),
        (GuardState(), transaction(meter_start_wh=None), None),
        (good(5600, 60), transaction(meter_stop_wh=5700.0, stopped_at=at(90)), 700.0),
        (good(5600, 60), transaction(stopped_at=at(90), energy_wh=650.0), 650.0),
        (good(16e6, 60, register_before=16e6 - 300), transaction(meter_start_wh=0.0), 300.0),
        (
            good(600, 60, mode=RegisterMode.SESSION_RELATIVE),
            transaction(meter_start_wh=5000.0),
            600.0,
        ),
        (
            good(600, 60, mode=RegisterMode.SESSION_RELATIVE),
            transaction(meter_start_wh=0.0, meter_stop_wh=700.0),
            700.0,
        ),
        (
            good(600, 60, mode=RegisterMode.SESSION_RELATIVE, register_before=600.0),
            transaction(meter_start_wh=0.0),
            600.0,
        ),
    ],
)
def test_the_energy_of_a_session(
    state: GuardState, running: Transaction | None, expected: float | None
) -> None:
    """Rule 6: never below 0, only readings that belong to it, meterStop at the end."""
    assert expected == session_energy(state, running)


def connector(**more: Any) -> Connector:
    return replace(Connector(number=1), **more)


def metered(measurand: str, value: float | None, seconds: float | None) -> Meter:
    time = None if seconds is None else at(seconds)
    return Meter(samples={measurand: Sample(value=value, time=time, context="Sample.Periodic")})


def test_readings_are_taken_once_and_in_order() -> None:
    """lbbrhzn/ocpp#2137: a reading made before the start is none of the transaction."""
    idle = connector(meter=metered(ENERGY, 5000, -60))
    begun = replace(idle, transaction=transaction())
    read = replace(begun, meter=metered(ENERGY, 5100, 60))
    ended = replace(
        read,
        transaction=None,
        last_transaction=transaction(meter_stop_wh=5200.0, stopped_at=at(90)),
    )

    assert [(5000.0, None)] == told(idle, None)
    assert [(5000.0, "T1")] == told(begun, idle)
    assert [(5100.0, "T1")] == told(read, begun)
    assert [(5200.0, "T1")] == told(ended, read)
    assert [] == told(ended, ended)
    assert [(5000.0, None), (5000.0, "T1")] == told(begun, None)


def told(now: Connector, before: Connector | None) -> list[tuple[float, str | None]]:
    return [(one.value, one.transaction_id) for one in samples_of(now, before, None)]


@pytest.mark.parametrize(
    "without",
    [
        connector(),
        connector(meter=metered(ENERGY, None, 0)),
        connector(meter=metered(ENERGY, 5, None)),
        connector(transaction=transaction(meter_start_wh=None)),
        connector(transaction=transaction(started_at=None)),
        connector(last_transaction=transaction(meter_stop_wh=7.0)),
    ],
)
def test_what_has_no_value_or_time_is_no_reading(without: Connector) -> None:
    assert () == samples_of(without, None, None)


@pytest.mark.parametrize(
    ("status", "since", "read", "expected"),
    [
        (Status.CHARGING, 0, -60, 7000.0),
        (Status.FINISHING, 0, -60, 0.0),
        (Status.AVAILABLE, 0, 0, 0.0),
        (Status.SUSPENDED_EV, 0, 60, 7000.0),
        (Status.AVAILABLE, 0, None, 0.0),
        (Status.AVAILABLE, None, -60, 7000.0),
        (None, 0, -60, 7000.0),
    ],
)
def test_a_flow_ends_when_charging_ends(
    status: Status | None, since: float | None, read: float | None, expected: float
) -> None:
    """Else the last 7 kW stay for ever."""
    condition = Condition(status=status, status_since=None if since is None else at(since))
    one = connector(condition=condition, meter=metered(POWER, 7000, read))

    assert expected == flow_value(one, 7000.0, POWER, "Current.Import")


def test_a_flow_that_was_never_seen_stays_unknown() -> None:
    condition = Condition(status=Status.AVAILABLE, status_since=START)

    assert flow_value(connector(condition=condition), None, POWER) is None
