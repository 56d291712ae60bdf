"""The filter that people write."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proxy.api.conftest import record

from oye_proxy.api.frame_filter import parse_filter
from oye_proxy.errors import InvalidRequestError
from oye_proxy.storage.frames import NewFrame

FRAME = NewFrame.of(
    "CP 1",
    record('[2,"m-1","BootNotification",{"chargePointVendor":"ACME Straße"}]'),
    datetime(2026, 11, 21, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        'charger:"CP 1"',
        '"charger:CP 1"',
        "action:BootNotification",
        "action:Heartbeat action:BootNotification",
        "direction:UPSTREAM",
        "direction:upstream",
        "acme",
        '"ACME STRASSE"',
        "acme vendor",
        "-action:Heartbeat",
        "-charger:CP2 -nothing",
        'charger:"CP 1" action:BootNotification direction:upstream acme',
        "-",
    ],
)
def test_a_frame_that_is_wanted(text: str) -> None:
    frame = FRAME if text != "-" else NewFrame("CP1", "UPSTREAM", "a-b", 0, 0)

    assert parse_filter(text).matches(frame)


@pytest.mark.parametrize(
    "text",
    [
        "charger:CP1",
        "charger:cp",
        "action:Heartbeat",
        "action:bootnotification",
        "direction:DOWNSTREAM",
        "nothing",
        "acme nothing",
        "-acme",
        "-action:BootNotification",
        '-charger:"CP 1"',
        "-direction:upstream",
        "unknown:CP1",
        "charger:",
    ],
)
def test_a_frame_that_is_not_wanted(text: str) -> None:
    assert not parse_filter(text).matches(FRAME)


@pytest.mark.parametrize("text", ['"open', " ".join(["a"] * 51)])
def test_a_filter_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"^filter: "):
        parse_filter(text)


@given(st.text())
def test_any_text_is_a_filter_or_an_error(text: str) -> None:
    try:
        parse_filter(text).matches(FRAME)
    except InvalidRequestError as error:
        assert str(error).startswith("filter: ")  # noqa: PT017 - either is right
