"""The limits of one charger as clients see them: what is wished, what it has, what is in force."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.ocppj.facts import ChargerFacts, ConnectorFacts, LimitFacts
from oye_proxy.ocppj.facts.model import VOLTAGE
from oye_proxy.ocppj.profiles.composite import Effective, Party, limit_now
from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.owner import OwnerLimits
from oye_proxy.ocppj.profiles.schedules import Traits, lets_nobody_charge
from oye_proxy.ocppj.profiles.table import ProfileTable, is_owners


class _LimitInForce(Struct, frozen=True, kw_only=True, rename="camel"):
    effective_limit_a: float | None = None
    limit_source: Party = Party.NO_LIMIT
    verified: bool | None = None
    default_limit_a: float | None = None
    default_accepted_a: float | None = None
    paused_by: Party | None = None


class ConnectorLimits(_LimitInForce, frozen=True, kw_only=True, rename="camel"):
    """
    The limits on one connector, in amperes.

    Of the session and of sessions by default: the owner's wish, and the limit of ours that the
    charger accepted; without `sessionPhases` the charger chooses, and at `sessionUntil` the wish
    ends by itself. `effectiveLimitA` is in force and `limitSource` says whose it is; `verified`
    is the charger's own word that ours holds, null while it was not asked or does not tell.
    `pausedBy` says whose limit keeps cars from charging, for it is below 6 A (IEC 61851), or that
    the owner has paused; null when nobody's does.
    """

    connector_id: int
    session_limit_a: float | None = None
    session_accepted_a: float | None = None
    session_phases: int | None = None
    session_until: datetime | None = None
    paused: bool = False


class LimitsState(_LimitInForce, frozen=True, kw_only=True, rename="camel"):
    """
    The limits on the whole charger and on its connectors, in amperes.

    `maxCurrentA` is the owner's lasting limit, `maxCurrentAcceptedA` what the charger accepted of
    it; `conflict` is a sentence on why a limit cannot be set, null when all can be. The other
    members are those of a connector.
    """

    max_current_a: float | None = None
    max_current_accepted_a: float | None = None
    paused: bool = False
    conflict: str | None = None
    connectors: list[ConnectorLimits] = []


class LimitChecks:
    """What the checks of one charger's limits brought: the last word on each connector."""

    def __init__(self) -> None:
        self.effective: dict[int, Effective] = {}
        self.conflict: str | None = None

    def forget(self, connector_id: int) -> None:
        """Forget what was said of a connector; of all of them for 0, the charger."""
        if connector_id:
            self.effective.pop(connector_id, None)
        else:
            self.effective.clear()


def traits_of(limits: OwnerLimits, facts: ChargerFacts) -> Traits:
    """Return what limits depend on: the charger's settings, and the voltage it measures."""
    samples = [facts.samples, *(connector.samples for connector in facts.connectors)]
    measured = (known[VOLTAGE].value for known in samples if VOLTAGE in known)
    voltage = next((value for value in measured if value), None)
    return replace(limits.traits or Traits(), voltage=voltage)


def limits_state(
    limits: OwnerLimits,
    profiles: ProfileTable,
    checks: LimitChecks,
    facts: ChargerFacts,
    now: datetime,
) -> LimitsState:
    """Return the limits of a charger as clients see them."""
    view = _View(limits, profiles, checks, traits_of(limits, facts), now)
    return LimitsState(
        max_current_a=view.wished(LimitScope.MAXIMUM, 0),
        max_current_accepted_a=view.accepted(LimitScope.MAXIMUM, 0),
        paused=bool(limits.paused),
        conflict=checks.conflict,
        connectors=[view.connector(connector) for connector in facts.connectors],
        **view.in_force(0, facts.limit),
    )


class _View(Struct, frozen=True):
    limits: OwnerLimits
    profiles: ProfileTable
    checks: LimitChecks
    traits: Traits
    now: datetime

    def connector(self, connector: ConnectorFacts) -> ConnectorLimits:
        connector_id = connector.evse_id
        in_force = self.in_force(connector_id, connector.limit)
        paused = connector_id in self.limits.paused
        if paused:
            in_force["paused_by"] = Party.OWNER
        wish = self.limits.wish_at(Slot(LimitScope.SESSION, connector_id))
        return ConnectorLimits(
            connector_id=connector_id,
            session_limit_a=self.wished(LimitScope.SESSION, connector_id),
            session_accepted_a=self.accepted(LimitScope.SESSION, connector_id),
            session_phases=None if wish is None else wish.phases,
            session_until=None if wish is None else wish.until,
            paused=paused,
            **in_force,
        )

    def in_force(self, connector_id: int, told: LimitFacts | None) -> dict[str, Any]:
        effective = self.checks.effective.get(connector_id)
        verified = None if effective is None else effective.honoured
        if effective is None:
            effective = self._computed(connector_id, told)
        return {
            "effective_limit_a": effective.limit_a,
            "limit_source": effective.party,
            "verified": verified,
            "default_limit_a": self.wished(LimitScope.DEFAULT, connector_id),
            "default_accepted_a": self.accepted(LimitScope.DEFAULT, connector_id),
            "paused_by": effective.party if lets_nobody_charge(effective.limit_a) else None,
        }

    def wished(self, scope: LimitScope, connector_id: int) -> float | None:
        wish = self.limits.wish_at(Slot(scope, connector_id))
        return None if wish is None else wish.limit_at(self.now)

    def accepted(self, scope: LimitScope, connector_id: int) -> float | None:
        return self.limits.limit_in_charger(Slot(scope, connector_id), self.traits, self.now)

    def _computed(self, connector_id: int, told: LimitFacts | None) -> Effective:
        """Take the lowest of the limits that are known."""
        ours = [profile for profile in self.profiles if is_owners(profile)]
        theirs = [profile for profile in self.profiles if not is_owners(profile)]
        from_charger = told is not None and told.limit_source == Party.CHARGER
        known = {
            Party.OWNER: limit_now(ours, connector_id, self.traits, self.now),
            Party.CSMS: limit_now(theirs, connector_id, self.traits, self.now),
            Party.CHARGER: told.limit_a if told is not None and from_charger else None,
        }
        limits = {party: limit for party, limit in known.items() if limit is not None}
        if not limits:
            return Effective(None, Party.NO_LIMIT)
        party = min(limits, key=limits.__getitem__)
        return Effective(limits[party], party)
