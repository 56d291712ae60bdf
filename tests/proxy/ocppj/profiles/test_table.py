from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.profiles.ids import CAP_ID, FAIL_SAFE_ID, LimitScope, Purpose, Slot
from oye_proxy.ocppj.profiles.table import MAX_PROFILES, Profile, ProfileTable, is_owners
from oye_proxy.ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
SESSION_1 = Slot(LimitScope.SESSION, 1).profile_id


def profile_1_6(profile_id: int, **members: Any) -> dict[str, Any]:
    return {
        "chargingProfileId": profile_id,
        "stackLevel": 1,
        "chargingProfilePurpose": "TxProfile",
        "chargingProfileKind": "Absolute",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}],
        },
        **members,
    }


def set_1_6(profile_id: int, connector_id: int = 1, **members: Any) -> dict[str, Any]:
    profile = profile_1_6(profile_id, **members)
    return {"connectorId": connector_id, "csChargingProfiles": profile}


def profile_2(profile_id: int, **members: Any) -> dict[str, Any]:
    profile = profile_1_6(profile_id, **members)
    del profile["chargingProfileId"]
    schedule = {"id": 1, **profile["chargingSchedule"]}
    return {**profile, "id": profile_id, "chargingSchedule": [schedule]}


def set_2(profile_id: int, evse_id: int = 1, **members: Any) -> dict[str, Any]:
    return {"evseId": evse_id, "chargingProfile": profile_2(profile_id, **members)}


def learn(table: ProfileTable, payload: Any, *, ours: bool = False) -> list[int]:
    lost = table.observe_accepted(V16, "SetChargingProfile", payload, ours=ours)
    return [profile.profile_id for profile in lost]


def ids(table: ProfileTable) -> list[int]:
    return sorted(profile.profile_id for profile in table)


def test_a_profile_is_learnt_alike_from_1_6_and_2_x() -> None:
    old, new = ProfileTable(), ProfileTable()
    validity = {"validFrom": "2026-11-21T00:00:00Z", "validTo": "2026-11-22T00:00:00Z"}
    purpose = {"chargingProfilePurpose": "ChargePointMaxProfile"}
    learn(old, set_1_6(7, 0, transactionId=5, **validity, **purpose))
    purpose = {"chargingProfilePurpose": "ChargingStationMaxProfile"}
    payload = set_2(7, 0, transactionId="5", **validity, **purpose)
    new.observe_accepted(V21, "SetChargingProfile", payload, ours=False)

    (profile,) = old
    assert [profile] == list(new)
    assert (7, 0, Purpose.MAXIMUM, "5") == (
        profile.profile_id,
        profile.connector_id,
        profile.purpose,
        profile.transaction_id,
    )
    assert profile.schedule is not None


def test_the_same_id_replaces() -> None:
    """C16 5.16.3, K01.FR.05."""
    table = ProfileTable()
    learn(table, set_1_6(7, 1))
    learn(table, set_1_6(7, 2, stackLevel=3))

    assert [(7, 2)] == [(profile.profile_id, profile.connector_id) for profile in table]


def test_the_same_level_and_purpose_on_a_connector_replaces() -> None:
    """C16 3.13.2, K01.FR.06."""
    table = ProfileTable()
    learn(table, set_1_6(1))
    learn(table, set_1_6(2))
    learn(table, set_1_6(3, stackLevel=2))
    learn(table, set_1_6(4, chargingProfilePurpose="TxDefaultProfile"))
    learn(table, set_1_6(5, 2))

    assert [2, 3, 4, 5] == ids(table)


def test_a_csms_that_takes_a_profile_of_ours_away_is_told() -> None:
    table = ProfileTable()
    learn(table, set_1_6(SESSION_1), ours=True)

    assert [] == learn(table, set_1_6(1, stackLevel=2))
    assert [SESSION_1] == learn(table, set_1_6(2))
    assert table.own(SESSION_1) is None


