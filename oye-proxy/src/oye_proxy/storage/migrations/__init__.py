"""
Alembic's revisions, and the way to run them inside a running event loop.

`load` reads files and belongs into a thread; `upgrade` only talks to the database.
"""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from oye_proxy.errors import MigrationError
from oye_proxy.storage import takeover
from oye_proxy.storage.models import metadata


def load() -> ScriptDirectory:
    """Read the revisions from disk, all at once."""
    scripts = ScriptDirectory(str(Path(__file__).parent))
    for revision in scripts.walk_revisions():
        assert revision.module is not None  # noqa: S101 - reading it is what this loop is for
    return scripts


def upgrade(connection: Connection, scripts: ScriptDirectory, where: str) -> None:
    """Bring the database to the newest revision, in the transaction that is open."""
    known = {revision.revision for revision in scripts.walk_revisions()}
    present = MigrationContext.configure(connection).get_current_heads()
    unknown = [revision for revision in present if revision not in known]
    if unknown:
        raise MigrationError(
            f"the database {where} was written by a newer version of OYE (revision {unknown[0]}):"
            " start that version, or restore the backup made before it"
        )
    old = takeover.set_aside(connection, where) if not present else None
    with EnvironmentContext(
        Config(),
        scripts,
        # The very call that Alembic's own `upgrade` command makes.
        fn=lambda revision, _context: scripts._upgrade_revs("head", revision),  # noqa: SLF001
    ) as environment:
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()
    if old is not None:
        takeover.bring_along(connection, old)
