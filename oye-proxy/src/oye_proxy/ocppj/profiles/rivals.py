"""The limits of others beside one of the owner, and the stack level that this leaves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec import Struct

from oye_proxy.ocppj.profiles.ids import LimitScope, Purpose, Slot
from oye_proxy.ocppj.profiles.schedules import Traits
from oye_proxy.ocppj.profiles.table import Profile, is_owners

# Above the fail-safe's level 0; any level serves while the CSMS uses none.
BASE_LEVEL: Final = 1


class LimitConflict(Struct, frozen=True):
    """Why a limit cannot be set beside those of the CSMS: a sentence."""

    reason: str


class Rivals(Struct, frozen=True, kw_only=True):
    """What others limit: by the same purpose, beneath it, and (`single`) connector by connector."""

    same: list[Profile]
    beneath: list[Profile]
    single: bool


def rivals_of(slot: Slot, profiles: Iterable[Profile], now: datetime) -> Rivals:
    """Return the profiles of others that limit the same as a slot of ours."""
    rivals = [
        profile for profile in profiles if not is_owners(profile) and not profile.is_over_at(now)
    ]
    is_session = slot.scope is LimitScope.SESSION
    shares = slot.scope is LimitScope.DEFAULT and slot.connector_id == 0
    return Rivals(
        same=[profile for profile in rivals if _is_same(profile, slot)],
        beneath=[
            profile
            for profile in rivals
            if is_session and _is_default_for(profile, slot.connector_id)
        ],
        single=shares and any(_is_single(profile) for profile in rivals),
    )


def level_for(rivals: Rivals, traits: Traits) -> int | LimitConflict:
    """Return the stack level above those of the same purpose."""
    if rivals.single:
        return LimitConflict(
            "The operator limits single connectors: set the default for each connector."
        )
    level = max((profile.stack_level for profile in rivals.same), default=BASE_LEVEL - 1) + 1
    if traits.max_stack_level is None or level <= traits.max_stack_level:
        return level
    if rivals.same:
        return LimitConflict("The operator uses the highest stack level of the charger.")
    return traits.max_stack_level


def _is_same(rival: Profile, slot: Slot) -> bool:
    """A default for all connectors would be overruled by ours for one, so it counts as same."""
    if rival.purpose != slot.purpose:
        return False
    if slot.scope is LimitScope.DEFAULT:
        return _is_default_for(rival, slot.connector_id)
    return rival.connector_id in (slot.connector_id, None)


def _is_single(rival: Profile) -> bool:
    return rival.purpose == Purpose.DEFAULT and rival.connector_id != 0


def _is_default_for(rival: Profile, connector_id: int) -> bool:
    return rival.purpose == Purpose.DEFAULT and rival.connector_id in (connector_id, 0)
