"""A database file of the Node oye-proxy, read row by row; nothing in it is trusted."""

import math
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Column, Float, Integer, Table

from oye_proxy.errors import StorageError
from oye_proxy.storage import sqlite, takeover
from oye_proxy.storage.texts import storable

_LARGEST = 2**62


class NodeFile:
    """The file, opened to be read; what is wrong with it is a StorageError. `close` it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.unreadable = 0
        if not path.is_file():
            raise StorageError(f"there is no file {path}: name the Node oye-proxy's database")
        address = f"file:{quote(str(path.absolute()))}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._connection.text_factory = _text
        try:
            self._check()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def identity(self) -> str:
        """Return what tells this installation from others: when it made its tables."""
        rows = [repr(row) for row in self._read(f"SELECT * FROM {takeover.MARK} ORDER BY id")]  # noqa: S608 - a constant
        return sha256("\n".join(rows).encode()).hexdigest()[:32]

    def users(self) -> list[str]:
        """Return the names of the users."""
        if takeover.USERS not in self._tables():
            return []
        query = f"SELECT username FROM {takeover.USERS} ORDER BY username"  # noqa: S608 - a constant
        return [storable(str(name)) for (name,) in self._read(query)]

    def last_frame(self) -> int:
        """Return the largest id of a frame; 0 without any."""
        if "logs" not in self._tables():
            return 0
        return next((int(last or 0) for (last,) in self._read("SELECT max(id) FROM logs")), 0)

    def rows(self, table: Table) -> Iterator[dict[str, Any]]:
        """Read a table in the order of its key; rows that cannot be are counted and left out."""
        if table.name not in self._tables():
            return
        present = [name for (_, name, *_) in self._read(f"PRAGMA table_info({table.name})")]
        names = takeover.shared_columns(table, present)
        key = next(iter(table.primary_key)).name
        query = f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {key}"  # noqa: S608 - names of ours
        for row in self._read(query):
            try:
                yield {
                    name: _value(table.columns[name], value)
                    for name, value in zip(names, row, strict=True)
                }
            except (ValueError, TypeError, OverflowError):
                self.unreadable += 1

    def _check(self) -> None:
        if takeover.MARK not in self._tables():
            raise StorageError(
                f"the file {self._path} is no database of the Node oye-proxy:"
                f" the table {takeover.MARK} is missing"
            )

    def _tables(self) -> set[str]:
        return {name for (name,) in self._read("SELECT name FROM sqlite_master")}

    def _read(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(query)
        except sqlite3.Error as error:
            where = str(self._path)
            sentence = sqlite.sentence(error, where)
            raise StorageError(sentence or f"the file {where} cannot be read: {error}") from error


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


def _value(column: Column[Any], value: Any) -> Any:
    """Return a value such as the column takes; SQLite lets any be in any."""
    if value is None:
        if not column.nullable:
            raise ValueError(column.name)
        return None
    if isinstance(column.type, Float):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(column.name)
        return number
    if isinstance(column.type, Integer):
        whole = int(value)
        if not -_LARGEST < whole < _LARGEST:
            raise ValueError(column.name)
        return whole
    text = _text(value) if isinstance(value, bytes) else str(value)
    return storable(text, getattr(column.type, "length", None))
