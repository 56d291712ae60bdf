"""What the last answer to BootNotification allows (C16 4.2, B02, B03)."""

import pytest

from oye_proxy.errors import ChargerNotAcceptedError
from oye_proxy.ocppj.boot import (
    BOOT_INTERVAL,
    LONGEST_INTERVAL,
    BootState,
    boot_interval_of,
    boot_state_of,
    check_command,
)
from oye_proxy.ocppj.frames import CallError, CallResult, MessageId, build_error, build_result

BOOT = MessageId.of("b")
REMOTE_CONTROL = [
    "RemoteStartTransaction",
    "RemoteStopTransaction",
    "RequestStartTransaction",
    "RequestStopTransaction",
]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Accepted", BootState.ACCEPTED),
        ("Pending", BootState.PENDING),
        ("Rejected", BootState.REJECTED),
        ("accepted", BootState.UNKNOWN),
        (None, BootState.UNKNOWN),
        (["Pending"], BootState.UNKNOWN),
    ],
)
def test_the_status_of_the_answer_is_the_state(status: object, state: BootState) -> None:
    assert state is boot_state_of(build_result(BOOT, {"status": status}))


@pytest.mark.parametrize("payload", [{}, [], "Rejected", 7, None])
def test_what_cannot_be_read_forbids_nothing(payload: object) -> None:
    assert BootState.UNKNOWN is boot_state_of(build_result(BOOT, payload))


def test_an_error_forbids_nothing() -> None:
    assert BootState.UNKNOWN is boot_state_of(build_error(BOOT, "InternalError"))


def test_the_interval_is_when_the_charger_may_boot_again() -> None:
    """B02.FR.04, C16 4.2."""
    assert 17 == boot_interval_of(build_result(BOOT, {"status": "Pending", "interval": 17}))


@pytest.mark.parametrize("interval", [0, -1, None, "17", 1.5, [], True])
def test_an_interval_that_says_nothing_is_a_minute(interval: object) -> None:
    assert BOOT_INTERVAL == boot_interval_of(build_result(BOOT, {"interval": interval}))


def test_an_interval_without_end_ends() -> None:
    assert LONGEST_INTERVAL == boot_interval_of(build_result(BOOT, {"interval": 10**400}))


@pytest.mark.parametrize("answer", [build_result(BOOT, []), build_error(BOOT, "InternalError")])
def test_an_answer_without_one_too(answer: CallResult | CallError) -> None:
    assert BOOT_INTERVAL == boot_interval_of(answer)


@pytest.mark.parametrize("state", [BootState.UNKNOWN, BootState.ACCEPTED])
@pytest.mark.parametrize("action", [*REMOTE_CONTROL, "Reset"])
def test_an_accepted_or_reconnected_charger_takes_all(state: BootState, action: str) -> None:
    """J16 5.4: a reconnect needs no boot."""
    check_command(state, action)


@pytest.mark.parametrize("action", REMOTE_CONTROL)
def test_a_pending_charger_may_not_start_or_stop_charging(action: str) -> None:
    """C16 4.2, B02.FR.05."""
    with pytest.raises(ChargerNotAcceptedError):
        check_command(BootState.PENDING, action)


@pytest.mark.parametrize("action", ["Reset", "GetConfiguration", "SetVariables"])
def test_a_pending_charger_may_be_configured(action: str) -> None:
    """C16 4.2, B02.FR.02."""
    check_command(BootState.PENDING, action)


@pytest.mark.parametrize("action", [*REMOTE_CONTROL, "GetConfiguration"])
def test_a_rejected_charger_takes_nothing(action: str) -> None:
    """C16 4.2, B03.FR.03, B03.FR.08."""
    with pytest.raises(ChargerNotAcceptedError):
        check_command(BootState.REJECTED, action)
