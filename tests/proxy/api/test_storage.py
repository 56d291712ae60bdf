"""`/api/storage`: which frames are stored, and for how long."""

from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer

DEFAULTS = {
    "preset": "all",
    "rules": [],
    "otherwise": "all",
    "retentionCount": 1000,
    "retentionDays": 90,
    "maxBytes": 2147483648,
}
RULE = {"action": "MeterValues", "direction": None, "keep": "last"}


async def test_by_default_all_is_stored(api: Api) -> None:
    assert (200, DEFAULTS) == await api.ask("GET", "/api/storage")


@pytest.mark.parametrize(
    "changes",
    [
        {"preset": "selective"},
        {"preset": "custom", "rules": [RULE], "otherwise": "none"},
        {"rules": [{**RULE, "direction": "UPSTREAM"}]},
        {"retentionCount": 5, "retentionDays": 0, "maxBytes": 0},
        DEFAULTS,
        {},
    ],
)
async def test_what_is_given_is_taken_over_and_the_rest_stays(
    api: Api, changes: dict[str, Any]
) -> None:
    expected = {**DEFAULTS, **changes}

    assert (200, expected) == await api.ask("PATCH", "/api/storage", changes)
    assert (200, expected) == await api.ask("GET", "/api/storage")


async def test_null_is_the_setting_again(api: Api) -> None:
    limits = {"retentionCount": 5, "retentionDays": 6, "maxBytes": 2**30}
    await api.ask("PATCH", "/api/storage", limits)

    assert (200, DEFAULTS) == await api.ask("PATCH", "/api/storage", dict.fromkeys(limits))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"preset": "some"}, "preset"),
        ({"rules": [{"action": "A", "keep": "some"}]}, "keep"),
        ({"rules": [{"action": "A", "keep": "all", "direction": "SIDEWAYS"}]}, "direction"),
        ({"rules": [{"action": "A B", "keep": "all"}]}, "'A B' is no action"),
        ({"rules": [{"action": "A", "keep": "all", "more": 1}]}, "more"),
        ({"rules": [RULE, RULE]}, "MeterValues is named twice"),
        ({"rules": [{"action": "A\x00", "keep": "all"}]}, "is no action"),
        ({"otherwise": "last"}, "otherwise: `last` needs a rule"),
        ({"retentionCount": 0}, "retentionCount"),
        ({"retentionDays": -1}, "retentionDays"),
        ({"maxBytes": 1000}, "maxBytes: give at least"),
        ({"maxBytes": 10**30}, "maxBytes"),
        ({"preset": None}, "preset"),
        ({"unheard": 1}, "unheard"),
    ],
)
async def test_what_cannot_be_is_a_sentence_and_changes_nothing(
    api: Api, changes: dict[str, Any], sentence: str
) -> None:
    status, body = await api.ask("PATCH", "/api/storage", changes)

    assert (400, "invalid_request") == (status, body["code"])
    assert sentence in body["error"]
    assert (200, DEFAULTS) == await api.ask("GET", "/api/storage")


async def test_only_an_admin_changes_it(api: Api) -> None:
    for token in ("token-of-read", "token-of-control"):
        headers = bearer(token)
        read, _ = await api.ask("GET", "/api/storage", headers=headers)
        changed, _ = await api.ask("PATCH", "/api/storage", {}, headers=headers)

        assert (200, 403) == (read, changed)
