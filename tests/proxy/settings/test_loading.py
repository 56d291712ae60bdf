import json
from pathlib import Path
from typing import Any

import pytest

from oye_proxy.errors import SettingsError
from oye_proxy.settings import (
    ChargerAuth,
    EffectiveSetting,
    LogLevel,
    OnCsmsLoss,
    Secret,
    Settings,
    effective,
    load,
    read_environment,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def loaded(**environment: str) -> Settings:
    return load({}, environment, None).settings


def refused(environment: dict[str, str], arguments: dict[str, object] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(arguments or {}, environment, None)
    return str(caught.value)


def test_nothing_given_means_defaults() -> None:
    found = load({"csms.url": None}, {"OYE_CSMS_URL": "", "PORT": ""}, None)

    assert Settings() == found.settings
    assert {} == found.sources
    assert () == found.warnings


def test_defaults_file_environment_command_line_win_in_this_order(file: Path) -> None:
    file.write_text('{"server": {"port": 1, "host": "a", "name": "file"}}')
    found = load(
        {"server.port": 3},
        {"OYE_SERVER_PORT": "2", "OYE_SERVER_HOST": "b", "PORT": "9"},
        file,
    )

    assert (3, "b", "file") == (
        found.settings.server.port,
        found.settings.server.host,
        found.settings.server.name,
    )
    assert {
        "server.port": "the command line",
        "server.host": "OYE_SERVER_HOST",
        "server.name": str(file),
    } == found.sources


def test_every_setting_can_be_set_in_the_environment() -> None:
    for row in effective(Settings()):
        if row.default:
            found = load({}, {row.variable: row.default}, None)
            assert (Settings(), {row.name: row.variable}) == (found.settings, found.sources)


@pytest.mark.parametrize(
    ("name", "text", "setting", "value"),
    [
        ("PORT", "9000", "server.port", 9000),
        ("DEBUG", "true", "log.level", LogLevel.DEBUG),
        ("DEBUG", "false", "log.level", LogLevel.INFO),
        ("DATA_DIR", "/data", "storage.data_dir", Path("/data")),
        ("DB_PATH", "/data/o.db", "storage.db_path", Path("/data/o.db")),
        ("LOG_DIR", "/logs", "log.dir", Path("/logs")),
        ("USE_MEMORY_DB", "true", "storage.memory", True),
        ("LOG_RETENTION_COUNT", "50", "storage.retention_count", 50),
        ("RETENTION_DAYS", "30", "storage.retention_days", 30),
        ("CLEANUP_INTERVAL_HOURS", "6", "storage.cleanup_interval_hours", 6.0),
        ("CSMS_RECONNECT_BASE_DELAY", "2500", "csms.reconnect_delay", 2.5),
        ("INITIAL_ADMIN_PASSWORD", "12345678", "api.initial_admin_password", Secret("12345678")),
        ("HEALTH_METRICS_AUTH_TOKEN", "t", "api.metrics_token", Secret("t")),
        ("OCPP_MAX_PAYLOAD_BYTES", "262144", "charger.max_frame", 262144),
        ("OCPP_PENDING_MESSAGE_LIMIT", "10", "ocpp.pending_limit", 10),
        (
            "OCPP_SCHEMA_ALLOW_ADDITIONAL_ACTIONS",
            "DataTransfer, Foo",
            "ocpp.allow_additional",
            ("DataTransfer", "Foo"),
        ),
    ],
)
def test_names_of_the_predecessors_are_understood(
    name: str, text: str, setting: str, value: Any
) -> None:
    """Those of the Node oye-proxy and of the gateway for fleets."""
    group, field = setting.split(".")
    found = load({}, {name: text}, None).settings

    assert value == getattr(getattr(found, group), field)


def test_own_names_win_over_aliases() -> None:
    assert 2 == loaded(PORT="1", OYE_SERVER_PORT="2").server.port
    assert LogLevel.ERROR is loaded(DEBUG="true", OYE_LOG_LEVEL="error").log.level


def test_attempts_of_the_node_proxy_become_the_time_until_standalone() -> None:
    """Base x (2^n - 1), and only when set; we dial on for ever."""
    ours = "OYE_CSMS_STANDALONE_AFTER"

    assert 10.0 == loaded().csms.standalone_after
    assert 7.0 == loaded(CSMS_RECONNECT_MAX_ATTEMPTS="3").csms.standalone_after
    assert 0.0 == loaded(CSMS_RECONNECT_MAX_ATTEMPTS="0").csms.standalone_after
    assert 3.5 == (
        loaded(
            CSMS_RECONNECT_MAX_ATTEMPTS="3", CSMS_RECONNECT_BASE_DELAY="500"
        ).csms.standalone_after
    )
    assert 4.0 == loaded(CSMS_RECONNECT_MAX_ATTEMPTS="3", **{ours: "4"}).csms.standalone_after


def test_a_database_in_memory_closes_chargers_when_the_csms_is_lost() -> None:
    """Nothing in it could be told to the CSMS later."""
    chosen = loaded(USE_MEMORY_DB="true", OYE_CSMS_ON_LOSS="standalone")

    assert OnCsmsLoss.CLOSE is loaded(USE_MEMORY_DB="true").csms.on_loss
    assert OnCsmsLoss.STANDALONE is chosen.csms.on_loss
    assert OnCsmsLoss.STANDALONE is loaded(USE_MEMORY_DB="false").csms.on_loss


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"OYE_CSMS_DIAL_TIMEOUT": "0"},
            "csms.dial_timeout: expected `float` > 0.0 (from OYE_CSMS_DIAL_TIMEOUT)",
        ),
        ({"PORT": "x"}, "server.port: expected `int`, got `str` (from PORT)"),
        ({"PORT": "70000"}, "server.port: expected `int` <= 65535 (from PORT)"),
        (
            {"OYE_CSMS_ON_LOSS": "explode"},
            "csms.on_loss: must be one of standalone, close (from OYE_CSMS_ON_LOSS)",
        ),
        (
            {"OYE_CSMS_COMPRESSION": "maybe"},
            "csms.compression: expected `bool`, got `str` (from OYE_CSMS_COMPRESSION)",
        ),
        (
            {"OYE_CSMS_PING_TIMEOUT": "inf"},
            "csms.ping_timeout: expected a finite number (from OYE_CSMS_PING_TIMEOUT)",
        ),
        (
            {"CSMS_RECONNECT_BASE_DELAY": "soon"},
            "csms.reconnect_delay: expected `float`, got `str` (from CSMS_RECONNECT_BASE_DELAY)",
        ),
        (
            {"CSMS_RECONNECT_MAX_ATTEMPTS": "-1"},
            (
                "csms.standalone_after: expected a number of attempts from 0 to 30"
                " (from CSMS_RECONNECT_MAX_ATTEMPTS)"
            ),
        ),
        (
            {"DB_HOST": "db.example"},
            (
                "storage.database_url: the database is missing, expected"
                " postgresql+asyncpg://user:password@host:5432/database (from DB_HOST)"
            ),
        ),
        (
            {"DATABASE_URL": "mysql://a:hidden@c/d"},
            (
                "storage.database_url: expected"
                " postgresql+asyncpg://user:password@host:5432/database (from DATABASE_URL)"
            ),
        ),
        (
            {"OYE_STORAGE_DATABASE_URL": "postgresql://a:b@c/d", "USE_MEMORY_DB": "true"},
            (
                "storage.memory: unset it, or storage.database_url: a database is in one place"
                " (from USE_MEMORY_DB and OYE_STORAGE_DATABASE_URL)"
            ),
        ),
    ],
)
def test_an_error_names_the_setting_the_problem_and_the_source(
    environment: dict[str, str], sentence: str
) -> None:
    assert sentence == refused(environment)


