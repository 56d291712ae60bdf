"""`apparmor.txt`: what Supervisor does with it, and what it must not allow."""

import re

from tests.app.declarations import APP, config

PROFILE = (APP / "apparmor.txt").read_text()
FILE_RULE = re.compile(r"(?:[/@]\S*) (?P<access>[a-zA-Z]+)(?: -> \w+)?,")
OTHER_RULE = re.compile(
    r"network(?: \w+)*,|signal(?: \((?:send|receive)\))?(?: peer=\S+)?,|capability \w+,"
    r"|#include <[\w/]+>"
)


def test_supervisor_finds_one_profile_to_rename() -> None:
    """It renames lines that begin with `profile`; a second one in column 0 is an error."""
    names = re.findall(r"(?m)^profile ([^ ]+)", PROFILE)

    assert [config()["slug"]] == names


def test_every_line_is_a_rule_and_blocks_are_closed() -> None:
    depth = 0
    strange = []
    for line in map(str.strip, PROFILE.splitlines()):
        if line.endswith("{"):
            assert re.fullmatch(
                r"profile [\w-]+ flags=\(attach_disconnected,mediate_deleted\) {", line
            )
            depth += 1
        elif line == "}":
            depth -= 1
        elif line and not line.startswith("# ") and not _is_rule(line):
            strange.append(line)

    assert [] == strange
    assert depth == 0


def test_no_rule_allows_everything() -> None:
    """The published template has a bare `file,`, which allows every path."""
    rules = {line.strip() for line in PROFILE.splitlines()}

    assert set() == rules & {"file,", "capability,", "ptrace,", "mount,", "dbus,", "unix,"}
    assert not re.search(r"(?m)^\s*/(?:\{,\*\*\}|\*\*) ", PROFILE)
    assert "ux," not in PROFILE.lower()


def test_home_assistants_configuration_is_written_only_where_the_integration_is() -> None:
    writable = [
        line.split()[0]
        for line in map(str.strip, _app().splitlines())
        if line.startswith("/homeassistant") and "w" in line.split()[1]
    ]

    assert writable == [
        "/homeassistant/custom_components/{,oye/{,**}}",
        "/homeassistant/.oye-stage-*/{,**}",
    ]


def test_the_proxy_sees_no_keys_and_none_of_home_assistants_files() -> None:
    """It talks to strangers; nginx has the keys, `oye-app` the configuration."""
    seen = {
        line.split()[0]
        for line in map(str.strip, _proxy().splitlines())
        if line.startswith(("/", "@"))
    }

    assert not [path for path in seen if path.startswith(("/ssl", "/homeassistant", "/data/tls"))]
    assert {path for path in seen if path.startswith(("/data", "/**", "/{,**}"))} == {
        "/data/oye/{,**}"
    }
    assert "capability" not in _proxy()


def test_the_proxy_takes_signals_from_the_app_under_any_name_that_supervisor_gives() -> None:
    assert "signal (receive) peer=*_oye-proxy," in _proxy()


def test_python_may_read_what_it_reads_at_its_start() -> None:
    """`mimetypes` opens this file if it is there, and aiohttp cannot be imported if that fails."""
    assert "/etc/mime.types r," in _proxy()


def test_scripts_that_are_started_can_be_read() -> None:
    """Their interpreter opens them; s6-overlay's `/init` is one."""
    readable = [
        line.split()[0].removesuffix("**")
        for line in map(str.strip, PROFILE.splitlines())
        if line.startswith("/") and "r" in line.split()[1]
    ]
    started = re.findall(r"(?m)^\s*(/\S+) ix,$", PROFILE)
    places = {"/usr/lib/bashio/**": "/usr/{lib,share}/", "/etc/s6-overlay/**": "/etc/"}
    places |= {"/run/{s6,s6-rc*,service}/**": "/run/{,**}"}
    places |= {"/opt/oye/bin/{python*,oye-app}": "/opt/oye/"}

    assert "/init rix," in PROFILE
    assert set(places) == set(started)
    assert set() == set(places.values()) - set(readable)


def test_certificates_are_only_read() -> None:
    (access,) = re.findall(r"(?m)^\s*/ssl/\*\* (\w+),$", PROFILE)

    assert access == "r"


def _is_rule(line: str) -> bool:
    if OTHER_RULE.fullmatch(line):
        return True
    found = FILE_RULE.fullmatch(line)
    return found is not None and re.fullmatch(r"[rwlkm]*(?:ix|cx)?", found["access"]) is not None


def _app() -> str:
    return PROFILE.partition("  profile proxy ")[0]


def _proxy() -> str:
    return PROFILE.partition("  profile proxy ")[2]
