"""`options.json`: any file starts the app, and what is wrong in it is named."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.proxy.ha_app.conftest import loud, write_options

from oye_proxy.errors import SettingsError
from oye_proxy.ha_app.options import DEFAULTS, read_options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.settings import LogLevel, Secret


def test_an_empty_file_means_the_defaults(paths: Paths) -> None:
    write_options(paths)

    assert (DEFAULTS, []) == read_options(paths.options)


def test_every_option_is_read(paths: Paths) -> None:
    write_options(
        paths,
        trusted_domains=["ocpp.example.org"],
        allow_lan=False,
        trusted_proxies=["10.0.0.5"],
        certfile="live/cert.pem",
        keyfile="live/key.pem",
        hsts=True,
        csms_url=" wss://csms.example.com/ocpp ",
        database_url="postgresql://a:b@db/oye",
        install_integration=False,
        log_level="debug",
    )
    options, remarks = read_options(paths.options)

    assert [] == remarks
    assert ["ocpp.example.org"] == [name.text for name in options.trusted_names]
    assert (False, True, False) == (
        options.allow_lan,
        options.hsts,
        options.install_integration,
    )
    assert ("live/cert.pem", "live/key.pem") == (options.certfile, options.keyfile)
    assert "wss://csms.example.com/ocpp" == options.csms_url
    assert Secret("postgresql://a:b@db/oye") == options.database_url
    assert (("10.0.0.5/32",), LogLevel.DEBUG) == (options.trusted_proxies, options.log_level)


def test_options_of_another_version_are_no_trouble(paths: Paths) -> None:
    write_options(paths, timezone="Europe/Berlin", trusted_domains=None, csms_url="", hsts=None)

    assert (DEFAULTS, []) == read_options(paths.options)


@pytest.mark.parametrize(
    ("name", "value", "instead"),
    [
        ("allow_lan", "yes", False),
        ("allow_lan", 1, False),
        ("hsts", "true", False),
        ("install_integration", [], False),
        ("certfile", "../../etc/passwd", "fullchain.pem"),
        ("certfile", "/etc/passwd", "fullchain.pem"),
        ("certfile", "a/../../b", "fullchain.pem"),
        ("certfile", "a b;", "fullchain.pem"),
        ("certfile", "", "fullchain.pem"),
        ("keyfile", {"a": 1}, "privkey.pem"),
        ("keyfile", "x\n", "privkey.pem"),
        ("csms_url", "https://csms.example.com", None),
        ("csms_url", "wss://", None),
        ("csms_url", 5, None),
        ("log_level", "loud", LogLevel.INFO),
        ("log_level", [], LogLevel.INFO),
        ("trusted_domains", "ocpp.example.org", ()),
        ("trusted_proxies", {}, ()),
    ],
)
def test_a_value_that_cannot_be_is_named_and_replaced_by_a_safe_one(
    paths: Paths, name: str, value: Any, instead: Any
) -> None:
    write_options(paths, **{name: value})
    options, remarks = read_options(paths.options)
    attribute = {"trusted_domains": "trusted_names"}.get(name, name)

    assert instead == getattr(options, attribute)
    assert 1 == len(loud(remarks))
    assert loud(remarks)[0].startswith(f"{name}: ")


def test_no_sentence_repeats_a_password(paths: Paths) -> None:
    write_options(paths, csms_url="http://me:hunter2@csms.example.com")
    _, remarks = read_options(paths.options)

    assert "hunter2" not in str(remarks)


@pytest.mark.parametrize("url", ["sqlite:///x", "postgresql://hunter2@", 7])
def test_a_database_that_was_not_meant_is_never_used(paths: Paths, url: object) -> None:
    """SQLite instead of a mistyped PostgreSQL would hide what is stored there."""
    write_options(paths, database_url=url)
    with pytest.raises(SettingsError, match=r"^database_url: ") as refused:
        read_options(paths.options)

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"[" * 100_000, b"\xff", b"null"])
def test_a_file_that_says_nothing_lets_nobody_in(paths: Paths, text: bytes) -> None:
    paths.options.write_bytes(text)
    options, remarks = read_options(paths.options)

    assert ((), False) == (options.trusted_names, options.allow_lan)
    assert 1 == len(loud(remarks))


def test_a_file_that_is_missing_lets_nobody_in(paths: Paths) -> None:
    options, remarks = read_options(paths.options)

    assert not options.allow_lan
    assert "nobody is let in" in loud(remarks)[0]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_NAMES = [
    *("trusted_domains", "allow_lan", "trusted_proxies", "certfile", "keyfile", "hsts"),
    *("csms_url", "install_integration", "log_level"),
]


@given(st.dictionaries(st.sampled_from(_NAMES) | st.text(), _JSON))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_object_starts_the_app(tmp_path: Path, given_options: dict[str, Any]) -> None:
    given_options.pop("database_url", None)
    path = tmp_path / "options.json"
    path.write_bytes(msgspec.json.encode(given_options))
    read_options(path)
