"""
Guards between a charger's energy register and Home Assistant's statistics; all functions are pure.

`guarded` takes the state of one connector's guard and one sample, and returns the next state; its
`published` is what `sensor.energy` shows. A register that drops or jumps is not believed at once:
a wrong value in statistics can only be removed by hand. All energies are in Wh.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from .models import ENERGY_IMPORT, Connector, Status, Transaction
from .reading import flag, integer, moment, number, text

BEGIN: Final = "Transaction.Begin"
AGREEMENT: Final = timedelta(seconds=30)
LASTING: Final = timedelta(minutes=10)
SHORTEST: Final = timedelta(seconds=1)
LARGEST_POWER_W: Final = 400_000.0
NEAR_ZERO_WH: Final = 1_000.0
RESTARTS: Final = 2


class RegisterMode(StrEnum):
    """Whether a register counts for ever, or begins anew with each transaction."""

    ABSOLUTE = "absolute"
    SESSION_RELATIVE = "session_relative"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSample:
    """One reading of the register; `transaction_id` and `meter_start` are of its transaction."""

    value: float
    time: datetime
    context: str | None = None
    transaction_id: str | None = None
    meter_start: float | None = None
    booted_at: datetime | None = None
    measured: bool = True
    """False for meterStart and meterStop, which do not show that a register counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardState:
    """
    What a guard remembers.

    `register` is the last good reading; `candidate` one that is not believed yet, a lower one since
    `drop_since`. In the mode `session_relative` the energy is `base` plus that of the session.
    `register_before` is the last good reading before the transaction.
    """

    published: float | None = None
    mode: RegisterMode = RegisterMode.ABSOLUTE
    register: float | None = None
    register_at: datetime | None = None
    transaction_id: str | None = None
    register_before: float | None = None
    base: float = 0.0
    session: float = 0.0
    candidate: float | None = None
    candidate_at: datetime | None = None
    drop_since: datetime | None = None
    restarts: int = 0
    restart_counted: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the state as JSON can hold it."""
        return {
            key: value.isoformat() if isinstance(value, datetime) else value
            for key, value in asdict(self).items()
        }


def restored(data: Mapping[str, Any]) -> GuardState:
    """Return the state that `as_dict` gave; what does not fit is left out."""
    relative = data.get("mode") == RegisterMode.SESSION_RELATIVE
    return GuardState(
        published=number(data.get("published")),
        mode=RegisterMode.SESSION_RELATIVE if relative else RegisterMode.ABSOLUTE,
        register=number(data.get("register")),
        register_at=moment(data.get("register_at")),
        transaction_id=text(data.get("transaction_id")),
        register_before=number(data.get("register_before")),
        base=number(data.get("base")) or 0.0,
        session=number(data.get("session")) or 0.0,
        candidate=number(data.get("candidate")),
        candidate_at=moment(data.get("candidate_at")),
        drop_since=moment(data.get("drop_since")),
        restarts=integer(data.get("restarts")) or 0,
        restart_counted=flag(data.get("restart_counted")),
    )


def samples_of(
    connector: Connector, previous: Connector | None, booted_at: datetime | None
) -> tuple[RegisterSample, ...]:
    """Return the readings that a connector has and its previous state had not, the oldest first."""
    found = [_begin(connector, booted_at), _end(connector, booted_at), _now(connector, booted_at)]
    if previous is None:
        before = []
    else:
        before = [_begin(previous, None), _end(previous, None), _now(previous, None)]
    known = {(one.value, one.time, one.measured) for one in before if one is not None}
    new = [
        one for one in found if one is not None and (one.value, one.time, one.measured) not in known
    ]
    return tuple(sorted(new, key=lambda one: one.time))


def guarded(state: GuardState, sample: RegisterSample) -> GuardState:
    """Return the state after a sample; its `published` is the energy to show."""
    if not _can_be(sample) or _is_late(state, sample):
        return state
    state = _in_transaction(state, sample)
    if state.mode is RegisterMode.SESSION_RELATIVE:
        return _guarded_session(state, sample)
    if state.register is None or state.register_at is None:
        return _first(state, sample)
    if sample.value < state.register:
        return _dropped(state, sample, state.register_at)
    if _is_jump(sample.value - state.register, sample.time - state.register_at):
        return _jumped(state, sample)
    return _good(state, sample)


def session_energy(state: GuardState, transaction: Transaction | None) -> float | None:
    """Return the energy of a transaction: running, or the last one."""
    if transaction is None:
        return None
    start, stop = transaction.meter_start_wh, transaction.meter_stop_wh
    if start is None or (stop is None and transaction.stopped_at is not None):
        return _not_negative(transaction.energy_wh)
    if stop is not None:
        return _session_wh(state.mode, stop, _start(state, transaction, stop, start))
    register = state.register if _is_inside(state, transaction) else None
    if register is None:
        return 0.0
    return _session_wh(state.mode, register, _start(state, transaction, register, start))


def flow_value(connector: Connector, value: float | None, *measurands: str) -> float | None:
    """
    Return a power or current, which ends with the flow.

    When a connector stopped charging after its newest sample, nothing flows any more, whatever that
    sample said.
    """
    since = connector.condition.status_since
    if value is None or since is None or connector.status in (None, Status.CHARGING):
        return value
    samples = [connector.sample(measurand) for measurand in measurands]
    times = [one.time for one in samples if one is not None and one.time is not None]
    return value if times and max(times) > since else 0.0


def _begin(connector: Connector, booted_at: datetime | None) -> RegisterSample | None:
    """Return meterStart of the running transaction."""
    one = connector.transaction
    if one is None or one.meter_start_wh is None or one.started_at is None:
        return None
    return RegisterSample(
        value=one.meter_start_wh,
        time=one.started_at,
        transaction_id=one.transaction_id,
        meter_start=one.meter_start_wh,
        booted_at=booted_at,
        measured=False,
    )


def _end(connector: Connector, booted_at: datetime | None) -> RegisterSample | None:
    """Return meterStop of the last transaction."""
    one = connector.last_transaction
    if one is None or one.meter_stop_wh is None or one.stopped_at is None:
        return None
    return RegisterSample(
        value=one.meter_stop_wh,
        time=one.stopped_at,
        transaction_id=one.transaction_id,
        meter_start=one.meter_start_wh,
        booted_at=booted_at,
        measured=False,
    )


def _now(connector: Connector, booted_at: datetime | None) -> RegisterSample | None:
    """Return the newest reading, with the transaction that it belongs to by its time."""
    sample = connector.sample(ENERGY_IMPORT)
    if sample is None or sample.value is None or sample.time is None:
        return None
    one = connector.transaction
    inside = one is not None and (one.started_at is None or sample.time >= one.started_at)
    return RegisterSample(
        value=sample.value,
        time=sample.time,
        context=sample.context,
        transaction_id=one.transaction_id if one is not None and inside else None,
        meter_start=one.meter_start_wh if one is not None and inside else None,
        booted_at=booted_at,
    )


def _can_be(sample: RegisterSample) -> bool:
    """Whether a value means anything; several chargers send 0 at the begin of a transaction."""
    return math.isfinite(sample.value) and sample.value >= 0 and sample.context != BEGIN


def _is_late(state: GuardState, sample: RegisterSample) -> bool:
    return state.register_at is not None and sample.time < state.register_at


def _in_transaction(state: GuardState, sample: RegisterSample) -> GuardState:
    """Note a new transaction: what its register does is compared with the one before."""
    if sample.transaction_id in (None, state.transaction_id):
        return state
    return replace(
        state,
        transaction_id=sample.transaction_id,
        register_before=state.register,
        restarts=state.restarts if state.restart_counted else 0,
        restart_counted=False,
        base=state.published or 0.0,
        session=0.0,
    )


def _first(state: GuardState, sample: RegisterSample) -> GuardState:
    """Take the first reading; a 0 may be a register that the charger has not read yet."""
    if sample.value > 0 or _agrees(state, sample):
        return _good(state, sample)
    return state if state.candidate is not None else _held(state, sample)


def _dropped(state: GuardState, sample: RegisterSample, good_at: datetime) -> GuardState:
    """Hold a lower reading until it is sure that the register is another one."""
    since = state.drop_since or sample.time
    below = state.drop_since is None or state.candidate is None or sample.value < state.candidate
    if below:
        return replace(_held(state, sample), drop_since=since)
    if not _agrees(state, sample):
        return state
    if _counts(state, sample):
        state = _restarted(state, sample)
        if state.mode is RegisterMode.SESSION_RELATIVE:
            return _guarded_session(state, sample)
    booted = sample.booted_at is not None and sample.booted_at > good_at
    # A 0 that stays is a register that is not read; a new meter's moves.
    if sample.value > 0 and (booted or sample.time - since >= LASTING):
        return _good(state, sample)
    return state


def _counts(state: GuardState, sample: RegisterSample) -> bool:
    """Whether a lower register moves inside a transaction: one that stands still is an error."""
    moves = state.candidate is not None and sample.value > state.candidate
    return moves and sample.measured and sample.transaction_id is not None


def _restarted(state: GuardState, sample: RegisterSample) -> GuardState:
    """Take a register below meterStart, or the second in a row from near 0, for the session's."""
    restarts = state.restarts
    near_zero = state.candidate is not None and state.candidate < NEAR_ZERO_WH
    if near_zero and not state.restart_counted:
        restarts += 1
    state = replace(state, restarts=restarts, restart_counted=state.restart_counted or near_zero)
    below_start = sample.meter_start is not None and sample.value < sample.meter_start
    if not below_start and restarts < RESTARTS:
        return state
    return replace(
        state,
        mode=RegisterMode.SESSION_RELATIVE,
        base=state.published or 0.0,
        session=0.0,
        candidate=None,
        candidate_at=None,
        drop_since=None,
    )


