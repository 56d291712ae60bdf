"""
Every charging profile that passed and was Accepted: what the charger is believed to hold.

The table learns from the frames of the CSMS and from our own; nothing is asked of the charger.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from oye_proxy.ocppj.profiles.ids import FAIL_SAFE_ID, Purpose, purpose_from, slot_of
from oye_proxy.ocppj.profiles.schedules import Schedule, read_integer, read_schedule
from oye_proxy.ocppj.timestamps import from_text
from oye_proxy.ocppj.versions import OcppVersion

# The seconds after which a profile that recurs begins anew.
RECURRENCY_KINDS: Final = {86_400: "Daily", 604_800: "Weekly"}

# More than any charger holds; above it the oldest profile of the CSMS is forgotten.
MAX_PROFILES: Final = 256


class Profile(Struct, frozen=True, kw_only=True):
    """
    A profile in the charger; `connector_id` 0 is the whole charger, None not known yet.

    `schedule` is None when it is more than an upper limit, or cannot be read; one that recurs
    begins anew after `interval` seconds.
    """

    profile_id: int
    connector_id: int | None
    purpose: str
    stack_level: int
    kind: str
    ours: bool
    schedule: Schedule | None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    transaction_id: str | None = None
    interval: int | None = None

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether a time lies in the profile's validity."""
        begun = self.valid_from is None or self.valid_from <= moment
        return begun and not self.is_over_at(moment)

    def is_over_at(self, moment: datetime) -> bool:
        """Whether the profile's validity has ended."""
        return self.valid_to is not None and self.valid_to <= moment


def is_owners(profile: Profile) -> bool:
    """Whether a profile stands for a limit of the owner: ours, under one of the reserved ids."""
    reserved = slot_of(profile.profile_id) is not None or profile.profile_id == FAIL_SAFE_ID
    return profile.ours and reserved


class ProfileTable:
    """The profiles of one charger; the owner of it keeps `dump()` over a restart."""

    def __init__(self, profiles: Iterable[Profile] = ()) -> None:
        self._profiles = list(profiles)

    def __iter__(self) -> Iterator[Profile]:
        return iter(tuple(self._profiles))

    def own(self, profile_id: int) -> Profile | None:
        """Return our profile of a reserved id, None when the charger does not hold it."""
        return next((found for found in self if _is_own(found, profile_id)), None)

    def observe_accepted(
        self, version: OcppVersion, action: str, payload: Any, *, ours: bool
    ) -> tuple[Profile, ...]:
        """
        Learn from a CALL that the charger accepted; return our profiles that a CSMS took away.

        Of interest are SetChargingProfile, ClearChargingProfile (also answered `Unknown`: what it
        names is not there) and a remote start that bears a profile; all others change nothing.
        """
        before = tuple(self._profiles)
        if isinstance(payload, dict):
            match action:
                case "SetChargingProfile":
                    self._add(_read(version, payload, ours=ours))
                case "RemoteStartTransaction" | "RequestStartTransaction":
                    self._add(_read_start(version, payload, ours=ours))
                case "ClearChargingProfile":
                    self._clear(version, payload)
                case _:
                    pass
        if ours:
            return ()
        return tuple(lost for lost in before if lost.ours and self._holds_not(lost))

    def transaction_ended(self, connector_id: int) -> None:
        """Forget the connector's TxProfiles: they end with their transaction (C16 3.13.1)."""
        self._profiles = [
            found
            for found in self._profiles
            if found.purpose != Purpose.SESSION or found.connector_id not in (connector_id, None)
        ]

    def forget(self, profile_id: int) -> None:
        """Forget the profile of an id: it ended without a frame that says so."""
        self._profiles = [held for held in self._profiles if held.profile_id != profile_id]

    def dump(self) -> str:
        """Write the table as JSON."""
        return msgspec.json.encode(self._profiles).decode()

    @classmethod
    def load(cls, text: str | bytes) -> "ProfileTable":
        """Read what `dump` wrote; an unreadable text gives an empty table."""
        try:
            return cls(msgspec.json.decode(text, type=list[Profile]))
        except (ValueError, RecursionError):
            return cls()

    def _add(self, profile: Profile | None) -> None:
        if profile is None:
            return
        self._profiles = [held for held in self._profiles if not _replaces(profile, held)]
        self._profiles.append(profile)
        if len(self._profiles) > MAX_PROFILES:
            oldest = next((held for held in self._profiles if not held.ours), self._profiles[0])
            self._profiles.remove(oldest)

    def _clear(self, version: OcppVersion, payload: dict[str, Any]) -> None:
        """Remove what a ClearChargingProfile names: an id, else what meets all its criteria."""
        id_key, connector_key = ("id", "connectorId") if version.is_1_6 else _CLEAR_KEYS_2
        profile_id = payload.get(id_key)
        if profile_id is not None:
            self.forget(profile_id)
            return
        criteria = payload if version.is_1_6 else payload.get("chargingProfileCriteria")
        criteria = criteria if isinstance(criteria, dict) else {}
        connector_id = criteria.get(connector_key)
        purpose = criteria.get("chargingProfilePurpose")
        stack_level = criteria.get("stackLevel")
        self._profiles = [
            held
            for held in self._profiles
            if connector_id not in (None, held.connector_id)
            or (purpose is not None and purpose_from(str(purpose)) != held.purpose)
            or stack_level not in (None, held.stack_level)
        ]

    def _holds_not(self, lost: Profile) -> bool:
        return self.own(lost.profile_id) is None


