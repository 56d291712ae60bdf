"""
The environment names of the Node oye-proxy and of the fleet gateway that OYE understands.

One table: a name, the setting it stands for, and what its text means there. Names that are known
but do nothing are listed with the reason, so that nobody waits for their effect.
"""

from collections.abc import Callable, Mapping

from msgspec import Struct

from oye_proxy.errors import SettingsError

_MOST_ATTEMPTS = 30


class Alias(Struct, frozen=True):
    """A foreign name; `meaning` turns its text into the setting's, None means not set."""

    name: str
    setting: str
    meaning: Callable[[str], object] = str


def _debug(text: str) -> object:
    return "debug" if text.strip().lower() in ("true", "1") else None


def _seconds(milliseconds: str) -> object:
    try:
        return float(milliseconds) / 1000
    except ValueError:
        return milliseconds


ALIASES = (
    Alias("PORT", "server.port"),
    Alias("DEBUG", "log.level", _debug),
    Alias("DATA_DIR", "storage.data_dir"),
    Alias("DB_PATH", "storage.db_path"),
    Alias("LOG_DIR", "log.dir"),
    Alias("USE_MEMORY_DB", "storage.memory"),
    Alias("DATABASE_URL", "storage.database_url"),
    Alias("OYE_DATABASE_URL", "storage.database_url"),
    Alias("LOG_RETENTION_COUNT", "storage.retention_count"),
    Alias("RETENTION_DAYS", "storage.retention_days"),
    Alias("CLEANUP_INTERVAL_HOURS", "storage.cleanup_interval_hours"),
    Alias("CSMS_RECONNECT_BASE_DELAY", "csms.reconnect_delay", _seconds),
    Alias("INITIAL_ADMIN_PASSWORD", "api.initial_admin_password"),
    Alias("HEALTH_METRICS_AUTH_TOKEN", "api.metrics_token"),
    Alias("SMTP_HOST", "mail.server"),
    Alias("SMTP_PORT", "mail.port"),
    Alias("SMTP_TLS", "mail.security"),
    Alias("SMTP_USER", "mail.username"),
    Alias("SMTP_PASSWORD", "mail.password"),
    Alias("MAIL_FROM", "mail.sender"),
    Alias("OCPP_MAX_PAYLOAD_BYTES", "charger.max_frame"),
    Alias("OCPP_PENDING_MESSAGE_LIMIT", "ocpp.pending_limit"),
    Alias("OCPP_SCHEMA_ALLOW_ADDITIONAL_ACTIONS", "ocpp.allow_additional"),
)

ATTEMPTS = "CSMS_RECONNECT_MAX_ATTEMPTS"

_LATER = "it comes with a later version"
_WITHOUT_EFFECT = {
    "WEBSOCKET_OCPP_PORT": "there is one port, set PORT",
    "NODE_ENV": "every setting has a name of its own",
    "OCPP_STATE_STRICT": "it never had one",
    "OCPP_ALLOW_PLAINTEXT_SECRETS": "secrets are always hashed",
    "REDIS_URL": _LATER,
    "KAFKA_BROKERS": _LATER,
    "OCPP_TRUST_PROXY": "set OYE_API_TRUSTED_PROXIES",
    "OCPP_AUTH_MODE": _LATER,
    "METRICS_RATE_WINDOW_SECONDS": _LATER,
}
_PREFIXES_WITHOUT_EFFECT = {
    "OCPP_RESPONSE_CACHE_": "answers are never cached",
    "OCPP_RATE_LIMIT_": _LATER,
    "OCPP_TLS_": _LATER,
}


def standalone_after(environment: Mapping[str, str], first_delay: float) -> float | None:
    """Return the seconds after which the Node oye-proxy would have given up; None when unset."""
    text = environment.get(ATTEMPTS, "")
    if not text:
        return None
    if not text.isdecimal() or int(text) > _MOST_ATTEMPTS:
        raise SettingsError(
            f"csms.standalone_after: expected a number of attempts from 0 to {_MOST_ATTEMPTS}"
            f" (from {ATTEMPTS})"
        )
    return float(first_delay * (2 ** int(text) - 1))


def without_effect(environment: Mapping[str, str]) -> list[str]:
    """Return a sentence for each name that is set, known, and does nothing."""
    return [
        f"{name} has no effect: {reason}"
        for name in sorted(environment)
        if (reason := _reason(name)) is not None
    ]


def _reason(name: str) -> str | None:
    if name in _WITHOUT_EFFECT:
        return _WITHOUT_EFFECT[name]
    found = (why for prefix, why in _PREFIXES_WITHOUT_EFFECT.items() if name.startswith(prefix))
    return next(found, None)
