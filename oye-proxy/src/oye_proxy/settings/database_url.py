"""The address of a PostgreSQL server; a problem with it is told without repeating its secrets."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from msgspec import Struct

from oye_proxy.errors import SettingsError
from oye_proxy.settings.tree import Secret

SETTING = "storage.database_url"
HOST_VARIABLE = "DB_HOST"

_SCHEMES = ("postgresql+asyncpg", "postgresql", "postgres")
_PORT = 5432
_EXAMPLE = "postgresql+asyncpg://user:password@host:5432/database"
_OPTIONS = ("host", "ssl", "sslmode", "sslrootcert")
_TRUE = ("true", "1", "yes", "on")


class Tls(StrEnum):
    """How much a connection is protected, in PostgreSQL's words."""

    DISABLE = "disable"
    REQUIRE = "require"
    VERIFY_FULL = "verify-full"


class DatabaseUrl(Struct, frozen=True, kw_only=True):
    """The parts of an address; `host` is a folder when PostgreSQL listens on a unix socket."""

    host: str
    port: int = _PORT
    user: str | None = None
    password: Secret | None = None
    database: str
    tls: Tls = Tls.DISABLE
    ca_file: Path | None = None

    @property
    def name(self) -> str:
        """The database in words that may be shown to anybody."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.database} on {host}:{self.port}"


def parse_database_url(url: Secret) -> DatabaseUrl:
    """Take an address apart; raise SettingsError."""
    try:
        parts = urlsplit(url.reveal())
        port = parts.port or _PORT
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=False))
    except ValueError:
        raise _error(f"expected {_EXAMPLE}; write special characters as %XX") from None
    if parts.scheme not in _SCHEMES:
        raise _error(f"expected {_EXAMPLE}")
    for option in options:
        if option not in _OPTIONS:
            raise _error(f"the option {option} is not known, only {', '.join(_OPTIONS)}")
    host = unquote(parts.hostname or "") or options.get("host", "")
    database = unquote(parts.path.removeprefix("/"))
    if not host or not database:
        raise _error(f"the {'database' if host else 'host'} is missing, expected {_EXAMPLE}")
    ca_file = options.get("sslrootcert")
    return DatabaseUrl(
        host=host,
        port=port,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else Secret(unquote(parts.password)),
        database=database,
        tls=_tls(options.get("sslmode") or options.get("ssl") or Tls.DISABLE.value),
        ca_file=Path(ca_file) if ca_file else None,
    )


def composed_url(environment: Mapping[str, str]) -> str | None:
    """Put the Node oye-proxy's `DB_HOST` and its neighbours together; None without a host."""
    host = environment.get(HOST_VARIABLE)
    if not host:
        return None
    user, password, name = (
        quote(environment.get(variable, ""), safe="")
        for variable in ("DB_USER", "DB_PASSWORD", "DB_NAME")
    )
    account = f"{user}:{password}@" if password else f"{user}@" if user else ""
    port = environment.get("DB_PORT") or _PORT
    options = {}
    if environment.get("DB_SSL", "").strip().lower() in _TRUE:
        options["sslmode"] = Tls.VERIFY_FULL.value
    if host.startswith("/"):
        options["host"] = host
        host = ""
    where = f"[{host}]" if ":" in host else quote(host, safe="")
    query = f"?{urlencode(options)}" if options else ""
    return f"{_SCHEMES[0]}://{account}{where}:{port}/{name}{query}"


def _tls(text: str) -> Tls:
    if text in _TRUE:
        return Tls.VERIFY_FULL
    try:
        return Tls(text)
    except ValueError:
        raise _error(f"sslmode must be one of {', '.join(Tls)}") from None


def _error(problem: str) -> SettingsError:
    return SettingsError(f"{SETTING}: {problem}")
