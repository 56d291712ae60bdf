import pytest

from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.profiles.ids import (
    CAP_ID,
    FAIL_SAFE_ID,
    MAX_CONNECTOR_ID,
    LimitScope,
    Purpose,
    Slot,
    purpose_from,
    purpose_to,
    slot_for,
    slot_of,
)
from oye_proxy.ocppj.versions import OcppVersion


def test_the_reserved_ids() -> None:
    assert 900_000_001 == CAP_ID == Slot(LimitScope.MAXIMUM, 0).profile_id
    assert 900_000_102 == Slot(LimitScope.DEFAULT, 2).profile_id
    assert 900_000_201 == Slot(LimitScope.SESSION, 1).profile_id
    assert 900_000_900 == FAIL_SAFE_ID


@pytest.mark.parametrize("scope", LimitScope)
@pytest.mark.parametrize("connector_id", [0, 1, MAX_CONNECTOR_ID])
def test_an_id_leads_back_to_its_slot(scope: LimitScope, connector_id: int) -> None:
    slot = slot_for(scope, connector_id)

    assert slot == slot_of(slot.profile_id)


@pytest.mark.parametrize(
    "profile_id", [0, 1, 2, 900_000_000, 900_000_099, 900_000_300, 901_000_000]
)
def test_other_ids_are_not_ours(profile_id: int) -> None:
    assert slot_of(profile_id) is None


def test_the_cap_has_one_slot_for_the_whole_charger() -> None:
    assert Slot(LimitScope.MAXIMUM, 0) == slot_for(LimitScope.MAXIMUM, 2)


@pytest.mark.parametrize("connector_id", [-1, MAX_CONNECTOR_ID + 1])
def test_ids_are_reserved_for_a_bounded_number_of_connectors(connector_id: int) -> None:
    with pytest.raises(InvalidRequestError, match="connectors up to 99"):
        slot_for(LimitScope.DEFAULT, connector_id)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("version", OcppVersion)
def test_a_purpose_is_spelt_for_the_version_and_read_back(
    version: OcppVersion, purpose: Purpose
) -> None:
    assert purpose == purpose_from(purpose_to(version, purpose))


def test_a_purpose_that_we_do_not_use_stays_as_it_is() -> None:
    assert purpose_from("PriorityCharging") == "PriorityCharging"
    assert purpose_to(OcppVersion.V1_6, Purpose.MAXIMUM) == "ChargePointMaxProfile"
