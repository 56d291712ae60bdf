"""
The file of a backup: a zip with `manifest.json`, `secrets.json` and a part for each table.

It is written under another name and gets its own when it is complete. Whoever reads it trusts
nothing in it: only the parts that the manifest names count, with exactly the bytes that it tells,
and none is ever written to a place of its own choice.
"""

import contextlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Annotated, TypeAlias

import msgspec
from msgspec import Meta, Struct

from oye_proxy.errors import StorageError

FORMAT = 1
LINE_BYTES = 64 * 1024 * 1024

_MANIFEST = "manifest.json"
_SECRETS = "secrets.json"
_SMALL_BYTES = 4 * 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    KeyError,
    ValueError,
    EOFError,
    zlib.error,
)

Size: TypeAlias = Annotated[int, Meta(ge=0)]


class Part(Struct, frozen=True, kw_only=True):
    """One member: its size before it was packed, and its SHA-256."""

    bytes: Size
    sha256: str


class TablePart(Part, frozen=True, kw_only=True, rename="camel"):
    """A table: a row is one line, a JSON array in the order of `columns`."""

    columns: list[str]
    rows: Size
    last_id: int | None


class Manifest(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a backup holds and where it comes from; `database` is the kind."""

    format: int
    version: str
    revision: str
    created: str
    database: str
    tables: dict[str, TablePart]
    secrets: Part | None


class ArchiveWriter:
    """A backup that is being written; `writing_archive` makes it."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self._zip = target

    @contextlib.contextmanager
    def table(self, name: str) -> Iterator["TableWriter"]:
        """Begin the part of a table."""
        with self._zip.open(_member(name), "w", force_zip64=True) as file:
            yield TableWriter(file)

    def finish(self, manifest: Manifest, secrets: bytes | None) -> None:
        """Write what belongs to the whole."""
        if secrets is not None:
            self._zip.writestr(_SECRETS, secrets)
        self._zip.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


class TableWriter:
    """The part of one table."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = sha256()
        self._bytes = 0
        self._rows = 0

    def write(self, lines: Iterable[bytes]) -> None:
        """Add rows."""
        for line in lines:
            whole = line + b"\n"
            self._file.write(whole)
            self._hash.update(whole)
            self._bytes += len(whole)
            self._rows += 1

    def part(self, columns: list[str], last_id: int | None) -> TablePart:
        """Return what the manifest tells of it."""
        return TablePart(
            bytes=self._bytes,
            sha256=self._hash.hexdigest(),
            columns=columns,
            rows=self._rows,
            last_id=last_id,
        )


class ArchiveReader:
    """A backup; what is wrong with it is a StorageError. `close` it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with _damage_told(path):
            self._zip = zipfile.ZipFile(path)
            try:
                self.manifest = _manifest(self._zip, path)
                self._check_members()
            except BaseException:
                self._zip.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def check(self) -> None:
        """Read everything once; raise StorageError unless it is what the manifest tells."""
        for table, part in self.manifest.tables.items():
            rows = sum(1 for _ in self.lines(table))
            with _damage_told(self._path):
                if rows != part.rows:
                    raise ValueError(f"the table {table} has {rows} rows, not {part.rows}")
        self.secrets()

    def lines(self, table: str) -> Iterator[bytes]:
        """Read the rows of a table; raise StorageError at the end when they were changed."""
        part = self.manifest.tables[table]
        hashed = sha256()
        size = 0
        with _damage_told(self._path), self._zip.open(_member(table)) as file:
            while line := file.readline(min(LINE_BYTES, part.bytes - size) + 1):
                size += len(line)
                if size > part.bytes or len(line) > LINE_BYTES:
                    raise ValueError(f"the table {table} is larger than it may be")
                hashed.update(line)
                yield line
            if size != part.bytes or hashed.hexdigest() != part.sha256:
                raise ValueError(f"the table {table} was changed")

    def secrets(self) -> bytes | None:
        """Return the content of secrets.json."""
        part = self.manifest.secrets
        if part is None:
            return None
        with _damage_told(self._path):
            content = _small(self._zip, _SECRETS)
            if part_of(content) != part:
                raise ValueError("its secrets.json was changed")
            msgspec.json.decode(content, type=dict[str, object])
        return content

    def _check_members(self) -> None:
        expected = {_MANIFEST, *map(_member, self.manifest.tables)}
        if self.manifest.secrets is not None:
            expected.add(_SECRETS)
        names = self._zip.namelist()
        if len(names) != len(expected) or set(names) != expected:
            raise ValueError("its parts are not those that it names")


@contextlib.contextmanager
def writing_archive(target: Path) -> Iterator[ArchiveWriter]:
    """Write a backup; at the end it is there as a whole, or nothing of it is."""
    with _disk_trouble_told(target):
        if target.is_file() and not zipfile.is_zipfile(target):
            raise StorageError(f"{target} is there and is no backup: name another file")
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=".part", dir=target.parent
        )
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
                    yield ArchiveWriter(packed)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


def part_of(content: bytes) -> Part:
    """Return what the manifest tells of a member."""
    return Part(bytes=len(content), sha256=sha256(content).hexdigest())


def _manifest(source: zipfile.ZipFile, path: Path) -> Manifest:
    content = _small(source, _MANIFEST)
    if msgspec.json.decode(content, type=_Head).format > FORMAT:
        raise StorageError(f"the backup {path} was made by a newer version of OYE: install that")
    return msgspec.json.decode(content, type=Manifest)


class _Head(Struct):
    format: int


def _small(source: zipfile.ZipFile, name: str) -> bytes:
    with source.open(name) as file:
        content = file.read(_SMALL_BYTES + 1)
    if len(content) > _SMALL_BYTES:
        raise ValueError(f"its {name} is too large")
    return content


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


@contextlib.contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(f"the backup {path} cannot be read: {reason}") from error
    except _DAMAGE as error:
        raise StorageError(
            f"the file {path} is no backup of OYE, or it is damaged ({error}): use another one"
        ) from error


@contextlib.contextmanager
def _disk_trouble_told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(
            f"the backup {path} cannot be written: {reason}; choose another place"
        ) from error