def _guarded_session(state: GuardState, sample: RegisterSample) -> GuardState:
    """Add up sessions, each of which only rises."""
    if sample.transaction_id is None:
        return state
    session = _session_wh(state.mode, sample.value, sample.meter_start)
    if session < state.session:
        return state
    since = state.register_at or sample.time
    if _is_jump(session - state.session, sample.time - since):
        held = state.candidate
        if held is None or sample.value < held:
            return _held(state, sample)
    return replace(_good(state, sample), session=session, published=state.base + session)


def _jumped(state: GuardState, sample: RegisterSample) -> GuardState:
    """Hold a reading that needs too much power, until the next one bears it out."""
    held, held_at = state.candidate, state.candidate_at
    if state.drop_since is None and held is not None and held_at is not None:
        rise = sample.value - held
        if rise >= 0 and not _is_jump(rise, sample.time - held_at):
            return _good(state, sample)
    return replace(_held(state, sample), drop_since=None)


def _held(state: GuardState, sample: RegisterSample) -> GuardState:
    return replace(state, candidate=sample.value, candidate_at=sample.time)


def _good(state: GuardState, sample: RegisterSample) -> GuardState:
    return replace(
        state,
        published=sample.value,
        register=sample.value,
        register_at=sample.time,
        candidate=None,
        candidate_at=None,
        drop_since=None,
    )


