"""The filter that people write."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from oye_proxy.api.frame_filter import FrameFilter, Mark, Traits, parse_filter
from oye_proxy.errors import InvalidRequestError
from oye_proxy.ocppj.commands import Peer

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TRAITS = Traits(
    charge_point_id="CP 1",
    action="BootNotification",
    sender=Peer.CHARGER,
    receiver=Peer.CSMS,
    directions=("UPSTREAM", "DOWNSTREAM"),
    marks=frozenset({Mark.ERROR, Mark.LATE}),
    latency=2.5,
    moment=NOW - timedelta(minutes=30),
    payloads=('[2,"m-1","BootNotification",{"v":"ACME Straße"}]', '[4,"m-1","Why","a-b",{}]'),
)


def matches(text: str, **changes: Any) -> bool:
    return parse_filter(text, NOW).matches(replace(TRAITS, **changes))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        'charger:"CP 1"',
        "action:BootNotification",
        "action:bootnotification",
        "action:Heartbeat action:BootNotification",
        "direction:UPSTREAM",
        "direction:downstream",
        "from:charger to:csms",
        "from:CSMS from:charger",
        "is:error",
        "is:error is:injected",
        "latency>2s",
        "latency>=2.5s latency<3s",
        "latency<1h",
        "latency<=2500ms",
        "since:1h",
        "since:2026-11-21T11:00Z until:2026-11-21T12:00+00:00",
        "since:2026-11-21T11:00 until:29m",
        "acme",
        '"ACME STRASSE"',
        "acme why",
        "-action:Heartbeat",
        "-charger:CP2 -nothing",
        "-is:malformed",
        "-",
        'charger:"CP 1" action:BootNotification from:charger is:late latency>1s acme',
    ],
)
def test_an_exchange_that_is_wanted(text: str) -> None:
    assert matches(text)


@pytest.mark.parametrize(
    "text",
    [
        "charger:CP1",
        'charger:"cp 1"',
        "action:Heartbeat",
        "direction:REPLAY_REQUEST",
        "from:csms",
        "to:charger",
        "is:injected",
        "latency>2500ms",
        "latency<2s",
        "since:10m",
        "until:1h",
        "since:2026-11-21T11:31Z",
        "nothing",
        "acme nothing",
        '"charger:CP 1"',
        "-acme",
        "-why",
        "-action:BootNotification",
        '-charger:"CP 1"',
        "-direction:upstream",
        "-is:error",
        "-from:charger",
    ],
)
def test_an_exchange_that_is_not_wanted(text: str) -> None:
    assert not matches(text)


def test_what_has_no_answer_has_no_latency() -> None:
    assert not matches("latency<1h", latency=None)
    assert not matches("latency>1ms", latency=None)


def test_an_action_that_ocpp_does_not_know_is_compared_as_it_is() -> None:
    assert matches("action:myOwn", action="myOwn")
    assert not matches("action:MYOWN", action="myOwn")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('"open', "filter: at character 1: the quotation mark is not closed"),
        ("a chargr:CP1", "filter: at character 3: chargr: is no condition; known are charger,"),
        ("http://x", "filter: at character 1: http: is no condition"),
        ("charger:", "filter: at character 1: charger: needs a value right behind the colon"),
        ("is:wrong", "filter: at character 1: is: is one of error, injected, late, unanswered and"),
        ("x from:me", "filter: at character 3: from: is one of charger, csms and proxy"),
        ("direction:UP", "filter: at character 1: direction: is one of UPSTREAM,"),
        ("latency>2", "filter: at character 1: write a latency as latency>2s or latency<100ms"),
        ("latency>>2s", "filter: at character 1: write a latency"),
        ("-latency>2s", "filter: at character 1: write a latency"),
        ("since:yesterday", "filter: at character 1: since: needs a time such as"),
        ("-since:1h", "filter: at character 1: since: needs a time"),
        ("until:999999999d", "filter: at character 1: until: needs a time"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, error: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        parse_filter(text, NOW)

    assert str(caught.value).startswith(error)


def test_one_value_of_a_kind_can_be_asked_for() -> None:
    wanted = parse_filter("charger:A action:Heartbeat action:Reset", NOW)

    assert "A" == wanted.only("charger")
    assert wanted.only("action") is None
    assert wanted.only("from") is None


def test_only_a_filter_without_conditions_is_empty() -> None:
    assert parse_filter(" ", NOW).is_empty
    assert FrameFilter().is_empty
    assert not parse_filter("-a", NOW).is_empty
    assert not parse_filter("since:1h", NOW).is_empty


@given(st.text())
def test_any_text_is_a_filter_or_an_error(text: str) -> None:
    try:
        matches(text)
    except InvalidRequestError as error:
        assert str(error).startswith("filter: ")  # noqa: PT017 - either is right
