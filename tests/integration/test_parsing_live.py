"""The state, the issues and the news: tolerant, and what did not change stays the same object."""

from typing import Any

import pytest
from custom_components.oye.models import Severity
from custom_components.oye.parsing_base import InvalidAnswerError
from custom_components.oye.parsing_live import (
    parse_event,
    parse_issues,
    parse_proxy,
    parse_state,
)
from tests.integration import chargers
from tests.integration.fake_proxy import issue

type Json = dict[str, Any]

PROXY: Json = {
    "version": "0.1.0",
    "apiVersion": 1,
    "instanceId": "i-1",
    "name": "Garage",
    "features": ["tags", 7],
}


def state(*listed: Any, **more: Any) -> Json:
    return {
        "epoch": "e",
        "seq": 0,
        "proxy": PROXY,
        "chargers": list(listed),
        "issues": [],
    } | more


def test_a_proxy_is_read() -> None:
    proxy = parse_proxy(PROXY)

    assert ("i-1", 1, "0.1.0", "Garage") == (
        proxy.instance_id,
        proxy.api_version,
        proxy.version,
        proxy.name,
    )
    assert {"tags"} == proxy.features


@pytest.mark.parametrize("data", [None, [], {}, {"instanceId": "", "apiVersion": 1}])
def test_what_is_no_proxy_is_refused(data: Any) -> None:
    with pytest.raises(InvalidAnswerError):
        parse_proxy(data)


@pytest.mark.parametrize("data", [None, {"epoch": "e", "seq": 0}, {"chargers": []}])
def test_what_is_no_state_is_refused(data: Any) -> None:
    with pytest.raises(InvalidAnswerError):
        parse_state(data)


def test_what_did_not_change_is_the_same_object() -> None:
    before = parse_state(state(chargers.two_evses("CP2"), chargers.idle("CP3")))
    same = parse_state(state(chargers.two_evses("CP2"), chargers.idle("CP3")), before)

    assert same.chargers is before.chargers
    assert same.proxy is before.proxy
    assert same.issues is before.issues


def test_issues_are_read_without_those_that_have_no_key() -> None:
    read = parse_issues(
        [issue("limit_conflict", "CP1", wished=10), {"key": ""}, 7, {"key": "new", "severity": 1}]
    )

    assert ["limit_conflict", "new"] == [one.key for one in read]
    assert {"wished": 10} == read[0].params
    assert Severity.WARNING is read[1].severity
    assert () == parse_issues(None)


def test_an_event_is_read() -> None:
    data = {"event": "boot", "chargePointId": "CP1", "time": "x", "data": {"reason": "PowerUp"}}
    event = parse_event(data)

    assert event is not None
    assert ("boot", "CP1", None, {"reason": "PowerUp"}) == (
        event.event,
        event.charge_point_id,
        event.time,
        event.data,
    )
    assert parse_event({"event": "boot"}) is None


@pytest.mark.parametrize("data", [None, {}, {"chargePointId": ""}])
def test_a_charger_that_cannot_be_read_costs_no_other(data: Any) -> None:
    read = parse_state(state(data, chargers.idle("CP3")))

    assert ["CP3"] == list(read.chargers)
    assert not read.complete