def _agrees(state: GuardState, sample: RegisterSample) -> bool:
    """Whether a reading is not below one that was held, long enough after it."""
    held, held_at = state.candidate, state.candidate_at
    if held is None or held_at is None:
        return False
    return sample.value >= held and sample.time - held_at >= AGREEMENT


def _is_jump(rise: float, elapsed: timedelta) -> bool:
    hours = max(elapsed, SHORTEST) / timedelta(hours=1)
    return rise / hours > LARGEST_POWER_W


def _session_wh(mode: RegisterMode, register: float, start: float | None) -> float:
    """Return the energy of a session; a register far above 0 counts for ever in any mode."""
    own = start is None or register < start or start < NEAR_ZERO_WH
    if mode is RegisterMode.SESSION_RELATIVE and own:
        return register
    return max(0.0, register - (start or 0.0))


def _start(
    state: GuardState, transaction: Transaction, register: float, meter_start: float
) -> float:
    """
    Return meterStart; a 0 that the register before it contradicts is not believed.

    The register of another session contradicts nothing.
    """
    if state.mode is RegisterMode.SESSION_RELATIVE:
        return meter_start
    before = state.register_before
    known = before is not None and state.transaction_id == transaction.transaction_id
    if before is None or not known or register < before:
        return meter_start
    return max(meter_start, before)


def _is_inside(state: GuardState, transaction: Transaction) -> bool:
    """Whether the last good reading is one of this transaction, by its time or its id."""
    if transaction.started_at is not None and state.register_at is not None:
        return state.register_at >= transaction.started_at
    return state.transaction_id == transaction.transaction_id


def _not_negative(value: float | None) -> float | None:
    return None if value is None else max(0.0, value)
