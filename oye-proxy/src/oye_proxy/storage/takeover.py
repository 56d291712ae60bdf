"""
Take over the tables of the Node oye-proxy: config, chargers with their limits, frames.

Its users stay behind: their hashes are unsalted SHA-256.
"""

from collections.abc import Collection

from sqlalchemy import Connection, Table, inspect, select, text
from sqlalchemy.schema import DropTable, MetaData

from oye_proxy.errors import MigrationError
from oye_proxy.storage import models

MARK = "knex_migrations"
USERS = "auth_users"
BROUGHT = (models.config, models.chargers, models.logs)

_PREFIX = "node_"
_LEFT = (USERS, MARK, "knex_migrations_lock")


def set_aside(connection: Connection, where: str) -> MetaData | None:
    """Rename the Node oye-proxy's tables; None when there are none, an error on other tables."""
    present = set(inspect(connection).get_table_names())
    if MARK not in present or connection.dialect.name != "sqlite":
        # On a server there is no file to copy first, and nothing to go back to.
        refuse_strangers(connection, where)
        return None
    old = MetaData()
    for name in present & {*(table.name for table in BROUGHT), *_LEFT}:
        connection.execute(text(f"ALTER TABLE {name} RENAME TO {_PREFIX}{name}"))
        Table(f"{_PREFIX}{name}", old, autoload_with=connection)
    return old


def refuse_strangers(connection: Connection, where: str) -> None:
    """Raise MigrationError when the database has tables that are not OYE's."""
    present = set(inspect(connection).get_table_names())
    if MARK in present:
        raise MigrationError(
            f"the database {where} is the Node oye-proxy's: give OYE a database of its own"
        )
    foreign = present & set(models.metadata.tables)
    if foreign:
        raise MigrationError(
            f"the database {where} holds tables that are not OYE's"
            f" ({', '.join(sorted(foreign))}): choose another one"
        )


def bring_along(connection: Connection, old: MetaData) -> None:
    """Copy the rows into OYE's tables and drop the old ones."""
    for table in BROUGHT:
        source = old.tables.get(f"{_PREFIX}{table.name}")
        if source is None:
            continue
        names = shared_columns(table, source.columns.keys())
        rows = select(*(source.columns[name] for name in names))
        connection.execute(table.insert().from_select(names, rows))
    for source in old.tables.values():
        connection.execute(DropTable(source))


def shared_columns(table: Table, names: Collection[str]) -> list[str]:
    """Return the columns that the Node oye-proxy's table has as well."""
    return [column.name for column in table.columns if column.name in names]