def test_an_error_on_the_command_line_says_so() -> None:
    assert "server.port: expected `int`, got `str` (from the command line)" == (
        refused({}, {"server.port": "x"})
    )


def test_names_without_effect_are_told_once() -> None:
    environment = {
        "WEBSOCKET_OCPP_PORT": "9000",
        "NODE_ENV": "production",
        "OCPP_RESPONSE_CACHE_TTL": "1",
        "REDIS_URL": "redis://user:hidden@host",
        "HOME": "/root",
    }
    warnings = load({}, environment, None).warnings

    assert (
        "NODE_ENV has no effect: every setting has a name of its own",
        "OCPP_RESPONSE_CACHE_TTL has no effect: answers are never cached",
        "REDIS_URL has no effect: it comes with a later version",
        "WEBSOCKET_OCPP_PORT has no effect: there is one port, set PORT",
    ) == warnings


def test_a_misspelt_name_of_ours_is_told() -> None:
    assert ("OYE_CSMS_URRL is no setting, did you mean OYE_CSMS_URL?",) == (
        load({}, {"OYE_CSMS_URRL": "x", "OYE_OTHER": "x"}, None).warnings
    )


def test_a_settings_file_has_typed_groups(file: Path) -> None:
    file.write_text(
        json.dumps(
            {
                "csms": {"url": "wss://csms.example", "ca_file": "/ssl/ca.pem", "proxy": None},
                "charger": {"auth": "local"},
                "api": {"trusted_proxies": ["10.0.0.1"], "metrics_token": "secret"},
                "storage": {},
            }
        )
    )
    settings = load({}, {}, file).settings

    assert "wss://csms.example" == settings.csms.url
    assert Path("/ssl/ca.pem") == settings.csms.ca_file
    assert settings.csms.proxy is None
    assert ChargerAuth.LOCAL is settings.charger.auth
    assert ("10.0.0.1",) == settings.api.trusted_proxies
    assert Secret("secret") == settings.api.metrics_token


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"csms": {"urll": "x"}}', "csms.urll: there is no such setting, did you mean csms.url?"),
        ('{"csms": {"dial_timeout": "10"}}', "csms.dial_timeout: expected `float`, got `str`"),
        ('{"csms": {"ca_file": 1}}', "csms.ca_file: expected `str`"),
        ('{"csms": 1}', "is not a JSON object of groups"),
        ("{", "is not a JSON object of groups"),
        ("[" * 100_000, "is not a JSON object of groups"),
    ],
)
def test_a_bad_settings_file_is_refused_by_name(file: Path, content: str, problem: str) -> None:
    file.write_text(content)
    with pytest.raises(SettingsError) as caught:
        load({}, {}, file)

    assert problem in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_missing_settings_file_is_refused_by_name(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"settings\.json cannot be read: No such file"):
        load({}, {}, file)


