"""The rendered text; tests/app shows under a real nginx what it does."""

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from oye_proxy.ha_app.front import Front, Limits
from oye_proxy.ha_app.names import read_names
from oye_proxy.ha_app.networks import Networks
from oye_proxy.ha_app.nginx_config import render_nginx

FRONT = Front(
    folder=Path("/run/oye"),
    public_socket=Path("/run/oye/sock/public.sock"),
    ingress_socket=Path("/run/oye/sock/ingress.sock"),
)
NAMES = read_names(["ocpp.example.org", "*.example.net", "192.0.2.7", "2001:db8::1"])[0]


def rendered(**changes: Any) -> str:
    return render_nginx(replace(FRONT, **changes))


def servers(text: str) -> list[str]:
    """Return the text of each server block."""
    return re.findall(r"(?ms)^  server \{\n(.*?)^  \}", text)


def names_of(text: str) -> list[str]:
    return re.findall(r"server_name ([^;]*);", text)


def test_without_names_and_lan_nobody_is_served() -> None:
    """Fail closed: the first block and the last one, beside the three inner listeners."""
    text = rendered()

    assert ['""', "~^."] == names_of(text)
    assert 5 == len(servers(text))
    assert 2 == text.count("ssl_reject_handshake on;")
    assert 3 == text.count("return 444;")  # and below the health listener


def test_each_trusted_name_has_a_block_of_its_own_and_strangers_the_last() -> None:
    text = rendered(names=NAMES, allow_lan=True)

    assert [
        '""',
        "ocpp.example.org",
        "*.example.net",
        "192.0.2.7",
        "[2001:db8::1]",
        r'*.local "~^\d{1,3}(?:\.\d{1,3}){3}$" "~^\[[0-9a-f:.]+\]$"',
        "~^.",
    ] == names_of(text)
    assert "server_name ~^.;" in servers(text)[-1]


def test_only_names_have_the_main_certificate() -> None:
    """Who comes by an address sends no SNI and gets the neutral one."""
    by_name = {names_of(block)[0]: block for block in servers(rendered(names=NAMES))[:5]}

    assert "tls/main.pem" in by_name["ocpp.example.org"]
    assert "tls/main.pem" in by_name["*.example.net"]
    assert "tls/main.pem" not in by_name["192.0.2.7"]
    assert "ssl_reject_handshake" not in by_name['""']


@pytest.mark.parametrize(
    ("names", "allow_lan", "refuses"),
    [(NAMES[:1], False, True), (NAMES[:1], True, False), (NAMES[2:3], False, False)],
)
def test_without_a_reason_for_addresses_no_handshake_is_made_without_a_name(
    names: tuple[Any, ...],
    *,
    allow_lan: bool,
    refuses: bool,
) -> None:
    first = servers(rendered(names=names, allow_lan=allow_lan))[0]

    assert refuses == ("ssl_reject_handshake on;" in first)


def test_a_name_of_the_lan_that_is_trusted_stands_in_one_block_only() -> None:
    names, _ = read_names(["*.local"])
    text = rendered(names=names, allow_lan=True)

    assert 1 == text.count("*.local")


def test_the_closed_variant_has_the_inner_listeners_alone() -> None:
    text = rendered(names=NAMES, allow_lan=True, serves=False)

    assert ["8098", "[::]:8098", "8099", "127.0.0.1:8097"] == re.findall(r"listen (\S+);", text)
    assert "ssl_certificate" not in text


def test_the_networks_are_those_of_the_rule() -> None:
    """Docker's bridge is never the LAN: there strangers may appear."""
    text = rendered(trusted_proxies=("10.0.0.5/32", "192.168.0.0/16"))
    lan = re.findall(r"(?ms)\$oye_lan \{\n(.*?)\}", text)[0].split(";")

    assert [
        *("default 0", "10.0.0.0/8 1", "172.16.0.0/12 1", "192.168.0.0/16 0", "169.254.0.0/16 1"),
        *("fc00::/7 1", "fe80::/10 1", "172.30.32.0/23 0", "fd0c:ac1e:2100::/48 0"),
        *("10.0.0.5/32 0", ""),
    ] == [line.strip() for line in lan]
    assert "172.30.32.2" == Networks().supervisor


