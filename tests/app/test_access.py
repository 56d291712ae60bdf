"""Who is served, and that nobody else learns anything."""

import hashlib
import ssl
from typing import Any

import pytest
from tests.app.house import (
    ADDRESS,
    BRIDGE,
    DOMAIN,
    LAN,
    STRANGER,
    SUPERVISOR,
    TRUSTED_PROXY,
    House,
    connect,
    parsed,
    receive_all,
    wait_until,
)

from oye_proxy.ha_app.installation import present_status

FORBIDDEN = 403
SERVED = 200
DROPPED = None


def status(house: House, host: str | None, source: str = STRANGER, **how: Any) -> int | None:
    answer = house.ask(host=host, source=source, **how)
    return None if answer is None else answer.status


@pytest.mark.parametrize(
    ("source", "host", "expected"),
    [
        # Nobody's password crosses the internet in clear.
        (STRANGER, DOMAIN, FORBIDDEN),
        (STRANGER, f"{DOMAIN}:9080", FORBIDDEN),
        (STRANGER, "OCPP.Example.ORG", FORBIDDEN),
        (STRANGER, ADDRESS, FORBIDDEN),
        (BRIDGE, DOMAIN, FORBIDDEN),
        (LAN, DOMAIN, SERVED),
        (TRUSTED_PROXY, DOMAIN, SERVED),
        # The LAN rule: a private source and a host that no DNS rebinding can make.
        (LAN, "192.168.1.5", SERVED),
        (LAN, "192.168.1.5:9080", SERVED),
        (LAN, "[fd00::5]", SERVED),
        (LAN, "homeassistant.local", SERVED),
        (LAN, "rebind.example.net", DROPPED),
        (LAN, "localhost", DROPPED),
        (LAN, "192.168.1.5.example.net", DROPPED),
        (STRANGER, "192.168.1.5", DROPPED),
        (STRANGER, "homeassistant.local", DROPPED),
        (BRIDGE, "192.168.1.5", DROPPED),
        (TRUSTED_PROXY, "homeassistant.local", DROPPED),
        # Everybody else.
        (STRANGER, "evil.example.net", DROPPED),
        (STRANGER, f"{DOMAIN}.evil.example.net", DROPPED),
        (STRANGER, f"x.{DOMAIN}", DROPPED),
        (STRANGER, "_", DROPPED),
        (STRANGER, "~^.", DROPPED),
        (STRANGER, "default", DROPPED),
        (STRANGER, "x" * 5000, DROPPED),
    ],
)
def test_a_plain_request_meets_the_rule_for_its_source_and_host(
    house: House, source: str, host: str, expected: int | None
) -> None:
    assert expected == status(house, host, source)


@pytest.mark.parametrize("host", ["", "a b", "a/b", "../x", "a\x00b", f"{DOMAIN}/../x"])
def test_a_host_that_is_none_gets_nothing_of_the_proxys(house: House, host: str) -> None:
    answer = house.ask(host=host, source=LAN)

    assert answer is None or 400 == answer.status


def test_a_request_without_a_host_is_dropped(house: House) -> None:
    assert house.ask(host=None, version="HTTP/1.0") is None


def test_two_hosts_are_refused(house: House) -> None:
    answer = house.ask(headers=[("Host", "evil.example.net")])

    assert answer is not None
    assert 400 == answer.status


def test_a_host_in_the_request_line_counts(house: House) -> None:
    assert house.ask("http://evil.example.net/health", source=LAN) is None


@pytest.mark.parametrize("path", ["/", "/api/state", "/api/users", "/metrics", "/assets/x.js"])
def test_plain_http_from_outside_gets_neither_console_nor_api(house: House, path: str) -> None:
    answer = house.ask(path)

    assert answer is not None
    assert FORBIDDEN == answer.status


@pytest.mark.parametrize(
    "upgrade", ["websocket:/x", "x, websocket", "websocket, x", "h2c", "\twebsocket:/ocpp"]
)
def test_no_upgrade_header_opens_the_api_in_clear(house: House, upgrade: str) -> None:
    """The proxy takes for a charger only what nginx took for one."""
    headers = [("Upgrade", upgrade), ("Connection", "Upgrade, close")]
    for path in ("/api/state", "/"):
        answer = house.ask(path, headers=headers)

        assert answer is not None
        assert FORBIDDEN == answer.status