def test_a_secret_is_not_shown() -> None:
    found = load({}, {"INITIAL_ADMIN_PASSWORD": "hidden-word"}, None)

    assert "hidden-word" not in repr(found)
    assert "hidden-word" not in repr(effective(found.settings))
    assert "hidden-word" not in f"{found.settings.api.initial_admin_password}"
    assert found.settings.api.initial_admin_password is not None
    assert "hidden-word" == found.settings.api.initial_admin_password.reveal()


def test_every_setting_is_described() -> None:
    rows = {row.name: row for row in effective(loaded(OYE_CSMS_ON_LOSS="close"))}

    assert all(row.description.endswith(".") for row in rows.values())
    assert (
        EffectiveSetting(
            name="csms.on_loss",
            variable="OYE_CSMS_ON_LOSS",
            type="standalone, close",
            default="standalone",
            value="close",
            description="Keep chargers (standalone) or close them when it is away.",
        )
        == rows["csms.on_loss"]
    )
    assert "path" == rows["storage.db_path"].type
    assert "list" == rows["api.trusted_proxies"].type


def test_the_environment_is_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OYE_SERVER_NAME", "Carport")

    assert "Carport" == read_environment()["OYE_SERVER_NAME"]


@pytest.mark.parametrize(
    "name", ["OYE_STORAGE_DATABASE_URL", "OYE_DATABASE_URL", "DATABASE_URL", "DB_HOST"]
)
def test_the_address_of_the_database_is_never_shown(name: str) -> None:
    account = {"DB_USER": "oye", "DB_PASSWORD": "hidden", "DB_NAME": "oye"}
    value = "db.example" if name == "DB_HOST" else "postgresql://oye:hidden@db.example/oye"
    found = load({}, {name: value, **account}, None)

    assert found.settings.storage.database_url is not None
    assert {"storage.database_url": name} == found.sources
    assert () == found.warnings
    assert "hidden" not in repr(found) + str(effective(found.settings))


def test_an_address_wins_over_the_node_proxy_s_parts_and_our_name_over_all() -> None:
    environment = {"DB_HOST": "parts", "DB_NAME": "n"}
    for name in ("DATABASE_URL", "OYE_DATABASE_URL", "OYE_STORAGE_DATABASE_URL"):
        environment[name] = f"postgresql://a:b@{name.lower().replace('_', '-')}/n"
        found = load({}, environment, None)
        url = found.settings.storage.database_url

        assert url is not None
        assert environment[name] == url.reveal()
