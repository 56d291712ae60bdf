"""`config.yaml` and `repository.yaml`: what Supervisor and the app linter demand, and more."""

import re
import subprocess
import tomllib
from pathlib import Path, PurePath
from typing import Any

import msgspec
import pytest
from tests.app.declarations import (
    APP,
    BEST_RATING,
    DEFAULTS,
    NOT_WANTED,
    OTHER_KEYS,
    ROOT,
    config,
    is_list,
    read_yaml,
    schema,
    security_rating,
)

from oye_proxy.ha_app import command
from oye_proxy.ha_app import options as options_module
from oye_proxy.ha_app.front import Ports
from oye_proxy.ha_app.options import Options, read_options
from oye_proxy.settings import LogLevel

# The one option whose field has another name: what was typed becomes checked names.
FIELDS = {"trusted_domains": "trusted_names"}
SUFFIXES = {".yaml", ".yml", ".json"}


def test_there_is_one_app_and_one_repository() -> None:
    """Supervisor takes every `config.*` for an app, and the first `repository.*` for the store."""
    assert [APP / "config.yaml"] == _found_by_supervisor("config")
    assert [ROOT / "repository.yaml"] == _found_by_supervisor("repository")
    assert [] == _found_by_supervisor("build")


def test_the_repository_has_a_name_and_only_known_keys() -> None:
    repository = read_yaml(ROOT / "repository.yaml")

    assert repository["name"] == "OYE"
    assert repository.keys() <= {"name", "url", "maintainer"}


def test_the_repository_has_one_address() -> None:
    """It stands in the store, on the app's page, in the manifest and in the guide."""
    address = read_yaml(ROOT / "repository.yaml")["url"]
    manifest = msgspec.json.decode((ROOT / "custom_components/oye/manifest.json").read_bytes())
    guide = (APP / "DOCS.md").read_text()

    assert address.startswith("https://")
    assert not address.endswith("/")
    assert address == config()["url"]
    assert f"{address}/blob/main/docs/HOME_ASSISTANT.md" == manifest["documentation"]
    assert f"{address}/issues" == manifest["issue_tracker"]
    assert f"for example `{address}`" in guide


def test_the_security_rating_is_the_best() -> None:
    assert security_rating(config(), profile=(APP / "apparmor.txt").is_file()) == BEST_RATING