@pytest.mark.parametrize(
    "path", ["/api/live", "/api", "/api?x", "/API/live", "/health", "/metrics", "/assets/x"]
)
def test_the_live_stream_is_no_charger(house: House, path: str) -> None:
    headers = [("Upgrade", "websocket"), ("Connection", "Upgrade, close")]
    answer = house.ask(path, headers=headers)

    assert answer is not None
    assert FORBIDDEN == answer.status


@pytest.mark.parametrize("path", ["/ocpp/../api/state", "/x/..%2fapi/state", "//api/state"])
def test_a_crooked_path_reaches_no_api_in_clear(house: House, path: str) -> None:
    """Both judge the same raw path."""
    for headers in ([], [("Upgrade", "websocket"), ("Connection", "Upgrade, close")]):
        answer = house.ask(path, headers=headers)

        assert answer is not None
        assert answer.status in (400, 403, 404)


def test_9080_never_redirects(house: House) -> None:
    """Chargers follow no redirect."""
    answers = [
        house.ask(path, source=source)
        for path in ("/", "/ocpp", "/ocpp/CP1", "/api", "/health")
        for source in (STRANGER, LAN, TRUSTED_PROXY)
    ]

    assert not [answer for answer in answers if answer and 300 <= answer.status < 400]


# TLS


def shown_to(house: House, **how: Any) -> str:
    """Return the purpose of the certificate that a client was shown."""
    answer = house.ask(tls=True, **how)
    assert answer is not None
    assert answer.certificate is not None
    fingerprint = hashlib.sha256(answer.certificate).hexdigest().upper()
    purposes = {
        one.fingerprint.replace(":", ""): one.purpose
        for one in present_status(house.app.paths.status).certificates
    }
    return purposes[fingerprint]


def test_a_trusted_name_is_served_to_everybody(house: House) -> None:
    assert SERVED == status(house, DOMAIN, tls=True, sni=DOMAIN)
    assert "main" == shown_to(house, sni=DOMAIN)


def test_who_comes_by_an_address_sees_the_neutral_certificate(house: House) -> None:
    """It names no public domain."""
    assert SERVED == status(house, "192.168.1.5", LAN, tls=True)
    assert SERVED == status(house, ADDRESS, tls=True)
    assert "lan" == shown_to(house, host=ADDRESS)


def test_a_scanner_by_address_gets_nothing(house: House) -> None:
    assert DROPPED is status(house, "192.0.2.99", tls=True)


@pytest.mark.parametrize("sni", ["evil.example.net", f"x.{DOMAIN}", "localhost"])
@pytest.mark.parametrize("source", [STRANGER, LAN])
def test_a_foreign_name_gets_no_handshake(house: House, sni: str, source: str) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized"):
        house.ask(tls=True, sni=sni, source=source)


def test_a_foreign_host_behind_a_trusted_name_is_dropped(house: House) -> None:
    assert DROPPED is status(house, "evil.example.net", tls=True, sni=DOMAIN)
    assert DROPPED is status(house, "192.168.1.5", tls=True, sni=DOMAIN)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(house: House, version: ssl.TLSVersion) -> None:
    assert version is handshake(house, version)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_nothing_older_is_spoken(house: House) -> None:
    with pytest.raises(ssl.SSLError):
        handshake(house, ssl.TLSVersion.TLSv1_1)


@pytest.mark.parametrize("cipher", ["AES128-GCM-SHA256", "AES256-GCM-SHA384"])
def test_the_suites_of_old_chargers_are_the_last_resort(house: House, cipher: str) -> None:
    """The OCPP security profiles demand them of a CSMS."""
    assert ssl.TLSVersion.TLSv1_2 is handshake(house, ssl.TLSVersion.TLSv1_2, cipher)


def handshake(house: House, version: ssl.TLSVersion, cipher: str = "ALL") -> ssl.TLSVersion:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with (
        connect(house.ports.tls) as plain,
        context.wrap_socket(plain, server_hostname=DOMAIN) as connection,
    ):
        return ssl.TLSVersion[str(connection.version()).replace(".", "_")]


