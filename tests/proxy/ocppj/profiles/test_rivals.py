from datetime import UTC, datetime
from typing import Any

from oye_proxy.ocppj.profiles.ids import LimitScope, Purpose, Slot
from oye_proxy.ocppj.profiles.rivals import BASE_LEVEL, LimitConflict, level_for, rivals_of
from oye_proxy.ocppj.profiles.schedules import Traits
from oye_proxy.ocppj.profiles.table import Profile

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CAP = Slot(LimitScope.MAXIMUM, 0)
SESSION_1 = Slot(LimitScope.SESSION, 1)
DEFAULT_ALL = Slot(LimitScope.DEFAULT, 0)


def profile(purpose: Purpose, connector_id: int = 0, **members: Any) -> Profile:
    defaults: dict[str, Any] = {
        "profile_id": 1,
        "stack_level": 3,
        "kind": "Absolute",
        "ours": False,
        "schedule": None,
    }
    return Profile(purpose=purpose, connector_id=connector_id, **{**defaults, **members})


def test_a_limit_of_another_purpose_is_no_rival() -> None:
    other = profile(Purpose.DEFAULT, 1)
    rivals = rivals_of(CAP, [other], NOON)

    assert ([], [], False) == (rivals.same, rivals.beneath, rivals.single)
    assert BASE_LEVEL == level_for(rivals, Traits())


def test_a_default_is_beneath_a_session() -> None:
    default = profile(Purpose.DEFAULT, 1)

    assert [default] == rivals_of(SESSION_1, [default], NOON).beneath


def test_ours_goes_one_level_above_while_there_is_one() -> None:
    rivals = rivals_of(CAP, [profile(Purpose.MAXIMUM)], NOON)

    assert 4 == level_for(rivals, Traits())
    assert isinstance(level_for(rivals, Traits(max_stack_level=3)), LimitConflict)
    assert 0 == level_for(rivals_of(CAP, [], NOON), Traits(max_stack_level=0))


def test_what_is_over_and_what_is_ours_is_no_rival() -> None:
    over = profile(Purpose.MAXIMUM, valid_to=NOON)
    ours = profile(Purpose.MAXIMUM, ours=True, profile_id=CAP.profile_id)

    assert [] == rivals_of(CAP, [over, ours], NOON).same


def test_a_default_for_all_cannot_be_had_beside_those_of_single_connectors() -> None:
    rivals = rivals_of(DEFAULT_ALL, [profile(Purpose.DEFAULT, 1)], NOON)

    assert rivals.single
    assert isinstance(level_for(rivals, Traits()), LimitConflict)
