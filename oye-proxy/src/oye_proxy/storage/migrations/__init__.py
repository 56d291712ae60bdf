"""
Alembic's revisions, and the way to run them inside a running event loop.

`load` and `schema_at` belong into a thread; `upgrade` only talks to the database.
"""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Connection, Integer, MetaData, create_engine, event, inspect

from oye_proxy.errors import MigrationError
from oye_proxy.storage import takeover
from oye_proxy.storage.models import metadata

HEAD = "head"
VERSION_TABLE = "alembic_version"
# It marks a database that `oye-proxy migrate-database` has not filled yet.
UNFINISHED = "oye_moving"


def load() -> ScriptDirectory:
    """Read the revisions from disk, all at once."""
    scripts = ScriptDirectory(str(Path(__file__).parent))
    for revision in scripts.walk_revisions():
        assert revision.module is not None  # noqa: S101 - reading it is what this loop is for
    return scripts


def upgrade(connection: Connection, scripts: ScriptDirectory, where: str) -> None:
    """Bring the database to the newest revision, in the transaction that is open."""
    present = revision_of(connection)
    if present is not None:
        check_known(scripts, present, f"the database {where}")
    if inspect(connection).has_table(UNFINISHED):
        raise MigrationError(
            f"the database {where} is not complete yet: repeat the command"
            " oye-proxy migrate-database that fills it until it ends"
        )
    old = takeover.set_aside(connection, where) if present is None else None
    run(connection, scripts, HEAD)
    if old is not None:
        takeover.bring_along(connection, old)


def run(connection: Connection, scripts: ScriptDirectory, target: str) -> None:
    """Run the revisions up to this one, in the transaction that is open."""
    with EnvironmentContext(
        Config(),
        scripts,
        # The very call that Alembic's own `upgrade` command makes.
        fn=lambda revision, _context: scripts._upgrade_revs(target, revision),  # noqa: SLF001
    ) as environment:
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the database; None when it is not OYE's."""
    return MigrationContext.configure(connection).get_current_revision()


def check_known(scripts: ScriptDirectory, revision: str, what: str) -> None:
    """Raise MigrationError when a newer version of OYE made it."""
    if revision not in {known.revision for known in scripts.walk_revisions()}:
        raise MigrationError(
            f"{what} was written by a newer version of OYE (revision {revision}):"
            " start that version, or restore the backup made before it"
        )


def schema_at(scripts: ScriptDirectory, revision: str) -> MetaData:
    """Return the tables of a revision, with types that every kind of database understands."""
    engine = create_engine("sqlite://")
    tables = MetaData()
    # SQLite has one type for all whole numbers.
    event.listen(tables, "column_reflect", _widen)
    with engine.begin() as connection:
        run(connection, scripts, revision)
        tables.reflect(connection)
    engine.dispose()
    tables.remove(tables.tables[VERSION_TABLE])
    return tables


def _widen(_inspector: object, _table: object, column: dict[str, object]) -> None:
    if isinstance(column["type"], Integer):
        column["type"] = BigInteger()
