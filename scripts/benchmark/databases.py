"""One new database of each kind, made for one measurement and gone after it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from oye_proxy.settings import Secret, StorageSettings
from servers import postgresql

KINDS = ("SQLite", "PostgreSQL")

# Of a server that lives on loopback for minutes.
_PASSWORD = "benchmark-only"  # noqa: S105


class BenchDatabase(Struct, frozen=True, kw_only=True):
    """An empty database, for this process and for a proxy that is started; PostgreSQL's server."""

    name: str
    settings: StorageSettings
    environment: dict[str, str]
    server: postgresql.PostgresqlServer | None = None


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[BenchDatabase | None]:
    """Make a database whose commits wait for the disk; None when it is not installed."""
    if kind == "SQLite":
        with tempfile.TemporaryDirectory(prefix="sqlite-", dir=folder) as data_dir:
            settings = StorageSettings(data_dir=Path(data_dir))
            path = {"OYE_STORAGE_DB_PATH": str(Path(data_dir) / "db" / "oye-proxy.db")}
            yield BenchDatabase(name=kind, settings=settings, environment=path)
        return
    programs = postgresql.installed()
    if programs is None:
        print("\nPostgreSQL is missing (apt install postgresql): it is left out")
        yield None
        return
    # Other users cannot enter the folder of the measurement.
    with postgresql.own_folder(Path(tempfile.gettempdir())) as own:
        server = postgresql.PostgresqlServer(programs, own, _PASSWORD, durable=True)
        with postgresql.running(server):
            url = server.address(server.create())
            yield BenchDatabase(
                name=kind,
                settings=StorageSettings(database_url=Secret(url), data_dir=folder),
                environment={"OYE_DATABASE_URL": url},
                server=server,
            )
