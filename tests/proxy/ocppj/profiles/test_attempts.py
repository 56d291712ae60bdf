from datetime import UTC, datetime, timedelta

from oye_proxy.ocppj.profiles.attempts import ATTEMPTS, WRITE_INTERVAL, Attempts
from oye_proxy.ocppj.profiles.plan import Plan, Step
from oye_proxy.ocppj.profiles.schedules import RateUnit

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def plan(limit: float) -> Plan:
    return Plan(unit=RateUnit.A, stack_level=1, steps=(Step(None, limit),))


def test_a_lasting_limit_waits_after_a_write_a_session_does_not() -> None:
    attempts = Attempts()
    attempts.write(plan(16), NOON)

    assert NOON + WRITE_INTERVAL == attempts.allowed_at(NOON + SECOND, lasting=True)
    assert attempts.allowed_at(NOON + SECOND, lasting=False) is None
    assert attempts.allowed_at(NOON + WRITE_INTERVAL, lasting=True) is None


def test_a_clock_that_was_set_back_lengthens_no_wait() -> None:
    attempts = Attempts()
    attempts.write(plan(16), NOON)

    assert attempts.allowed_at(NOON - timedelta(days=1), lasting=True) is None


def test_a_refusal_holds_for_the_same_limit_until_it_is_forgiven() -> None:
    attempts = Attempts()
    attempts.write(plan(16), NOON)
    attempts.settle(accepted=False, now=NOON)

    assert attempts.has_refused(plan(16), NOON)
    assert not attempts.has_refused(plan(10), NOON)
    assert not attempts.has_refused(None, NOON)
    attempts.forgive()
    assert not attempts.has_refused(plan(16), NOON)


def test_a_refused_removal_is_no_refused_limit() -> None:
    attempts = Attempts()
    attempts.write(None, NOON)
    attempts.settle(accepted=False, now=NOON)

    assert attempts.has_refused(None, NOON)
    assert not attempts.has_refused(plan(16), NOON)


def test_silence_is_answered_with_so_many_attempts() -> None:
    attempts = Attempts()
    for attempt in range(ATTEMPTS):
        assert not attempts.has_refused(plan(16), NOON), attempt
        attempts.write(plan(16), NOON)
        attempts.settle(accepted=None, now=NOON)

        assert attempts.is_doubtful
        assert NOON + WRITE_INTERVAL == attempts.allowed_at(NOON, lasting=False)
    assert attempts.has_refused(plan(16), NOON)


def test_an_accepted_write_ends_the_doubt() -> None:
    attempts = Attempts()
    attempts.write(plan(16), NOON)
    attempts.abort()
    doubtful = attempts.is_doubtful
    attempts.write(plan(16), NOON)
    attempts.settle(accepted=True, now=NOON)

    assert doubtful
    assert not attempts.is_doubtful


def test_nothing_is_in_doubt_when_nothing_was_on_its_way() -> None:
    attempts = Attempts()
    attempts.abort()
    attempts.settle(accepted=None, now=NOON)

    assert not attempts.is_doubtful


def test_a_limit_that_is_never_honoured_is_given_up() -> None:
    attempts = Attempts()
    doubts = []
    for _ in range(ATTEMPTS + 1):
        attempts.check(honoured=False)
        doubts.append(attempts.is_doubtful)

    assert [*[True] * ATTEMPTS, False] == doubts


def test_a_good_check_starts_the_count_anew() -> None:
    attempts = Attempts()
    for _ in range(ATTEMPTS):
        attempts.check(honoured=False)
    attempts.check(honoured=True)
    attempts.check(honoured=False)

    assert attempts.is_doubtful


def test_two_shapes_of_a_limit_may_both_be_refused() -> None:
    """What the charger does not repeat may be written out at once: nothing was written yet."""
    attempts = Attempts()
    steps = (Step(NOON, 16), Step(NOON + timedelta(hours=1), 8))
    cycle = Plan(unit=RateUnit.A, stack_level=1, steps=steps, interval=86_400)
    attempts.write(cycle, NOON)
    attempts.settle(accepted=False, now=NOON)

    assert attempts.allowed_at(NOON, lasting=True) is None

    attempts.write(plan(8), NOON)
    attempts.settle(accepted=False, now=NOON)

    assert attempts.has_refused(cycle, NOON)
    assert attempts.has_refused(plan(8), NOON)
    assert attempts.allowed_at(NOON, lasting=True) is not None
