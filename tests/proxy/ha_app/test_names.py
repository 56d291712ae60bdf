"""`trusted_domains`: what is a name is taken, everything else is named and skipped."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proxy.ha_app.conftest import loud

from oye_proxy.ha_app.names import NameKind, TrustedName, hostname_of, machine_name, read_names


@pytest.mark.parametrize(
    ("entry", "text", "kind"),
    [
        ("ocpp.example.org", "ocpp.example.org", NameKind.DOMAIN),
        ("  OCPP.Example.ORG ", "ocpp.example.org", NameKind.DOMAIN),
        ("homeassistant", "homeassistant", NameKind.DOMAIN),
        ("default", "default", NameKind.DOMAIN),
        ("include", "include", NameKind.DOMAIN),
        ("*.example.org", "*.example.org", NameKind.WILDCARD),
        ("münchen.example", "xn--mnchen-3ya.example", NameKind.DOMAIN),
        ("192.0.2.7", "192.0.2.7", NameKind.ADDRESS),
        ("2001:DB8:0::1", "[2001:db8::1]", NameKind.ADDRESS),
        ("[2001:db8::1]", "[2001:db8::1]", NameKind.ADDRESS),
    ],
)
def test_a_name_is_taken_as_nginx_knows_it(entry: str, text: str, kind: NameKind) -> None:
    names, remarks = read_names([entry])

    assert (TrustedName(text, kind),) == names
    assert [] == loud(remarks)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("ocpp.example.org:9443", "ocpp.example.org"),
        ("ocpp.example.org.", "ocpp.example.org"),
        ("192.0.2.7:80", "192.0.2.7"),
        ("[2001:db8::1]:443", "[2001:db8::1]"),
    ],
)
def test_what_is_no_part_of_a_name_is_dropped_and_told(entry: str, text: str) -> None:
    names, remarks = read_names([entry])

    assert [text] == [name.text for name in names]
    assert [f'trusted_domains: "{entry}" is read as {text}'] == [one.text for one in remarks]


HOSTILE = [
    "",
    " ",
    "https://ocpp.example.org",
    "ocpp.example.org/ocpp",
    "a b",
    "a;b",
    "x; return 200; #",
    "x{}",
    "$host",
    "~^.*$",
    "_",
    '"',
    "a\nserver {}",
    "*",
    "a.*.org",
    "*example.org",
    "*.",
    "*.*.org",
    ".example.org",
    "a..b",
    "-a.org",
    "a-.org",
    "a_b.org",
    "x" * 64,
    ".".join(["abcdefgh"] * 40),
    "1.2.3",
    "256.1.1.1",
    "127.1",
    "0x7f.1",
    "0.0.0.0",  # noqa: S104 - refused, not bound
    "::",
    "224.0.0.1",
    "fe80::1%eth0",
    "[::1",
    "ocpp.example.org:port",
    "xn--\N{SNOWMAN}",
    "\N{SNOWMAN}" * 70,
    7,
    None,
    ["a"],
]


@pytest.mark.parametrize("entry", HOSTILE)
def test_anything_else_is_ignored_with_a_sentence_that_names_the_option(entry: object) -> None:
    names, remarks = read_names([entry, "ocpp.example.org"])

    assert ["ocpp.example.org"] == [name.text for name in names]
    assert 1 == len(loud(remarks))
    assert re.match(r'trusted_domains: ".*" is ignored: ', loud(remarks)[0], re.DOTALL)


def test_each_name_is_there_once() -> None:
    names, _ = read_names(["a.org", "A.org", "a.org:80", "b.org"])

    assert ["a.org", "b.org"] == [name.text for name in names]


@given(st.text())
def test_no_text_gets_past_that_nginx_would_read_as_more_than_a_name(text: str) -> None:
    names, _ = read_names([text])

    assert all(re.fullmatch(r"(\*\.)?[a-z0-9.-]+|\[[0-9a-f:.]+\]", name.text) for name in names)


@pytest.mark.parametrize(
    ("told", "host"),
    [
        ("http://homeassistant.local:8123", "homeassistant.local"),
        ("https://192.168.1.5", "192.168.1.5"),
        ("http://[fd00::5]:8123/", "[fd00::5]"),
        ("myhouse", "myhouse"),
        ("http://[::1", None),
        ("http://a b/", None),
        ("x;y", None),
        ("*.example.org", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_host_that_another_program_told_is_checked_too(told: object, host: str | None) -> None:
    assert host == hostname_of(told)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        *(("myhouse", "myhouse"), ("MyHouse.local", "myhouse.local")),
        *(("192.168.1.5", None), ("[fd00::5]", None), ("x;y", None), (None, None)),
    ],
)
def test_an_address_is_no_name_of_a_machine(told: object, name: str | None) -> None:
    assert name == machine_name(told)
