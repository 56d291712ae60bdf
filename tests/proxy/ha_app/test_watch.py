"""A renewal is loaded by a reload; what is broken changes nothing but the log."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from tests.proxy.ha_app.conftest import DOMAIN, NOW, Issued, options_of, put

from oye_proxy.ha_app.installation import App, install, present_status, write_status
from oye_proxy.ha_app.nginx import Nginx
from oye_proxy.ha_app.notices import Notice, Notices
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.remarks import Lines
from oye_proxy.ha_app.watch import Watch
from oye_proxy.settings import LogLevel

Issue = Callable[..., Issued]


class Watched:
    """An installed app, a watch that looks when told to, and what it says."""

    def __init__(self, app: App, trusted: str = DOMAIN) -> None:
        self.app = app
        self.now: datetime = NOW
        self.said: list[str] = []
        options = options_of(app.paths, trusted_domains=[trusted])
        install(app, options, "myhouse", NOW)
        self.watch = Watch(app, options, Lines(LogLevel.INFO, self.said.append), lambda: self.now)

    @property
    def reloads(self) -> int:
        path = self.app.paths.run / "reloads"
        return path.read_text().count("reload") if path.exists() else 0

    def look(self) -> list[str]:
        """Make one round; return what it said."""
        self.said.clear()
        self.watch.look()
        return list(self.said)

    @property
    def in_use(self) -> bytes:
        return (self.app.paths.tls / "main.pem").read_bytes()


@pytest.fixture
def watched(app: App, paths: Paths, issue: Issue) -> Watched:
    put(paths, issue(DOMAIN))
    return Watched(app)


def test_without_a_change_nothing_is_reloaded(watched: Watched) -> None:
    """Old workers live as long as their WebSockets."""
    assert [] == watched.look()
    assert 0 == watched.reloads


def test_what_the_start_has_said_is_not_said_again(app: App) -> None:
    assert [] == Watched(app).look()


def test_a_renewed_pair_is_loaded_and_told(watched: Watched, paths: Paths, issue: Issue) -> None:
    renewed = issue(DOMAIN, days=80)
    put(paths, renewed)
    write_status(watched.app, replace(present_status(paths.status), charger_urls=("ws://a/ocpp/",)))
    said = watched.look()
    status = present_status(paths.status)

    assert 1 == len(said)
    assert said[0].startswith(f"Loaded: TLS {DOMAIN}: from /ssl, valid until ")
    assert renewed.chain == watched.in_use
    assert 1 == watched.reloads
    assert NOW + timedelta(days=80) == status.certificates[0].valid_until
    assert ("ws://a/ocpp/",) == status.charger_urls
    assert [] == watched.look()


def test_a_broken_renewal_keeps_the_old_pair_and_is_told_once(
    watched: Watched, paths: Paths
) -> None:
    before = watched.in_use
    (paths.ssl / "fullchain.pem").write_bytes(b"half")
    first, second = watched.look(), watched.look()

    assert 1 == len(first)
    assert "the former one stays in use" in first[0]
    assert [] == second
    assert (before, 0) == (watched.in_use, watched.reloads)


def test_the_owners_first_pair_replaces_ours(app: App, paths: Paths, issue: Issue) -> None:
    watched = Watched(app)
    issued = issue(DOMAIN)
    put(paths, issued)
    watched.look()

    assert (issued.chain, 1) == (watched.in_use, watched.reloads)


def test_the_end_is_told_at_each_step_once(watched: Watched) -> None:
    said = []
    for days in (0, 59, 60, 61, 76, 83, 87, 89, 90):
        watched.now = NOW + timedelta(days=days)
        said += watched.look() + watched.look()
    reminders = [line for line in said if " ends in " in line or "has ended" in line]

    assert ["30", "14", "7", "3", "1", "0"] == [
        "0" if "has ended" in line else line.split(" ends in ")[1].split()[0] for line in reminders
    ]


def test_home_assistant_is_told_of_the_end_and_of_the_renewal(
    watched: Watched, paths: Paths, issue: Issue
) -> None:
    """One notification of a fixed id, taken away again."""
    told: list[Notice] = []

    def look(days: int) -> None:
        watched.now = NOW + timedelta(days=days)
        watched.look()
        told.extend(Notices(paths.notices).waiting())

    for days in (0, 80):
        look(days)
    put(paths, issue(DOMAIN, days=200))
    look(82)

    assert [None, "certificate_ends", None] == [notice.text for notice in told]
    assert (DOMAIN, "10") == (told[1].values["names"], told[1].values["days"])


def test_what_nginx_does_not_take_is_taken_back(
    watched: Watched, paths: Paths, issue: Issue
) -> None:
    before = watched.in_use
    put(paths, issue(DOMAIN, days=80))
    working = watched.app.nginx
    broken = Nginx(paths.nginx_conf, program="false")
    watched.watch._app = replace(watched.app, nginx=broken)
    first, second = watched.look(), watched.look()

    assert 1 == len(first)
    assert "the certificates stay as they are: nginx does not take them" in first[0]
    assert [] == second
    assert before == watched.in_use
    watched.watch._app = replace(watched.app, nginx=working)
    watched.look()

    assert before != watched.in_use


def test_a_reload_that_fails_is_told_and_tried_again(app: App, paths: Paths, issue: Issue) -> None:
    put(paths, issue(DOMAIN))
    command = ["sh", "-c", f"test -e {paths.run}/s6 && echo reload >> {paths.run}/reloads"]
    watched = Watched(replace(app, nginx=Nginx(paths.nginx_conf, reload_command=command)))
    put(paths, issue(DOMAIN, days=80))
    said = watched.look()
    (paths.run / "s6").touch()
    watched.look()
    watched.look()

    assert 1 == len(said)
    assert "nginx was not told to reload" in said[0]
    assert 1 == watched.reloads


def test_a_closed_start_is_mended_by_the_next_look(app: App, paths: Paths) -> None:
    paths.own_tls.write_text("no folder")
    watched = Watched(app)
    closed = "server_name " not in paths.nginx_conf.read_text()
    paths.own_tls.unlink()
    watched.look()

    assert closed
    assert f"server_name {DOMAIN};" in paths.nginx_conf.read_text()
    assert 1 == watched.reloads


def test_it_looks_until_it_is_told_to_stop(watched: Watched, paths: Paths, issue: Issue) -> None:
    put(paths, issue(DOMAIN, days=80))
    stop = threading.Event()
    watched.watch._lines = Lines(LogLevel.INFO, lambda _: stop.set())
    watched.watch.run(stop, 0.01)

    assert 1 == watched.reloads
