"""Whatever the options say, the start ends with something that nginx takes."""

import re
import shutil
import socket
import stat
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from tests.proxy.ha_app.conftest import DOMAIN, NOW, Issued, loud, options_of, put

from oye_proxy.errors import SettingsError
from oye_proxy.ha_app import installation
from oye_proxy.ha_app.files import Owner
from oye_proxy.ha_app.installation import (
    App,
    front_for,
    install,
    plain_front,
    present_status,
    write_status,
)
from oye_proxy.ha_app.nginx import Nginx
from oye_proxy.ha_app.paths import Paths
from oye_proxy.status_file import CertificateStatus, FrontStatus

Issue = Callable[..., Issued]
SIGNED = CertificateStatus(
    purpose="main", names=(DOMAIN,), self_signed=False, fingerprint="3F", valid_until=NOW
)


def installed(app: App, **options: Any) -> tuple[str, list[str]]:
    """Install; return nginx.conf and what was said loudly."""
    _, remarks = install(app, options_of(app.paths, **options), "myhouse", NOW)
    return app.paths.nginx_conf.read_text(), loud(remarks)


def test_everything_is_made(app: App, paths: Paths, issue: Issue) -> None:
    put(paths, issue(DOMAIN))
    text, said = installed(app, trusted_domains=[DOMAIN])

    assert [] == said
    assert f"server_name {DOMAIN};" in text
    assert ["main", "lan"] == [one.purpose for one in present_status(paths.status).certificates]
    assert app.nginx.check() is None


def test_modes_are_those_that_keep_the_proxy_out(app: App, paths: Paths) -> None:
    installed(app)
    modes = {
        path: stat.S_IMODE(path.stat().st_mode)
        for path in (
            *(paths.run, paths.sockets, paths.tls, paths.proxy_data, paths.own_tls),
            *(paths.settings, paths.status, paths.nginx_conf, paths.tls / "lan.key"),
        )
    }

    assert {
        paths.run: 0o750,
        paths.sockets: 0o750,
        paths.tls: 0o700,
        paths.proxy_data: 0o700,
        paths.own_tls: 0o700,
        paths.settings: 0o640,
        paths.status: 0o640,
        paths.nginx_conf: 0o640,
        paths.tls / "lan.key": 0o600,
    } == modes


@pytest.mark.parametrize("allow_lan", [True, False])
@pytest.mark.parametrize("domains", [[], [DOMAIN], ["192.0.2.7"], ["*.local", "default", "a" * 60]])
@pytest.mark.parametrize("proxies", [[], ["10.0.0.5", "192.168.0.0/16", "2001:db8::/32"]])
def test_nginx_takes_every_combination(
    app: App, *, allow_lan: bool, domains: list[str], proxies: list[str]
) -> None:
    text, said = installed(
        app,
        trusted_domains=domains,
        allow_lan=allow_lan,
        trusted_proxies=proxies,
        log_level="debug",
    )

    assert not [line for line in said if "nginx" in line]
    assert bool(allow_lan) == ("~^\\d{1,3}" in text)


def test_long_names_and_many_are_no_trouble(app: App) -> None:
    domains = [f"{'a' * 60}.{number}.{'b' * 60}.example.org" for number in range(100)]
    text, said = installed(app, trusted_domains=domains)

    assert not [line for line in said if "nginx" in line]
    assert text.count("server_name ") == len(domains) + 3


def test_without_any_certificate_nobody_is_let_in(app: App, paths: Paths) -> None:
    paths.own_tls.write_text("no folder")
    text, said = installed(app, trusted_domains=[DOMAIN])

    assert "server_name " not in text
    assert 2 == len(said)
    assert said[0].startswith("there is no certificate: ")
    assert "nobody is let in from outside until this is mended" == said[1]


def test_a_machine_without_room_for_temporary_files_lets_nobody_in(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    text, said = installed(app, trusted_domains=[DOMAIN])

    assert "server_name " not in text
    assert said[0].startswith("there is no certificate: ")


def test_a_configuration_that_nginx_refuses_is_replaced_by_the_closed_one(
    app: App,
) -> None:
    broken = replace(app, front=replace(app.front, listens=("nowhere.invalid:",)))
    text, said = installed(broken, trusted_domains=[DOMAIN])

    assert "server_name " not in text
    assert "listen 127.0.0.1:8097" in text
    assert any(line.startswith("nginx does not take its configuration: ") for line in said)


def test_an_nginx_that_takes_nothing_is_one_sentence(app: App, paths: Paths) -> None:
    missing = Nginx(paths.nginx_conf, program=str(paths.run / "nginx"))
    with pytest.raises(SettingsError, match="nginx cannot run: "):
        installed(replace(app, nginx=missing))


def test_hsts_needs_a_certificate_that_browsers_trust(app: App, paths: Paths) -> None:
    options = options_of(paths, hsts=True, trusted_domains=[DOMAIN])

    assert front_for(app.front, options, [SIGNED]).hsts
    assert not front_for(app.front, options, [replace(SIGNED, self_signed=True)]).hsts
    assert not front_for(app.front, options, [replace(SIGNED, purpose="lan")]).hsts


@pytest.mark.parametrize(("level", "logged"), [("trace", True), ("debug", True), ("info", False)])
def test_requests_are_logged_at_debug(app: App, paths: Paths, level: str, *, logged: bool) -> None:
    options = options_of(paths, log_level=level)

    assert logged == front_for(app.front, options, []).log_requests


@pytest.mark.parametrize(("version", "http2"), [((1, 22, 1), False), ((1, 26), True), ((), False)])
def test_http2_where_nginx_has_the_directive(
    paths: Paths, version: tuple[int, ...], *, http2: bool
) -> None:
    assert http2 == plain_front(paths, version, None).http2


def test_workers_belong_to_the_group_of_the_proxy(paths: Paths) -> None:
    assert "www-data oye" == plain_front(paths, (), "oye").user


def test_a_kernel_without_ipv6_is_no_trouble(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "has_ipv6", False)

    assert ("",) == plain_front(paths, (), None).listens
    assert not installation._has_ipv6()


def test_what_the_proxy_was_told_before_is_found(app: App, paths: Paths) -> None:
    status = FrontStatus(certificates=(SIGNED,), charger_urls=("ws://a/ocpp/",))
    write_status(app, status)
    told = present_status(paths.status)
    paths.status.write_text("{")

    assert status == told
    assert FrontStatus() == present_status(paths.status)


def test_a_second_start_finds_everything_as_it_was(app: App, paths: Paths) -> None:
    first, _ = installed(app, trusted_domains=[DOMAIN])
    status = present_status(paths.status)
    shutil.rmtree(paths.run)
    second, _ = installed(app, trusted_domains=[DOMAIN])

    assert first == second
    assert status == present_status(paths.status)


def test_root_shares_with_the_group_of_the_proxy_alone(app: App) -> None:
    assert Owner(group=900) == replace(app, owner=Owner(900, 900)).shared


def test_no_option_gets_into_a_directive(app: App) -> None:
    """What is interpolated is a checked name, network or file of ours."""
    text, _ = installed(app, trusted_domains=[DOMAIN], trusted_proxies=["10.0.0.5"])
    values = re.findall(r"(?:server_name|set_real_ip_from) (\S+);", text)

    assert {'""', DOMAIN, "10.0.0.5/32", "~^."} >= set(values)
