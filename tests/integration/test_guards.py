"""The guards of all connectors: each state of a connector counts once."""

from datetime import UTC, datetime, timedelta

from custom_components.oye.energy import GuardState
from custom_components.oye.guards import Guards
from custom_components.oye.models import ENERGY_IMPORT, Connector, Meter, Sample

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


def connector(minute: float, register: float) -> Connector:
    read = Sample(value=register, time=START + timedelta(minutes=minute))
    return Connector(number=1, meter=Meter(samples={ENERGY_IMPORT: read}))


def test_a_guard_goes_on_from_reading_to_reading() -> None:
    guards = Guards()
    for minute, register in ((0, 500.0), (1, 600.0), (2, 0.0)):
        guards.observe("a", connector(minute, register), None)
    guards.observe("b", connector(0, 7.0), None)

    assert ["a", "b"] == list(guards)
    assert 2 == len(guards)
    assert (600.0, 0.0) == (guards["a"].published, guards["a"].candidate)
    assert 7.0 == guards["b"].published


def test_a_state_that_two_sensors_look_at_counts_once() -> None:
    """The second look at a reading must not bear it out."""
    guards = Guards()
    one = connector(0, 500.0)
    guards.observe("a", one, None)
    first = guards["a"]
    guards.observe("a", one, None)

    assert first is guards["a"]


def test_a_restored_guard_looks_at_the_present_again() -> None:
    guards = Guards()
    guards.observe("a", connector(5, 10.0), None)
    before = GuardState(published=900.0, register=900.0, register_at=START)
    guards.restore("a", before)
    restored = guards["a"]
    guards.observe("a", connector(5, 10.0), None)

    assert before is restored
    assert (900.0, 10.0) == (guards["a"].published, guards["a"].candidate)
