"""What is stored by action and direction: `all`, `last` or `none`."""

import pytest

from oye_proxy.errors import InvalidRequestError
from oye_proxy.storage.directions import Direction
from oye_proxy.storage.selection import (
    MAX_RULES,
    Keep,
    KeepRule,
    Preset,
    Selection,
    check_rules,
    selection_of,
)


def test_the_default_keeps_everything() -> None:
    selection = selection_of(Preset.ALL, (KeepRule(action="Reset", keep=Keep.NONE),), Keep.NONE)

    assert selection.keeps_all
    assert Keep.ALL is selection.keep("Reset", "UPSTREAM")


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize(
    ("action", "kept"),
    [
        ("BootNotification", Keep.ALL),
        ("StatusNotification", Keep.ALL),
        ("ChangeConfiguration", Keep.ALL),
        ("StartTransaction", Keep.ALL),
        ("MeterValues", Keep.NONE),
        ("Heartbeat", Keep.NONE),
        (None, Keep.ALL),
    ],
)
def test_the_preset_selective_leaves_out_what_the_report_leaves_out(
    direction: Direction, action: str | None, kept: Keep
) -> None:
    """MeterValues and Heartbeat go unstored in both directions, their answers too."""
    selection = selection_of(Preset.SELECTIVE, (), Keep.NONE)

    assert not selection.keeps_all
    assert kept is selection.keep(action, direction.value)


def test_a_rule_with_a_direction_precedes_one_without() -> None:
    selection = Selection(
        [
            KeepRule(action="MeterValues", direction=Direction.UPSTREAM, keep=Keep.LAST),
            KeepRule(action="MeterValues", keep=Keep.NONE),
        ],
        Keep.ALL,
    )

    assert Keep.LAST is selection.keep("MeterValues", "UPSTREAM")
    assert Keep.NONE is selection.keep("MeterValues", "DOWNSTREAM")
    assert Keep.ALL is selection.keep("Heartbeat", "UPSTREAM")


def test_what_no_rule_names_follows_otherwise_and_text_that_is_no_frame_is_always_stored() -> None:
    selection = selection_of(Preset.CUSTOM, (KeepRule(action="Reset", keep=Keep.ALL),), Keep.NONE)

    assert Keep.NONE is selection.keep("Heartbeat", "UPSTREAM")
    assert Keep.ALL is selection.keep("Reset", "INJECTION_REQUEST")
    assert Keep.ALL is selection.keep(None, "UPSTREAM")


@pytest.mark.parametrize(
    ("rules", "otherwise", "sentence"),
    [
        ([KeepRule(action="", keep=Keep.ALL)], Keep.ALL, "is no action"),
        ([KeepRule(action="Heart beat", keep=Keep.ALL)], Keep.ALL, "such as|Heartbeat"),
        ([KeepRule(action="A" * 51, keep=Keep.ALL)], Keep.ALL, "is no action"),
        ([KeepRule(action="A", keep=Keep.ALL)] * 2, Keep.ALL, "A is named twice"),
        ([KeepRule(action=f"A{n}", keep=Keep.ALL) for n in range(201)], Keep.ALL, "at most 200"),
        ([], Keep.LAST, "needs a rule that names the action"),
    ],
)
def test_rules_that_cannot_be_are_a_sentence(
    rules: list[KeepRule], otherwise: Keep, sentence: str
) -> None:
    with pytest.raises(InvalidRequestError, match=sentence):
        check_rules(tuple(rules), otherwise)


def test_one_action_may_have_a_rule_per_direction() -> None:
    check_rules(
        (
            KeepRule(action="A", keep=Keep.ALL),
            KeepRule(action="A", keep=Keep.LAST, direction=Direction.UPSTREAM),
            KeepRule(action="A", keep=Keep.NONE, direction=Direction.DOWNSTREAM),
        ),
        Keep.NONE,
    )

    assert 200 == MAX_RULES
