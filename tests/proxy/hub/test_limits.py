"""The limits as clients see them."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from oye_proxy.hub.limits import LimitChecks, LimitsState, limits_state, traits_of
from oye_proxy.ocppj.facts import ChargerFacts, ConnectorFacts, LimitFacts, SampleFacts
from oye_proxy.ocppj.profiles.composite import Effective, Party
from oye_proxy.ocppj.profiles.ids import LimitScope
from oye_proxy.ocppj.profiles.owner import OwnerLimits
from oye_proxy.ocppj.profiles.schedules import Traits
from oye_proxy.ocppj.profiles.table import ProfileTable
from oye_proxy.ocppj.profiles.wishes import ChargerView
from oye_proxy.ocppj.versions import OcppVersion

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
V1_6 = OcppVersion.V1_6


class Known:
    """What is known of one charger with a connector."""

    def __init__(self) -> None:
        self.table = ProfileTable()
        self.limits = OwnerLimits(self.table)
        self.checks = LimitChecks()
        self.told: LimitFacts | None = None

    @property
    def state(self) -> LimitsState:
        facts = ChargerFacts(connectors=[ConnectorFacts(evse_id=1, limit=self.told)])
        return limits_state(self.limits, self.table, self.checks, facts, NOW)

    def accept(self, transactions: dict[int, str] | None = None) -> None:
        """Let the charger accept all that is wished."""
        view = ChargerView(version=V1_6, transactions=transactions or {})
        for order in self.limits.take(NOW, view).orders:
            self.table.observe_accepted(V1_6, order.action, order.payload, ours=True)
            self.limits.settle(order, accepted=True, now=NOW)

    def operator(self, limit: float, connector_id: int = 0) -> None:
        """Let the charger accept a default of the CSMS."""
        schedule = {
            "chargingRateUnit": "A",
            "startSchedule": "2026-01-01T00:00:00Z",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
        }
        profile: dict[str, Any] = {
            "chargingProfileId": 1,
            "stackLevel": 1,
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Absolute",
            "chargingSchedule": schedule,
        }
        payload = {"connectorId": connector_id, "csChargingProfiles": profile}
        self.table.observe_accepted(V1_6, "SetChargingProfile", payload, ours=False)


@pytest.fixture
def known() -> Known:
    return Known()


def test_without_limits_nothing_is_limited(known: Known) -> None:
    state = known.state

    assert LimitsState(connectors=state.connectors) == state
    assert (None, Party.NO_LIMIT) == (state.effective_limit_a, state.limit_source)


def test_a_wish_is_not_shown_as_accepted(known: Known) -> None:
    known.limits.want(LimitScope.MAXIMUM, 0, 16)
    before = known.state
    known.accept()
    after = known.state

    assert (16, None) == (before.max_current_a, before.max_current_accepted_a)
    assert (16, 16) == (after.max_current_a, after.max_current_accepted_a)
    assert (16, Party.OWNER, None) == (after.effective_limit_a, after.limit_source, after.verified)


def test_a_connector_has_its_session_default_and_pause(known: Known) -> None:
    known.limits.want(LimitScope.SESSION, 1, 10)
    known.limits.want(LimitScope.DEFAULT, 1, 12)
    known.accept({1: "42"})
    known.limits.pause(1)
    (connector,) = known.state.connectors

    assert (1, 10, 10, 12, 12, True) == (
        connector.connector_id,
        connector.session_limit_a,
        connector.session_accepted_a,
        connector.default_limit_a,
        connector.default_accepted_a,
        connector.paused,
    )
    assert known.state.paused


def test_a_limit_at_which_no_car_charges_says_whose_it_is(known: Known) -> None:
    """IEC 61851: no AC charging current below 6 A."""
    nobodys = known.state.connectors[0].paused_by
    known.operator(5)
    operators = known.state.connectors[0].paused_by
    known.limits.want(LimitScope.MAXIMUM, 0, 3)
    known.accept()
    owners = known.state

    assert (None, Party.CSMS) == (nobodys, operators)
    assert (Party.OWNER, Party.OWNER) == (owners.paused_by, owners.connectors[0].paused_by)
    assert 0 == owners.connectors[0].effective_limit_a


def test_6_a_and_no_limit_pause_nobody(known: Known) -> None:
    known.limits.want(LimitScope.MAXIMUM, 0, 6)
    known.accept()

    assert (None, None) == (known.state.paused_by, known.state.connectors[0].paused_by)


def test_a_pause_is_the_owners_whatever_limit_holds(known: Known) -> None:
    known.operator(10)
    known.limits.pause(1)

    assert Party.OWNER is known.state.connectors[0].paused_by


def test_the_lowest_limit_is_in_force(known: Known) -> None:
    """The minimum over purposes and parties (C16 3.13.3)."""
    known.limits.want(LimitScope.MAXIMUM, 0, 16)
    known.accept()
    known.operator(10)
    operator = known.state.connectors[0]
    known.told = LimitFacts(limit_a=8, limit_source="charger")
    charger = known.state.connectors[0]

    assert (10, Party.CSMS) == (operator.effective_limit_a, operator.limit_source)
    assert (8, Party.CHARGER) == (charger.effective_limit_a, charger.limit_source)


def test_a_limit_of_an_unnamed_party_is_not_taken_for_the_chargers(known: Known) -> None:
    known.told = LimitFacts(limit_a=8)

    assert Party.NO_LIMIT is known.state.connectors[0].limit_source


@pytest.mark.parametrize("honoured", [True, False])
def test_a_check_is_the_last_word(known: Known, *, honoured: bool) -> None:
    known.limits.want(LimitScope.MAXIMUM, 0, 16)
    known.accept()
    known.checks.effective[0] = Effective(20, Party.CHARGER, honoured)
    state = known.state

    assert (20, Party.CHARGER, honoured) == (
        state.effective_limit_a,
        state.limit_source,
        state.verified,
    )


def test_what_was_said_of_a_connector_is_forgotten_alone_or_with_all(known: Known) -> None:
    effective = Effective(20, Party.CHARGER)
    known.checks.effective = {0: effective, 1: effective, 2: effective}
    known.checks.forget(1)
    without_one = set(known.checks.effective)
    known.checks.forget(0)

    assert {0, 2} == without_one
    assert {} == known.checks.effective


def test_a_conflict_is_shown(known: Known) -> None:
    known.checks.conflict = "No."

    assert "No." == known.state.conflict


def test_it_is_camel_case_json(known: Known) -> None:
    fields = msgspec.to_builtins(known.state)

    assert {"maxCurrentA", "maxCurrentAcceptedA", "effectiveLimitA", "limitSource"} <= set(fields)
    assert {"connectorId", "sessionLimitA"} <= set(fields["connectors"][0])


def test_the_measured_voltage_joins_the_settings(known: Known) -> None:
    sample = {"Voltage": SampleFacts(value=231.5, time=NOW)}
    facts = ChargerFacts(connectors=[ConnectorFacts(evse_id=1, samples=sample)])
    known.limits.traits = Traits(max_stack_level=3)

    assert Traits(max_stack_level=3, voltage=231.5) == traits_of(known.limits, facts)
    assert Traits(max_stack_level=3) == traits_of(known.limits, ChargerFacts())
