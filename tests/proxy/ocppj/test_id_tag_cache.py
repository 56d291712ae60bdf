"""The cache of what the CSMS said about id tags (C16 3.5.1, P2 C10)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oye_proxy.ocppj.id_tag_cache import (
    LIFE,
    CachedTag,
    ForgottenTag,
    IdTag,
    IdTagCache,
    IdTagStatus,
)
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CARD = IdTag("04A2", "ISO14443")


def _accepted(id_tag: str, *, accepted_at: datetime = NOW, **more: Any) -> CachedTag:
    return CachedTag(id_tag=id_tag, status=IdTagStatus.ACCEPTED, accepted_at=accepted_at, **more)


def test_an_accepted_tag_is_known_with_parent_and_expiry() -> None:
    cache = IdTagCache()
    info = {"status": "Accepted", "parentIdTag": "FAMILY", "expiryDate": "2026-08-01T00:00:00Z"}

    cache.learn(V1_6, IdTag("ABC"), info, NOW)

    assert _accepted(
        "ABC", parent_id_tag="FAMILY", expiry=datetime(2026, 8, 1, tzinfo=UTC)
    ) == cache.find(IdTag("ABC"), NOW)


def test_a_2_x_token_is_known_with_its_group() -> None:
    cache = IdTagCache()
    info = {
        "status": "Accepted",
        "groupIdToken": {"idToken": "G", "type": "Central"},
        "cacheExpiryDateTime": "2026-08-01T00:00:00Z",
    }

    cache.learn(V2_0_1, CARD, info, NOW)

    assert _accepted(
        "04A2",
        id_tag_type="ISO14443",
        parent_id_tag="G",
        parent_id_tag_type="Central",
        expiry=datetime(2026, 8, 1, tzinfo=UTC),
    ) == cache.find(CARD, NOW)


def test_tags_compare_without_case_and_with_their_type() -> None:
    """C16 3.9; P2 IdTokenType: the idToken is an identifierString."""
    cache = IdTagCache([_accepted("AbC"), _accepted("04A2", id_tag_type="ISO14443")])

    assert cache.find(IdTag("aBc"), NOW) is not None
    assert cache.find(IdTag("04a2", "iso14443"), NOW) is not None
    assert cache.find(IdTag("04A2", "KeyCode"), NOW) is None
    assert cache.find(IdTag("04A2"), NOW) is None


@pytest.mark.parametrize(
    ("expiry", "end"), [(None, NOW + LIFE), (NOW + 5 * SECOND, NOW + 5 * SECOND)]
)
def test_an_entry_lives_until_its_expiry_else_thirty_days(
    expiry: datetime | None, end: datetime
) -> None:
    cache = IdTagCache([_accepted("ABC", expiry=expiry)])

    assert cache.find(IdTag("ABC"), end - SECOND) is not None
    assert cache.find(IdTag("ABC"), end) is None
    assert 0 == len(cache)
    assert [ForgottenTag("ABC", None)] == cache.take_changes()


def test_each_acceptance_begins_a_new_life() -> None:
    cache = IdTagCache([_accepted("ABC")])

    cache.learn(V1_6, IdTag("ABC"), {"status": "Accepted"}, NOW + LIFE - SECOND)

    assert cache.find(IdTag("ABC"), NOW + LIFE + SECOND) is not None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Blocked", IdTagStatus.BLOCKED),
        ("Expired", IdTagStatus.EXPIRED),
        ("Invalid", IdTagStatus.INVALID),
        ("Whatever", IdTagStatus.INVALID),
    ],
)
def test_a_refusal_replaces_an_acceptance_at_once(word: str, status: IdTagStatus) -> None:
    cache = IdTagCache([_accepted("ABC")])

    cache.learn(V1_6, IdTag("abc"), {"status": word}, NOW)

    known = cache.find(IdTag("ABC"), NOW)
    assert known is not None
    assert status is known.status
    assert 1 == len(cache)


@pytest.mark.parametrize(
    "info", [None, [], {}, {"status": 1}, {"status": None}, {"status": "ConcurrentTx"}]
)
def test_what_says_nothing_of_the_tag_changes_nothing(info: Any) -> None:
    """C16 7.2: ConcurrentTx is about another transaction of a good tag."""
    cache = IdTagCache([_accepted("ABC")])

    cache.learn(V1_6, IdTag("ABC"), info, NOW + SECOND)

    assert _accepted("ABC") == cache.find(IdTag("ABC"), NOW)
    assert [] == cache.take_changes()


@pytest.mark.parametrize("id_tag", [IdTag(""), IdTag("x" * 256), IdTag("a", "t" * 21)])
def test_impossible_tags_are_not_kept(id_tag: IdTag) -> None:
    cache = IdTagCache()

    cache.learn(V2_1, id_tag, {"status": "Accepted"}, NOW)

    assert 0 == len(cache)


@pytest.mark.parametrize(
    ("version", "info"),
    [
        (V1_6, {"status": "Accepted", "parentIdTag": "x" * 256, "expiryDate": "soon"}),
        (V1_6, {"status": "Accepted", "parentIdTag": 7, "expiryDate": 7}),
        (V2_1, {"status": "Accepted", "groupIdToken": "G", "cacheExpiryDateTime": {}}),
        (V2_1, {"status": "Accepted", "groupIdToken": {"idToken": 1, "type": "x"}}),
    ],
)
def test_unreadable_parents_and_dates_are_left_out(version: OcppVersion, info: Any) -> None:
    cache = IdTagCache()

    cache.learn(version, IdTag("ABC"), info, NOW)

    assert _accepted("ABC") == cache.find(IdTag("ABC"), NOW)


@pytest.mark.parametrize(
    ("version", "action", "request_payload", "response", "id_tag"),
    [
        (
            V1_6,
            "Authorize",
            {"idTag": "ABC"},
            {"idTagInfo": {"status": "Accepted"}},
            IdTag("ABC"),
        ),
        (
            V1_6,
            "StartTransaction",
            {"idTag": "ABC", "connectorId": 1},
            {"transactionId": 1, "idTagInfo": {"status": "Accepted"}},
            IdTag("ABC"),
        ),
        (
            V1_6,
            "StopTransaction",
            {"idTag": "ABC", "transactionId": 1},
            {"idTagInfo": {"status": "Accepted"}},
            IdTag("ABC"),
        ),
        (
            V2_0_1,
            "Authorize",
            {"idToken": {"idToken": "04A2", "type": "ISO14443"}},
            {"idTokenInfo": {"status": "Accepted"}},
            CARD,
        ),
        (
            V2_1,
            "TransactionEvent",
            {"eventType": "Started", "idToken": {"idToken": "04A2", "type": "ISO14443"}},
            {"idTokenInfo": {"status": "Accepted"}},
            CARD,
        ),
        (
            V1_6,
            "SendLocalList",
            {
                "localAuthorizationList": [
                    {"idTag": "GONE"},
                    "nonsense",
                    {"idTag": "ABC", "idTagInfo": {"status": "Accepted"}},
                ]
            },
            {"status": "Accepted"},
            IdTag("ABC"),
        ),
        (
            V2_1,
            "SendLocalList",
            {
                "localAuthorizationList": [
                    {
                        "idToken": {"idToken": "04A2", "type": "ISO14443"},
                        "idTokenInfo": {"status": "Accepted"},
                    }
                ]
            },
            {"status": "Accepted"},
            CARD,
        ),
    ],
)
def test_the_cache_learns_from_what_passes(
    version: OcppVersion, action: str, request_payload: Any, response: Any, id_tag: IdTag
) -> None:
    cache = IdTagCache()

    cache.learn_from(version, action, request_payload, response, NOW)

    assert cache.find(id_tag, NOW) is not None
    assert 1 == len(cache)


@pytest.mark.parametrize(
    ("action", "request_payload", "response"),
    [
        ("Heartbeat", {"idTag": "ABC"}, {"idTagInfo": {"status": "Accepted"}}),
        ("Authorize", {"idTag": "ABC"}, {}),
        ("Authorize", {"idTag": 7}, {"idTagInfo": {"status": "Accepted"}}),
        ("Authorize", None, {"idTagInfo": {"status": "Accepted"}}),
        ("Authorize", {"idTag": "ABC"}, None),
        ("StopTransaction", {"transactionId": 1}, {"idTagInfo": {"status": "Accepted"}}),
        (
            "SendLocalList",
            {"localAuthorizationList": [{"idTag": "A", "idTagInfo": {"status": "Accepted"}}]},
            {"status": "Failed"},
        ),
        ("SendLocalList", {"localAuthorizationList": 7}, {"status": "Accepted"}),
        ("SendLocalList", {}, {"status": "Accepted"}),
    ],
)
def test_other_exchanges_teach_nothing(action: str, request_payload: Any, response: Any) -> None:
    cache = IdTagCache()

    cache.learn_from(V1_6, action, request_payload, response, NOW)

    assert 0 == len(cache)


def test_changes_are_told_once_and_one_per_tag() -> None:
    cache = IdTagCache([_accepted("OLD")])
    cache.learn(V1_6, IdTag("ABC"), {"status": "Blocked"}, NOW)
    cache.learn(V1_6, IdTag("ABC"), {"status": "Accepted"}, NOW)

    assert [_accepted("ABC")] == cache.take_changes()
    assert [] == cache.take_changes()


def test_a_full_cache_gives_up_the_oldest_acceptance() -> None:
    entries = [_accepted(f"T{age}", accepted_at=NOW - age * SECOND) for age in range(4)]

    cache = IdTagCache(entries, size=3)

    assert cache.find(IdTag("T3"), NOW) is None
    assert [True] * 3 == [cache.find(IdTag(f"T{age}"), NOW) is not None for age in range(3)]

    cache.learn(V1_6, IdTag("NEW"), {"status": "Accepted"}, NOW)

    assert cache.find(IdTag("T2"), NOW) is None
    assert [ForgottenTag("T2", None), _accepted("NEW")] == sorted(
        cache.take_changes(), key=lambda change: isinstance(change, CachedTag)
    )


def test_invented_tags_do_not_push_out_accepted_ones() -> None:
    cache = IdTagCache([_accepted("GOOD")], size=3)

    for number in range(10):
        cache.learn(V1_6, IdTag(f"BAD{number}"), {"status": "Invalid"}, NOW + number * SECOND)

    assert cache.find(IdTag("GOOD"), NOW) is not None
    assert 3 == len(cache)


def test_changes_that_nobody_takes_are_bounded() -> None:
    cache = IdTagCache(size=2)

    for number in range(20):
        cache.learn(V1_6, IdTag(f"T{number}"), {"status": "Accepted"}, NOW + number * SECOND)

    assert 4 == len(cache.take_changes())