# Headers and logs


def test_each_security_header_is_there_once(house: House) -> None:
    """`DENY` would break the panel in Home Assistant."""
    answer = house.ask("/", tls=True, sni=DOMAIN)

    assert answer is not None
    assert ["nosniff"] == answer.all("X-Content-Type-Options")
    assert ["SAMEORIGIN"] == answer.all("X-Frame-Options")
    assert ["no-referrer"] == answer.all("Referrer-Policy")
    assert 1 == len(answer.all("Content-Security-Policy"))
    assert [] == answer.all("Strict-Transport-Security")
    assert ["nginx"] == answer.all("Server")


def test_a_wrong_name_in_the_house_is_found_in_the_log_and_strangers_are_not(
    house: House,
) -> None:
    house.ask(host="wrong-stranger.example.net")
    house.ask(host="wrong-house.example.net", source=LAN)
    wait_until(lambda: "wrong-house" in house.log)

    assert (
        f'nginx: refused host "wrong-house.example.net" from {LAN} (missing in trusted_domains?)'
        in house.log
    )
    assert "wrong-stranger" not in house.log


def test_a_request_that_was_served_is_not_called_refused(house: House) -> None:
    house.ask(host="served-in-the-house.local", source=LAN)
    house.ask(host="then-refused.example.net", source=LAN)
    wait_until(lambda: "then-refused" in house.log)

    assert "served-in-the-house" not in house.log


# The inner listeners


def test_only_supervisor_reaches_ingress(house: House) -> None:
    port = house.ports.ingress
    others = [
        house.ask("/api/state", port=port, source=source) for source in (STRANGER, LAN, BRIDGE)
    ]

    assert "chargers" in house.supervisor("/api/state")
    assert [FORBIDDEN] * 3 == [answer and answer.status for answer in others]


def test_the_integration_is_let_in_from_the_bridge_and_needs_a_token(house: House) -> None:
    port = house.ports.integration
    inside = house.ask("/api/state", port=port, source=BRIDGE, host="any-name")
    outside = house.ask("/api/state", port=port, source=LAN, host="any-name")

    assert [401, FORBIDDEN] == [answer and answer.status for answer in (inside, outside)]


def test_health_goes_through_nginx_into_the_proxy(house: House) -> None:
    health = house.ask("/health", port=house.ports.health, source="127.0.0.1", host="127.0.0.1")
    other = house.ask("/api/state", port=house.ports.health, source="127.0.0.1", host="127.0.0.1")

    assert health is not None
    assert (SERVED, True) == (health.status, health.body.startswith("OCPP Proxy Active."))
    assert other is None


IDENTITY = [
    ("X-Remote-User-Id", "abc"),
    ("X-Remote-User-Name", "admin"),
    ("X-Ingress-Path", "/api/hassio_ingress/x"),
    ("X-Hass-Source", "core.ingress"),
    ("X-OYE-Console", "1"),
]


@pytest.mark.parametrize("source", [STRANGER, LAN, TRUSTED_PROXY, SUPERVISOR])
def test_nobody_is_an_administrator_by_a_header(house: House, source: str) -> None:
    answer = house.ask("/api/users", tls=True, sni=DOMAIN, source=source, headers=IDENTITY)

    assert answer is not None
    assert 401 == answer.status


@pytest.mark.parametrize(
    ("source", "expected"), [(STRANGER, FORBIDDEN), (LAN, 401), (TRUSTED_PROXY, 401)]
)
def test_https_is_claimed_in_vain_by_strangers(house: House, source: str, expected: int) -> None:
    answer = house.ask("/api/state", source=source, headers=[("X-Forwarded-Proto", "https")])

    assert answer is not None
    assert expected == answer.status


def test_a_connection_serves_no_second_host(house: House) -> None:
    """Each request on a kept connection meets the rules anew."""
    with connect(house.ports.plain, LAN) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: 192.168.1.5\r\n\r\n")
        first = connection.recv(65536)
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: evil.example.net\r\n\r\n")
        second = receive_all(connection)
    answer = parsed(first)

    assert answer is not None
    assert (SERVED, b"") == (answer.status, second)
