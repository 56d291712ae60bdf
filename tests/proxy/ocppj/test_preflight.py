"""Commands that may fail are sent, with a warning (C16-E 3.40, F06.FR.17)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.ocppj.boot import BootState
from oye_proxy.ocppj.id_tag_cache import LIFE, IdTag, IdTagCache
from oye_proxy.ocppj.preflight import warnings_of
from oye_proxy.ocppj.versions import OcppVersion

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
V16, V201, V21 = OcppVersion.V1_6, OcppVersion.V2_0_1, OcppVersion.V2_1
BOOT = {"requestedMessage": "BootNotification"}
BOOTED = ("The charger's boot is accepted already; it may refuse to boot again",)
STRANGE = ("The CSMS was not seen to accept this tag; it may refuse the transaction",)


def warnings(
    version: OcppVersion,
    action: str,
    payload: Any,
    *,
    boot_state: BootState = BootState.UNKNOWN,
    refused_with: str | None = None,
    csms_tags: IdTagCache | None = None,
    now: datetime = NOW,
) -> tuple[str, ...]:
    return warnings_of(
        version,
        action,
        payload,
        boot_state=boot_state,
        refused_with=refused_with,
        csms_tags=csms_tags,
        now=now,
    )


def token(text: str, kind: str = "ISO14443") -> dict[str, Any]:
    return {"idToken": {"idToken": text, "type": kind}}


@pytest.fixture
def tags() -> IdTagCache:
    cache = IdTagCache()
    cache.learn(V16, IdTag("GOOD"), {"status": "Accepted"}, NOW)
    cache.learn(V16, IdTag("BAD"), {"status": "Blocked"}, NOW)
    cache.learn(V201, IdTag("GOOD", "ISO14443"), {"status": "Accepted"}, NOW)
    return cache


@pytest.mark.parametrize(
    ("version", "action", "payload", "state", "expected"),
    [
        (V16, "TriggerMessage", BOOT, BootState.ACCEPTED, BOOTED),
        (V16, "ExtendedTriggerMessage", BOOT, BootState.ACCEPTED, BOOTED),
        (V21, "TriggerMessage", BOOT, BootState.ACCEPTED, BOOTED),
        (V201, "TriggerMessage", BOOT, BootState.UNKNOWN, ()),
        (V201, "TriggerMessage", BOOT, BootState.PENDING, ()),
        (V201, "TriggerMessage", {"requestedMessage": "Heartbeat"}, BootState.ACCEPTED, ()),
        (V201, "TriggerMessage", [], BootState.ACCEPTED, ()),
        (V201, "Reset", BOOT, BootState.ACCEPTED, ()),
    ],
)
def test_a_charger_that_is_accepted_need_not_boot(
    version: OcppVersion, action: str, payload: Any, state: BootState, expected: tuple[str, ...]
) -> None:
    assert expected == warnings(version, action, payload, boot_state=state)


@pytest.mark.parametrize(
    ("version", "action", "payload", "expected"),
    [
        (V16, "RemoteStartTransaction", {"idTag": "good"}, ()),
        (V16, "RemoteStartTransaction", {"idTag": "BAD"}, STRANGE),
        (V16, "RemoteStartTransaction", {"idTag": "NEW"}, STRANGE),
        (V16, "RemoteStartTransaction", {}, ()),
        (V16, "RemoteStopTransaction", {"idTag": "NEW"}, ()),
        (V201, "RequestStartTransaction", token("GOOD"), ()),
        (V201, "RequestStartTransaction", token("GOOD", "Central"), STRANGE),
        (V21, "RequestStartTransaction", token("NEW"), STRANGE),
        (V21, "RequestStartTransaction", token("", "NoAuthorization"), ()),
    ],
)
def test_a_tag_that_the_csms_does_not_know_may_be_refused(
    tags: IdTagCache,
    version: OcppVersion,
    action: str,
    payload: Any,
    expected: tuple[str, ...],
) -> None:
    assert expected == warnings(version, action, payload, csms_tags=tags)


def test_the_csms_s_word_on_a_tag_ends(tags: IdTagCache) -> None:
    later = NOW + LIFE + timedelta(seconds=1)

    assert STRANGE == warnings(
        V16, "RemoteStartTransaction", {"idTag": "GOOD"}, csms_tags=tags, now=later
    )


def test_without_a_csms_any_tag_will_do() -> None:
    assert () == warnings(V16, "RemoteStartTransaction", {"idTag": "NEW"})


def test_an_action_that_the_charger_does_not_have_is_told_first(tags: IdTagCache) -> None:
    before = "The charger answered RemoteStartTransaction with NotSupported before"

    assert (before, *STRANGE) == warnings(
        V16,
        "RemoteStartTransaction",
        {"idTag": "NEW"},
        refused_with="NotSupported",
        csms_tags=tags,
    )


WORDS = st.sampled_from(["requestedMessage", "BootNotification", "idTag", "idToken", "type"])
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


@given(
    version=st.sampled_from(OcppVersion),
    action=st.sampled_from(
        ["TriggerMessage", "RemoteStartTransaction", "RequestStartTransaction", "Reset"]
    ),
    payload=JSON,
)
def test_no_payload_raises(version: OcppVersion, action: str, payload: Any) -> None:
    warnings(version, action, payload, boot_state=BootState.ACCEPTED, csms_tags=IdTagCache())
