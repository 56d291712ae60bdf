"""Who may charge without the CSMS: rules in their order (docs/OCPP.md)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.ocppj.authorization import (
    REMOTE_START_LIFE,
    AuthorizationPolicy,
    Authorizer,
    Decision,
    id_tag_info,
)
from oye_proxy.ocppj.id_tag_cache import CachedTag, IdTag, IdTagCache, IdTagStatus
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
TAG = IdTag("ABC")
ACCEPTED = IdTagStatus.ACCEPTED
BLOCKED = IdTagStatus.BLOCKED
INVALID = IdTagStatus.INVALID
UNKNOWN = IdTagStatus.UNKNOWN


def _authorizer(
    *, cached: IdTagStatus | None = None, remote_start: bool = False, **policy: Any
) -> Authorizer:
    known = [CachedTag(id_tag="ABC", status=cached, accepted_at=NOW)] if cached else []
    authorizer = Authorizer(IdTagCache(known), AuthorizationPolicy(**policy))
    if remote_start:
        authorizer.note_remote_start("abc", NOW)
    return authorizer


BAN = frozenset({"aBC"})
LIST = frozenset({"abC"})


@pytest.mark.parametrize(
    ("circumstances", "status"),
    [
        (
            {
                "blocked": BAN,
                "remote_start": True,
                "allowed": LIST,
                "automatic_charging": True,
                "cached": ACCEPTED,
            },
            BLOCKED,
        ),
        ({"blocked": BAN, "remote_start": True}, BLOCKED),
        ({"blocked": BAN, "allowed": LIST}, BLOCKED),
        ({"blocked": BAN, "automatic_charging": True}, BLOCKED),
        ({"blocked": BAN, "cached": ACCEPTED}, BLOCKED),
        ({"remote_start": True}, ACCEPTED),
        ({"remote_start": True, "cached": BLOCKED}, ACCEPTED),
        ({"allowed": LIST}, ACCEPTED),
        ({"allowed": LIST, "cached": BLOCKED}, ACCEPTED),
        ({"automatic_charging": True}, ACCEPTED),
        ({"automatic_charging": True, "cached": BLOCKED}, ACCEPTED),
        ({"cached": ACCEPTED}, ACCEPTED),
        ({"cached": ACCEPTED, "offline_cache": False}, INVALID),
        ({"cached": BLOCKED}, INVALID),
        ({"allowed": frozenset({"OTHER"}), "blocked": frozenset({"ANOTHER"})}, INVALID),
        ({}, INVALID),
    ],
)
def test_the_first_rule_that_matches_decides(
    circumstances: dict[str, Any], status: IdTagStatus
) -> None:
    assert status is _authorizer(**circumstances).decide(V1_6, TAG, NOW).status


@pytest.mark.parametrize(
    ("version", "status"), [(V1_6, INVALID), (V2_0_1, UNKNOWN), (V2_1, UNKNOWN)]
)
def test_a_stranger_is_called_what_the_version_calls_it(
    version: OcppVersion, status: IdTagStatus
) -> None:
    assert status is _authorizer().decide(version, TAG, NOW).status


def test_a_remote_start_counts_for_five_minutes() -> None:
    authorizer = _authorizer(remote_start=True)
    end = NOW + REMOTE_START_LIFE

    assert ACCEPTED is authorizer.decide(V1_6, TAG, end).status
    assert INVALID is authorizer.decide(V1_6, TAG, end + timedelta(seconds=1)).status


def test_remote_starts_are_bounded() -> None:
    authorizer = _authorizer(remote_start=True)

    for number in range(256):
        authorizer.note_remote_start(f"T{number}", NOW)

    assert INVALID is authorizer.decide(V1_6, TAG, NOW).status
    assert ACCEPTED is authorizer.decide(V1_6, IdTag("T0"), NOW).status


def test_the_cache_gives_parent_and_expiry() -> None:
    expiry = NOW + timedelta(days=1)
    known = CachedTag(
        id_tag="ABC", status=ACCEPTED, parent_id_tag="FAMILY", expiry=expiry, accepted_at=NOW
    )

    assert Decision(status=ACCEPTED, parent_id_tag="FAMILY", expiry=expiry) == Authorizer(
        IdTagCache([known])
    ).decide(V1_6, TAG, NOW)


@pytest.mark.parametrize(
    ("circumstances", "status"),
    [
        ({}, ACCEPTED),
        ({"cached": ACCEPTED}, ACCEPTED),
        ({"cached": BLOCKED}, BLOCKED),
        ({"cached": IdTagStatus.EXPIRED}, IdTagStatus.EXPIRED),
        ({"cached": BLOCKED, "offline_cache": False}, ACCEPTED),
        ({"cached": BLOCKED, "allowed": LIST}, ACCEPTED),
        ({"cached": BLOCKED, "automatic_charging": True}, ACCEPTED),
        ({"blocked": BAN}, BLOCKED),
        ({"blocked": BAN, "cached": ACCEPTED}, BLOCKED),
        ({"strict_start": True}, INVALID),
        ({"strict_start": True, "cached": ACCEPTED}, ACCEPTED),
        ({"strict_start": True, "cached": BLOCKED}, INVALID),
    ],
)
def test_what_began_is_accepted_unless_the_tag_is_known_bad(
    circumstances: dict[str, Any], status: IdTagStatus
) -> None:
    """C16 3.5: the charger's own list may know more."""
    assert status is _authorizer(**circumstances).decide_started(V1_6, TAG, NOW).status