@pytest.mark.parametrize(
    ("change", "rating"),
    [
        ({"apparmor": False}, 6),
        ({"ingress": False}, 6),
        ({"hassio_role": "manager"}, 7),
        ({"hassio_role": "admin"}, 6),
        ({"host_network": True}, 7),
        ({"host_pid": True}, 6),
        ({"privileged": ["NET_ADMIN"]}, 7),
        ({"docker_api": True}, 1),
        ({"full_access": True}, 1),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else str(value),
)
def test_each_right_would_cost_some_of_it(change: dict[str, Any], rating: int) -> None:
    """The rule of Supervisor that the test above applies."""
    assert security_rating(config() | change, profile=True) == rating


def test_every_key_is_known_and_none_is_deprecated() -> None:
    """Supervisor drops a misspelt key without a word."""
    assert set() == config().keys() - DEFAULTS.keys() - OTHER_KEYS
    assert set() == config().keys() & NOT_WANTED
    assert config().keys() >= {"name", "version", "slug", "description", "arch"}


def test_no_key_says_what_holds_anyway() -> None:
    """The app linter takes that for an error."""
    written = config()

    assert [] == [key for key, value in DEFAULTS.items() if written.get(key, ...) == value]


def test_the_app_is_built_for_both_kinds_of_machines_and_never_changes_its_slug() -> None:
    assert ["aarch64", "amd64"] == config()["arch"]
    assert config()["slug"] == "oye-proxy"


def test_no_right_is_asked_for_that_is_not_needed() -> None:
    """Notifications need Core's API; discovery and what the app asks about itself need nothing."""
    rights = {
        *("audio", "auth_api", "devices", "devicetree", "docker_api", "environment", "full_access"),
        *("gpio", "hassio_api", "hassio_role", "host_dbus", "host_ipc", "host_network", "host_pid"),
        *("host_uts", "journald", "kernel_modules", "legacy", "privileged", "realtime", "services"),
        *("stdin", "uart", "udev", "usb", "video"),
    }

    assert set() == config().keys() & rights


def test_folders_are_mapped_in_one_form_and_only_the_integration_needs_to_write() -> None:
    assert config()["map"] == [
        {"type": "ssl"},
        {"type": "homeassistant_config", "read_only": False},
    ]


def test_only_the_two_public_ports_are_published() -> None:
    ports = Ports()

    assert config()["ports"] == {
        f"{ports.plain}/tcp": ports.plain,
        f"{ports.tls}/tcp": ports.tls,
    }
    assert DEFAULTS["ingress_port"] == ports.ingress


def test_s6_is_the_first_process_and_has_time_to_stop() -> None:
    declared = config()

    assert declared["init"] is False
    assert declared["startup"] == "services"
    assert 10 < declared["timeout"] <= 300


def test_a_backup_has_the_snapshot_and_not_the_database_that_is_being_written() -> None:
    (pattern,) = config()["backup_exclude"]
    excluded = ("db/oye-proxy.db", "db/oye-proxy.db-wal", "db/oye-proxy.db-shm")
    kept = ("snapshot/oye-proxy.db", "secrets.json")

    assert all(PurePath("/data/oye", name).match(pattern) for name in excluded)
    assert not any(PurePath("/data/oye", name).match(pattern) for name in kept)


@pytest.mark.parametrize("key", ["backup_pre", "backup_post"])
def test_commands_of_the_backup_are_the_apps(key: str) -> None:
    """A command that fails ends the backup."""
    program, *arguments = config()[key].split()

    assert program == "/opt/oye/bin/oye-app"
    assert command._parser().parse_args(arguments).drop is (key == "backup_post")


def test_schema_and_app_know_the_same_options() -> None:
    known = {field.name for field in msgspec.structs.fields(Options)}

    assert known == {FIELDS.get(name, name) for name in schema()}


def test_every_type_of_the_schema_is_one_of_supervisors() -> None:
    assert [] == [name for name, element in schema().items() if not element.known]


def test_an_option_that_must_be_there_has_a_default() -> None:
    """Without one the app cannot be started before it is configured."""
    required = {name for name, element in schema().items() if not element.optional}

    assert set() == required - config()["options"].keys()
    assert set() == config()["options"].keys() - schema().keys()


def test_defaults_satisfy_the_schema_and_are_those_of_the_app(tmp_path: Path) -> None:
    defaults = config()["options"]
    refused = [
        name
        for name, value in defaults.items()
        for entry in (value if is_list(name) else [value])
        if not schema()[name].takes(entry)
    ]
    file = tmp_path / "options.json"
    file.write_bytes(msgspec.json.encode(defaults))

    assert [] == refused
    assert (options_module.DEFAULTS, []) == read_options(file)


def test_log_levels_are_those_of_the_app() -> None:
    assert "|".join(level.value for level in LogLevel) in config()["schema"]["log_level"]
    assert all(schema()["log_level"].takes(level.value) for level in LogLevel)
    assert not schema()["log_level"].takes("verbose")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("trusted_domains", "ocpp.example.org"),
        ("trusted_domains", "*.example.org"),
        ("trusted_domains", "Bücher.example"),
        ("trusted_domains", "192.0.2.7"),
        ("trusted_domains", "[2001:db8::1]"),
        ("trusted_proxies", "10.0.0.0/24"),
        ("trusted_proxies", "fd00::/64"),
        ("certfile", "fullchain.pem"),
        ("keyfile", "live/oye.example.org/privkey.pem"),
        ("csms_url", ""),
        ("csms_url", "wss://user:password@csms.example.com:8443/ocpp/{id}?x=1"),
        ("database_url", "postgresql+asyncpg://user:password@host/database"),
        ("database_url", ""),
    ],
)
def test_the_schema_takes_what_the_app_can_use(option: str, value: str) -> None:
    assert schema()[option].takes(value)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("trusted_domains", "https://ocpp.example.org"),
        ("trusted_domains", "ocpp example org"),
        ("trusted_domains", ""),
        ("trusted_proxies", "10.0.0.1 10.0.0.2"),
        ("certfile", "../secret.pem"),
        ("certfile", "/etc/passwd"),
        ("certfile", ""),
        ("csms_url", "https://csms.example.com"),
        ("csms_url", "wss://csms.example.com x"),
        ("log_level", "loud"),
    ],
)
def test_the_schema_refuses_what_is_surely_wrong(option: str, value: str) -> None:
    assert not schema()[option].takes(value)


def test_patterns_are_closed_at_both_ends() -> None:
    """Supervisor anchors only the start."""
    patterns = [element.text for element in schema().values() if element.text.startswith("match(")]

    assert patterns
    assert [] == [text for text in patterns if not re.fullmatch(r"match\(\^.*\$\)\??", text)]


def test_what_may_hold_a_password_is_masked() -> None:
    assert schema()["database_url"].text == "password?"


def test_there_is_one_version() -> None:
    """The app, the package, the integration and the changelog are released together."""
    project = tomllib.loads((APP / "pyproject.toml").read_text())["project"]
    headings = re.findall(r"(?m)^## (.*)$", (APP / "CHANGELOG.md").read_text())
    manifest = ROOT / "custom_components/oye/manifest.json"
    versions = {config()["version"], project["version"], headings[0].partition(" - ")[0]}
    if manifest.is_file():
        versions.add(msgspec.json.decode(manifest.read_bytes())["version"])

    assert len(versions) == 1, versions


def _found_by_supervisor(stem: str) -> list[Path]:
    """Return the files of that name, as Supervisor looks for them in a clone."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [
        ROOT / path
        for path in map(Path, listing.split("\0"))
        if path.stem == stem
        and path.suffix in SUFFIXES
        and not any(part.startswith(".") or part == "rootfs" for part in path.parts)
    ]
