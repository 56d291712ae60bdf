"""The addresses to type into a charger, for every way in that is open."""

from typing import Any

import pytest
from msgspec.structs import replace
from tests.proxy.ha_app.conftest import options_of

from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.supervisor import NOT_ASKED, Surroundings
from oye_proxy.ha_app.urls import charger_urls, url_remarks

HOUSE = Surroundings(hostname="myhouse", asked=True)


def urls(paths: Paths, surroundings: Surroundings, **options: Any) -> list[str]:
    return [one.url for one in charger_urls(options_of(paths, **options), surroundings)]


def test_one_for_the_lan_and_two_for_each_name(paths: Paths) -> None:
    names = ["ocpp.example.org", "192.0.2.7", "2001:db8::1", "*.example.net"]

    assert [
        "ws://myhouse.local:9080/ocpp/",
        "wss://ocpp.example.org:9443/ocpp/",
        "ws://ocpp.example.org:9080/ocpp/",
        "wss://192.0.2.7:9443/ocpp/",
        "ws://192.0.2.7:9080/ocpp/",
        "wss://[2001:db8::1]:9443/ocpp/",
        "ws://[2001:db8::1]:9080/ocpp/",
        "wss://<name>.example.net:9443/ocpp/",
        "ws://<name>.example.net:9080/ocpp/",
    ] == urls(paths, HOUSE, trusted_domains=names)


def test_the_ports_are_those_of_the_host_and_usual_ones_are_left_out(paths: Paths) -> None:
    surroundings = replace(HOUSE, plain_port=80, tls_port=443)

    assert ["wss://a.org/ocpp/", "ws://a.org/ocpp/"] == urls(
        paths, surroundings, trusted_domains=["a.org"], allow_lan=False
    )


def test_a_port_that_is_not_published_has_no_address(paths: Paths) -> None:
    options = options_of(paths, trusted_domains=["a.org"])
    only_plain = replace(HOUSE, tls_port=None)
    only_tls = replace(HOUSE, plain_port=None)

    assert ["ws://myhouse.local:9080/ocpp/", "ws://a.org:9080/ocpp/"] == [
        one.url for one in charger_urls(options, only_plain)
    ]
    assert ["wss://a.org:9443/ocpp/"] == [one.url for one in charger_urls(options, only_tls)]


@pytest.mark.parametrize(
    ("surroundings", "said"),
    [
        (HOUSE, []),
        (NOT_ASKED, ["Supervisor did not answer"]),
        (replace(HOUSE, tls_port=None), ["port 9443/tcp is not published"]),
        (replace(HOUSE, plain_port=None), ["port 9080/tcp is not published"]),
        (replace(HOUSE, plain_port=None, tls_port=None), ["no port is published"]),
    ],
)
def test_what_is_missing_is_said(paths: Paths, surroundings: Surroundings, said: list[str]) -> None:
    options = options_of(paths, trusted_domains=["a.org"])
    remarks = [remark.text for remark in url_remarks(options, surroundings)]

    assert len(said) == len(remarks)
    assert all(text.startswith(start) for text, start in zip(remarks, said, strict=True))