def test_a_csms_that_uses_our_id_takes_it_away() -> None:
    table = ProfileTable()
    learn(table, set_1_6(CAP_ID), ours=True)

    assert [CAP_ID] == learn(table, set_1_6(CAP_ID, 2))
    assert table.own(CAP_ID) is None
    assert [False] == [is_owners(profile) for profile in table]


def test_our_own_replacement_takes_nothing_away() -> None:
    table = ProfileTable()
    learn(table, set_1_6(CAP_ID), ours=True)

    assert [] == learn(table, set_1_6(CAP_ID), ours=True)
    assert table.own(CAP_ID) is not None


def test_a_raw_injection_is_ours_but_no_limit_of_the_owner() -> None:
    table = ProfileTable()
    learn(table, set_1_6(1), ours=True)

    assert [False] == [is_owners(profile) for profile in table]


def test_the_fail_safe_is_the_owners() -> None:
    table = ProfileTable()
    learn(table, set_1_6(FAIL_SAFE_ID), ours=True)

    assert [True] == [is_owners(profile) for profile in table]


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        (V16, "RemoteStartTransaction", {"connectorId": 2, "chargingProfile": profile_1_6(7)}),
        (V201, "RequestStartTransaction", {"evseId": 2, "chargingProfile": profile_2(7)}),
    ],
)
def test_the_profile_of_a_remote_start_is_learnt(
    version: OcppVersion, action: str, payload: Any
) -> None:
    """C16 5.11.1, F01.FR.08."""
    table = ProfileTable()
    table.observe_accepted(version, action, payload, ours=False)
    del payload["connectorId" if version is V16 else "evseId"]
    payload["chargingProfile"]["id" if version is V201 else "chargingProfileId"] = 8
    table.observe_accepted(version, action, payload, ours=False)

    assert [(7, 2), (8, None)] == [(held.profile_id, held.connector_id) for held in table]


def filled() -> ProfileTable:
    table = ProfileTable()
    learn(table, set_1_6(1, 1))
    learn(table, set_1_6(2, 2))
    learn(table, set_1_6(3, 1, stackLevel=2))
    learn(table, set_1_6(4, 1, chargingProfilePurpose="TxDefaultProfile"))
    learn(table, set_1_6(5, 0, chargingProfilePurpose="ChargePointMaxProfile"))
    return table


@pytest.mark.parametrize(
    ("version", "payload", "left"),
    [
        (V16, {"id": 3}, [1, 2, 4, 5]),
        # An id names one profile; criteria beside it do not matter.
        (V16, {"id": 3, "connectorId": 2}, [1, 2, 4, 5]),
        (V16, {"id": 99}, [1, 2, 3, 4, 5]),
        (V16, {"connectorId": 1}, [2, 5]),
        (V16, {"connectorId": 0}, [1, 2, 3, 4]),
        (V16, {"chargingProfilePurpose": "TxProfile"}, [4, 5]),
        (V16, {"chargingProfilePurpose": "ChargePointMaxProfile"}, [1, 2, 3, 4]),
        (V16, {"stackLevel": 2}, [1, 2, 4, 5]),
        (V16, {"connectorId": 1, "stackLevel": 1}, [2, 3, 5]),
        (V16, {}, []),
        (V201, {"chargingProfileId": 3}, [1, 2, 4, 5]),
        (V201, {"chargingProfileCriteria": {"evseId": 1}}, [2, 5]),
        (
            V201,
            {"chargingProfileCriteria": {"chargingProfilePurpose": "ChargingStationMaxProfile"}},
            [1, 2, 3, 4],
        ),
        (V21, {"chargingProfileCriteria": {"evseId": 1, "stackLevel": 2}}, [1, 2, 4, 5]),
        (V21, {}, []),
        (V21, {"chargingProfileCriteria": []}, []),
    ],
)
def test_what_a_clear_removes(version: OcppVersion, payload: Any, left: list[int]) -> None:
    """By id, else all that meet every criterion; none at all clears all (C16-E 3.25, K10)."""
    table = filled()
    table.observe_accepted(version, "ClearChargingProfile", payload, ours=False)

    assert left == ids(table)


