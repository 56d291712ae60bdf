"""The defaults are those of the app: its ports, and the limits of one address."""

from pathlib import Path

from msgspec import structs

from oye_proxy.ha_app.front import Front, Limits, Ports


def test_the_ports_are_those_that_the_app_publishes() -> None:
    assert (9080, 9443, 8098, 8099, 8097) == structs.astuple(Ports())


def test_a_quiet_charger_has_an_hour_and_a_site_may_reconnect_at_once() -> None:
    limits = Limits()

    assert "3600s" == limits.quiet
    assert (100, 5, 30, 100) == (
        limits.connections,
        limits.handshakes,
        limits.requests,
        limits.burst,
    )


def test_nobody_is_trusted_who_was_not_named() -> None:
    front = Front(folder=Path(), public_socket=Path(), ingress_socket=Path())

    assert ((), False, (), False) == (
        front.names,
        front.allow_lan,
        front.trusted_proxies,
        front.hsts,
    )
