"""Which frames are stored: all, the newest of their kind, or none, by action and direction."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct

from oye_proxy.errors import InvalidRequestError
from oye_proxy.storage.directions import Direction

MAX_RULES: Final = 200

_ACTION: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,49}")


class Keep(StrEnum):
    """What is stored of a kind of frames; `last` is the newest per charger and direction."""

    ALL = "all"
    LAST = "last"
    NONE = "none"


class Preset(StrEnum):
    """A choice made beforehand, or the owner's own rules."""

    ALL = "all"
    SELECTIVE = "selective"
    CUSTOM = "custom"


class KeepRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What is stored of an action's CALLs and answers.

    Without `direction` it holds in all of them; a rule with one precedes a rule without.
    """

    action: str
    direction: Direction | None = None
    keep: Keep


SELECTIVE: Final = (
    KeepRule(action="MeterValues", keep=Keep.NONE),
    KeepRule(action="Heartbeat", keep=Keep.NONE),
)


class Selection:
    """Rules, made ready for one look-up a frame."""

    def __init__(self, rules: Iterable[KeepRule] = (), otherwise: Keep = Keep.ALL) -> None:
        general = [rule for rule in rules if rule.direction is None]
        special = [rule for rule in rules if rule.direction is not None]
        self._table = {
            (rule.action, direction.value): rule.keep for rule in general for direction in Direction
        }
        self._table |= {
            (rule.action, rule.direction.value): rule.keep for rule in special if rule.direction
        }
        self._otherwise = otherwise

    @property
    def keeps_all(self) -> bool:
        """Whether nothing is left out, so that nobody needs to ask."""
        return self._otherwise is Keep.ALL and all(
            keep is Keep.ALL for keep in self._table.values()
        )

    def keep(self, action: str | None, direction: str) -> Keep:
        """Return what is stored of frames of this kind; text that is no frame has no action."""
        if action is None:
            return Keep.ALL
        return self._table.get((action, direction), self._otherwise)


def check_rules(rules: tuple[KeepRule, ...], otherwise: Keep) -> None:
    """Raise InvalidRequestError for rules that cannot be."""
    if len(rules) > MAX_RULES:
        raise InvalidRequestError(f"rules: at most {MAX_RULES} are possible")
    if otherwise is Keep.LAST:
        # Whoever invents actions would be stored for each of them.
        raise InvalidRequestError("otherwise: `last` needs a rule that names the action")
    seen = set()
    for rule in rules:
        if not _ACTION.fullmatch(rule.action):
            raise InvalidRequestError(
                f"rules: {rule.action[:50]!r} is no action; write one as OCPP does: Heartbeat"
            )
        if (rule.action, rule.direction) in seen:
            where = f" in direction {rule.direction}" if rule.direction else ""
            raise InvalidRequestError(f"rules: {rule.action}{where} is named twice")
        seen.add((rule.action, rule.direction))


def selection_of(preset: Preset, rules: tuple[KeepRule, ...], otherwise: Keep) -> Selection:
    """Return what a choice means."""
    match preset:
        case Preset.ALL:
            return Selection()
        case Preset.SELECTIVE:
            return Selection(SELECTIVE)
        case Preset.CUSTOM:
            return Selection(rules, otherwise)