def test_a_bare_clear_of_the_csms_takes_ours_away() -> None:
    """C16-E 3.25."""
    table = filled()
    learn(table, set_1_6(SESSION_1, 1, stackLevel=9), ours=True)
    lost = table.observe_accepted(V16, "ClearChargingProfile", {}, ours=False)

    assert [SESSION_1] == [profile.profile_id for profile in lost]


def test_a_transaction_ends_its_profiles() -> None:
    """C16 3.13.1: a TxProfile lives no longer than its transaction."""
    table = filled()
    table.transaction_ended(1)

    assert [2, 4, 5] == ids(table)


def test_a_profile_can_be_forgotten() -> None:
    table = filled()
    table.forget(3)

    assert [1, 2, 4, 5] == ids(table)


def test_a_table_survives_a_restart() -> None:
    table = filled()
    learn(table, set_1_6(SESSION_1, 3, transactionId=5), ours=True)

    assert list(table) == list(ProfileTable.load(table.dump()))


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[" * 100_000])
def test_an_unreadable_text_gives_an_empty_table(text: str) -> None:
    assert [] == list(ProfileTable.load(text))


def test_a_full_table_forgets_the_oldest_of_the_csms() -> None:
    table = ProfileTable()
    learn(table, set_1_6(CAP_ID, 0), ours=True)
    for level in range(MAX_PROFILES):
        learn(table, set_1_6(level + 1, stackLevel=level))

    assert MAX_PROFILES == len(list(table))
    assert [2, 3] == ids(table)[:2]
    assert table.own(CAP_ID) is not None


def test_several_schedules_are_not_one_limit() -> None:
    """2.x offers an EV up to three schedules to choose from."""
    table = ProfileTable()
    payload = set_2(7)
    payload["chargingProfile"]["chargingSchedule"] *= 2
    table.observe_accepted(V201, "SetChargingProfile", payload, ours=False)

    assert [None] == [profile.schedule for profile in table]


@pytest.mark.parametrize(
    "payload",
    [
        {"connectorId": 1},
        {"connectorId": "1", "csChargingProfiles": profile_1_6(7)},
        set_1_6(7, stackLevel="high"),
        set_1_6(7, chargingProfilePurpose=None),
    ],
)
def test_a_profile_that_cannot_be_placed_is_not_kept(payload: Any) -> None:
    table = ProfileTable()
    learn(table, payload)

    assert [] == list(table)


def test_validity() -> None:
    table = ProfileTable()
    learn(table, set_1_6(7, validFrom="2026-11-21T12:00:00Z", validTo="2026-11-21T13:00:00Z"))
    (profile,) = table
    assert profile.valid_from is not None
    assert profile.valid_to is not None

    assert profile.is_valid_at(profile.valid_from)
    assert not profile.is_valid_at(profile.valid_to)
    assert profile.is_over_at(profile.valid_to)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    version=st.sampled_from(OcppVersion),
    action=st.sampled_from(["SetChargingProfile", "ClearChargingProfile", "Reset"]),
    payload=json_values
    | st.dictionaries(st.sampled_from(["id", "connectorId", "stackLevel", "evseId"]), json_values)
    | st.fixed_dictionaries(
        {
            "connectorId": json_values,
            "csChargingProfiles": st.dictionaries(
                st.sampled_from([*profile_1_6(1), "transactionId", "validTo"]), json_values
            ),
        }
    ),
)
def test_no_payload_raises(version: OcppVersion, action: str, payload: Any) -> None:
    table = filled()
    table.observe_accepted(version, action, payload, ours=False)

    assert all(isinstance(profile, Profile) for profile in ProfileTable.load(table.dump()))