_CLEAR_KEYS_2 = ("chargingProfileId", "evseId")


def _is_own(profile: Profile, profile_id: int) -> bool:
    return profile.ours and profile.profile_id == profile_id


def _replaces(new: Profile, held: Profile) -> bool:
    """C16 3.13.2, K01.FR.05/06: the same id, or the same level and purpose on a connector."""
    if new.profile_id == held.profile_id:
        return True
    return (new.stack_level, new.purpose, new.connector_id) == (
        held.stack_level,
        held.purpose,
        held.connector_id,
    )


def _read(version: OcppVersion, payload: dict[str, Any], *, ours: bool) -> Profile | None:
    if version.is_1_6:
        connector, profile = payload.get("connectorId"), payload.get("csChargingProfiles")
    else:
        connector, profile = payload.get("evseId"), payload.get("chargingProfile")
    connector_id = read_integer(connector)
    return None if connector_id is None else _profile(version, profile, connector_id, ours=ours)


def _read_start(version: OcppVersion, payload: dict[str, Any], *, ours: bool) -> Profile | None:
    """Read the TxProfile within a remote start (C16 5.11.1); without a connector it may be any."""
    connector_id = read_integer(payload.get("connectorId" if version.is_1_6 else "evseId"))
    return _profile(version, payload.get("chargingProfile"), connector_id, ours=ours)


def _profile(
    version: OcppVersion, value: Any, connector_id: int | None, *, ours: bool
) -> Profile | None:
    if not isinstance(value, dict):
        return None
    profile_id = read_integer(value.get("chargingProfileId" if version.is_1_6 else "id"))
    stack_level = read_integer(value.get("stackLevel"))
    purpose, kind = value.get("chargingProfilePurpose"), value.get("chargingProfileKind")
    if profile_id is None or stack_level is None or not isinstance(purpose, str):
        return None
    transaction = value.get("transactionId")
    return Profile(
        profile_id=profile_id,
        connector_id=connector_id,
        purpose=purpose_from(purpose),
        stack_level=stack_level,
        kind=kind if isinstance(kind, str) else "",
        ours=ours,
        schedule=_schedule(version, value.get("chargingSchedule")),
        valid_from=from_text(value.get("validFrom")),
        valid_to=from_text(value.get("validTo")),
        transaction_id=None if transaction is None else str(transaction),
        interval=_interval(value.get("recurrencyKind")) if kind == "Recurring" else None,
    )


def _interval(kind: Any) -> int | None:
    return next((length for length, name in RECURRENCY_KINDS.items() if name == kind), None)


def _schedule(version: OcppVersion, value: Any) -> Schedule | None:
    """2.x offers an EV up to three schedules to choose from: only a single one is a limit."""
    if version.is_1_6:
        return read_schedule(value)
    return read_schedule(value[0]) if isinstance(value, list) and len(value) == 1 else None