def test_a_refusal_is_known_for_thirty_days_only() -> None:
    authorizer = _authorizer(cached=BLOCKED)

    assert ACCEPTED is authorizer.decide_started(V1_6, TAG, NOW + timedelta(days=30)).status


def test_a_new_policy_counts_at_once() -> None:
    authorizer = _authorizer(allowed=LIST)

    authorizer.set_policy(AuthorizationPolicy(blocked=BAN))

    assert BLOCKED is authorizer.decide(V1_6, TAG, NOW).status


@pytest.mark.parametrize(
    ("version", "decision", "info"),
    [
        (V1_6, Decision(status=ACCEPTED), {"status": "Accepted"}),
        (
            V1_6,
            Decision(status=ACCEPTED, parent_id_tag="P", expiry=NOW),
            {"status": "Accepted", "parentIdTag": "P", "expiryDate": "2026-07-01T12:00:00.000Z"},
        ),
        (V1_6, Decision(status=ACCEPTED, parent_id_tag="x" * 21), {"status": "Accepted"}),
        (V1_6, Decision(status=IdTagStatus.NO_CREDIT), {"status": "Invalid"}),
        (V1_6, Decision(status=IdTagStatus.EXPIRED), {"status": "Expired"}),
        (V2_0_1, Decision(status=IdTagStatus.NO_CREDIT), {"status": "NoCredit"}),
        (
            V2_0_1,
            Decision(status=ACCEPTED, parent_id_tag="G", parent_id_tag_type="ISO14443", expiry=NOW),
            {
                "status": "Accepted",
                "groupIdToken": {"idToken": "G", "type": "ISO14443"},
                "cacheExpiryDateTime": "2026-07-01T12:00:00.000Z",
            },
        ),
        (
            V2_0_1,
            Decision(status=ACCEPTED, parent_id_tag="G"),
            {"status": "Accepted", "groupIdToken": {"idToken": "G", "type": "Central"}},
        ),
        (
            V2_0_1,
            Decision(status=ACCEPTED, parent_id_tag="G", parent_id_tag_type="EVCCID"),
            {"status": "Accepted"},
        ),
        (V2_0_1, Decision(status=ACCEPTED, parent_id_tag="x" * 37), {"status": "Accepted"}),
        (
            V2_1,
            Decision(status=ACCEPTED, parent_id_tag="x" * 37, parent_id_tag_type="EVCCID"),
            {"status": "Accepted", "groupIdToken": {"idToken": "x" * 37, "type": "EVCCID"}},
        ),
    ],
)
def test_a_decision_is_written_with_what_the_version_can_say(
    version: OcppVersion, decision: Decision, info: dict[str, Any]
) -> None:
    assert info == id_tag_info(version, decision)