def test_a_quiet_charger_stays_for_an_hour_and_more() -> None:
    text = rendered()

    assert "proxy_read_timeout 3600s;" in text
    assert "proxy_send_timeout 3600s;" in text
    assert "proxy_buffering off;" in text
    assert "proxy_request_buffering off;" in text


def test_the_path_arrives_as_it_was_sent() -> None:
    """With a URI part nginx would decode `%2F`."""
    passes = re.findall(r"proxy_pass ([^;]+);", rendered(names=NAMES, allow_lan=True))

    assert {"http://oye_public", "http://oye_ingress"} == set(passes)


def test_who_the_client_is_is_set_and_never_added_to() -> None:
    text = rendered(names=NAMES, trusted_proxies=("10.0.0.5/32",))
    trusted = [block for block in servers(text) if "server_name" in block and "real_ip" in block]

    assert "$proxy_add_x_forwarded_for" not in text
    assert len(NAMES) == len(trusted)
    assert "set_real_ip_from" not in text.partition("server {")[0]


def test_only_ingress_passes_the_identity_on() -> None:
    text = rendered(names=NAMES, allow_lan=True)
    ingress = next(block for block in servers(text) if "8099" in block)

    assert "allow 172.30.32.2;\n    deny all;" in ingress
    assert "X-Ingress-Path $http_x_ingress_path" in ingress
    assert "X-Remote-User" not in ingress
    for name in ("X-Remote-User-Id", "X-Remote-User-Name", "X-Remote-User-Display-Name"):
        assert f'proxy_set_header {name} "";' in text


def test_hsts_is_said_over_tls_alone() -> None:
    """It binds a name on all ports and would break plain ones."""
    text = rendered(names=NAMES[:1], hsts=True)

    assert 'on "max-age=31536000";' in text
    assert 1 == text.count("add_header Strict-Transport-Security $oye_hsts always;")
    assert "Strict-Transport" not in rendered(names=NAMES)


def test_requests_are_logged_only_when_wanted_and_without_secrets() -> None:
    text = rendered(log_requests=True)
    form = re.findall(r"log_format request '([^']*)'", text)[0]

    assert "access_log /dev/stdout request;" in text
    assert "upstream $upstream_connect_time" in form
    assert not re.search(r"args|query|request_uri|cookie|authorization|\$request ", form)
    assert "error_log stderr info;" in text
    assert "access_log off;" in rendered()
    assert "error_log stderr warn;" in rendered()


def test_tls_is_1_2_and_1_3() -> None:
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in rendered()


def test_the_limits_are_those_of_one_address() -> None:
    text = rendered(limits=Limits(handshakes=7, requests=9, connections=11, burst=13), names=NAMES)

    assert "rate=7r/s" in text
    assert "rate=9r/s" in text
    assert "limit_conn connections 11;" in text
    assert "limit_req zone=handshakes burst=13 nodelay;" in text
    assert "limit_conn_zone $binary_remote_addr" in text


@pytest.mark.parametrize(
    ("names", "allow_lan", "http2", "user"),
    list(itertools.product([(), NAMES], [True, False], [True, False], [None, "www-data oye"])),
)
def test_braces_and_semicolons_are_in_order(
    *,
    names: tuple[Any, ...],
    allow_lan: bool,
    http2: bool,
    user: str | None,
) -> None:
    text = rendered(names=names, allow_lan=allow_lan, http2=http2, user=user)
    outside = re.sub(r'"[^"]*"|\'[^\']*\'', "", text)

    assert outside.count("{") == outside.count("}")
    assert all(
        line.rstrip().endswith((";", "{", "}")) for line in outside.splitlines() if line.strip()
    )
    assert http2 == ("http2 on;" in text)
    assert (user is not None) == text.startswith("user www-data oye;")
