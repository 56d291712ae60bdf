"""`trusted_proxies`: who may speak for others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proxy.ha_app.conftest import loud

from oye_proxy.ha_app.networks import read_networks


@pytest.mark.parametrize(
    ("entry", "network"),
    [
        ("10.0.0.5", "10.0.0.5/32"),
        (" 10.0.0.0/24 ", "10.0.0.0/24"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("172.30.33.7", "172.30.33.7/32"),
    ],
)
def test_an_address_or_a_network_is_taken(entry: str, network: str) -> None:
    assert ((network,), []) == read_networks([entry])


def test_bits_of_a_host_are_cut_off_and_told() -> None:
    networks, remarks = read_networks(["10.0.0.5/24", "10.0.0.0/24"])

    assert ("10.0.0.0/24",) == networks
    assert ['trusted_proxies: "10.0.0.5/24" is read as 10.0.0.0/24'] == [
        one.text for one in remarks
    ]


@pytest.mark.parametrize(
    "entry",
    [
        *("", "proxy.example.org", "10.0.0.0/33", "10.0.0.5:80", "fe80::1%eth0", "10.0.0.5;", 7),
        *("0.0.0.0/0", "::/0", "172.30.32.1", "172.30.32.0/23", "172.16.0.0/12"),
        *("fd0c:ac1e:2100::1", None, {"a": 1}, "fe80::1%;deny all;", "fe80::%{}/64"),
    ],
)
def test_anything_else_is_ignored_with_a_sentence_that_names_the_option(entry: object) -> None:
    """Nobody speaks for everybody; under Docker's gateway strangers appear."""
    networks, remarks = read_networks([entry, "10.0.0.5"])

    assert ("10.0.0.5/32",) == networks
    assert 1 == len(loud(remarks))
    assert loud(remarks)[0].startswith("trusted_proxies: ")


@given(st.text() | st.from_regex(r"[0-9a-f:.]{2,20}(%.*)?(/[0-9]{1,3})?", fullmatch=True))
def test_no_text_gets_past_that_nginx_would_read_as_more_than_a_network(text: str) -> None:
    networks, _ = read_networks([text])

    assert all(re.fullmatch(r"[0-9a-f:.]+/\d+", network) for network in networks)
