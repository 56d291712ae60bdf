"""`oye-proxy serve` with a database that it cannot use: one sentence, one exit code, no loss."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pytest
from msgspec import Struct
from tests.e2e.disk import small_disk
from tests.proxy.postgresql import PostgresqlServer

from oye_proxy.settings import Secret
from oye_proxy.storage.claim import claimed

END_SECONDS = 50
COMMAND = [sys.executable, "-m", "oye_proxy"]
SERVE = [*COMMAND, "serve", "--host", "127.0.0.1", "--port", "0"]


class Ended(Struct, frozen=True):
    code: int
    out: str
    err: str


def run(*arguments: str, **environment: str) -> Ended:
    """Run a command to its end."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=END_SECONDS,
        env={"INITIAL_ADMIN_PASSWORD": "for-this-test", **environment},
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def serve(data_dir: Path, **environment: str) -> Ended:
    """Start a proxy that is to end at once."""
    return run(*SERVE[len(COMMAND) :], "--data-dir", str(data_dir), **environment)


@contextmanager
def serving(
    data_dir: Path, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    """Start a proxy that is to run, wait until it is ready; yield it and all that it prints."""
    process = subprocess.Popen(
        [*SERVE, "--data-dir", str(data_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"INITIAL_ADMIN_PASSWORD": "for-this-test", **environment},
    )
    assert process.stdout is not None
    try:
        printed = []
        for line in process.stdout:
            printed.append(line)
            if line == "Ready.\n":
                break
        assert printed[-1:] == ["Ready.\n"], "".join(printed)
        yield process, chain(printed, process.stdout)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def refused(ended: Ended, words: str) -> None:
    """One sentence that says what to do, exit code 1, nothing served."""
    assert words in ended.err
    assert (1, "", 1) == (ended.code, ended.out, ended.err.count("\n"))
    assert ended.err.startswith("oye-proxy: ")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return the data of a proxy that was used."""
    folder = tmp_path / "data"
    made = run("tags", "accept", "KEPT", "--data-dir", str(folder))
    assert 0 == made.code, made.err
    return folder


@pytest.fixture
def postgresql_url(postgresql: PostgresqlServer) -> Iterator[Secret]:
    """Make an empty database."""
    name = postgresql.create()
    yield postgresql.url(name)
    postgresql.drop(name)


def file_of(data_dir: Path) -> Path:
    return data_dir / "db/oye-proxy.db"


def tags(data_dir: Path) -> str:
    return run("tags", "list", "--data-dir", str(data_dir)).out


def test_locked_by_another_program(data_dir: Path) -> None:
    other = sqlite3.connect(file_of(data_dir), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        refused(serve(data_dir), "is locked by another program: end it")
    finally:
        other.close()

    assert "KEPT\taccepted\n" == tags(data_dir)


def test_a_second_proxy_on_the_same_data(data_dir: Path) -> None:
    with serving(data_dir) as (first, _):
        refused(serve(data_dir), f"is in use by another OYE (process {first.pid}): stop that one")
        assert first.poll() is None


def test_a_killed_proxy_leaves_data_that_the_next_one_takes(data_dir: Path) -> None:
    """Its last rows are in the log beside the file, and its claim ended with it."""
    with serving(data_dir) as (first, _):
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert file_of(data_dir).with_name("oye-proxy.db-wal").stat().st_size > 0
    with serving(data_dir):
        pass

    assert "KEPT\taccepted\n" == tags(data_dir)


def test_no_database(data_dir: Path) -> None:
    file_of(data_dir).write_text("these are my notes\n" * 1000)
    refused(serve(data_dir), "is not a database: move it away, or restore it from a backup")

    assert "these are my notes\n" * 1000 == file_of(data_dir).read_text()


def test_a_bad_header(data_dir: Path) -> None:
    octets = file_of(data_dir).read_bytes()
    file_of(data_dir).write_bytes(b"\0" * 100 + octets[100:])
    refused(serve(data_dir), "is not a database: move it away, or restore it from a backup")

    assert b"\0" * 100 + octets[100:] == file_of(data_dir).read_bytes()


def test_a_damaged_page_that_the_start_needs(data_dir: Path) -> None:
    damage(file_of(data_dir), "config")
    refused(serve(data_dir), "is damaged: move it away, or restore it from a backup")


def test_a_damaged_page_among_the_frames_is_told_of_while_it_serves(data_dir: Path) -> None:
    """Chargers are not refused for the sake of old frames (promise 4)."""
    connection = sqlite3.connect(file_of(data_dir))
    row = "INSERT INTO logs (charge_point_id, direction, payload, timestamp) VALUES ('a','b',?,1)"
    connection.executemany(row, [("x" * 500,)] * 2000)
    connection.commit()
    connection.close()
    damage(file_of(data_dir), "logs")
    with serving(data_dir) as (_, printed):
        told = next(line for line in printed if "is damaged" in line)

    assert "move it away, or restore it from a backup" in told
    assert "Traceback" not in told


def damage(path: Path, table: str) -> None:
    """Overwrite the first page of a table."""
    connection = sqlite3.connect(path)
    query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    (page,) = connection.execute(query, (table,)).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    octets = bytearray(path.read_bytes())
    octets[(page - 1) * size : page * size] = b"\xaa" * size
    path.write_bytes(octets)


def test_a_newer_version(data_dir: Path) -> None:
    connection = sqlite3.connect(file_of(data_dir))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    octets = file_of(data_dir).read_bytes()
    refused(serve(data_dir), "newer version of OYE (revision 9999): start that version, or restore")

    assert octets == file_of(data_dir).read_bytes()


def test_a_read_only_folder(tmp_path: Path, data_dir: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        there = disk.folder / "data"
        shutil.copytree(data_dir, there)
        subprocess.run(["mount", "-o", "remount,ro", str(disk.folder)], check=True)
        refused(serve(there), f"the folder {there}/db of the database cannot be written to: make")


def test_a_read_only_file(data_dir: Path, tmp_path: Path) -> None:
    file = file_of(data_dir)
    with small_disk(tmp_path / "disk", 4) as disk:
        shutil.copy(file, disk.folder / "read-only.db")
        subprocess.run(["mount", "-o", "remount,ro", str(disk.folder)], check=True)
        file.write_bytes(b"")
        bind = ["mount", "--bind", str(disk.folder / "read-only.db"), str(file)]
        subprocess.run(bind, check=True)
        try:
            refused(serve(data_dir), "is read-only: make the file and its folder writable for OYE")
        finally:
            subprocess.run(["umount", str(file)], check=True)


@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk(tmp_path: Path, data_dir: Path, *, there: bool) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        folder = disk.folder / "data"
        if there:
            shutil.copytree(data_dir, folder)
        disk.fill()
        refused(serve(folder), "full: make room on it")
        disk.make_room()
        assert ("KEPT\taccepted\n" if there else "") == tags(folder)


def test_a_restore_is_not_disturbed_by_a_start(data_dir: Path) -> None:
    """Restore and the other commands that replace data hold the claim of a proxy."""
    with claimed(file_of(data_dir)):
        refused(serve(data_dir), f"is in use by another OYE (process {os.getpid()})")


def test_postgresql_is_away(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://oye:geheim@127.0.0.1:1/oye"
    ended = serve(tmp_path, OYE_DATABASE_URL=url)
    refused(ended, "the database oye on 127.0.0.1:1 cannot be reached: start PostgreSQL there")

    assert "geheim" not in ended.err


def test_a_wrong_password(tmp_path: Path, postgresql: PostgresqlServer) -> None:
    url = postgresql.url("postgres", password="geheim").reveal()
    ended = serve(tmp_path, OYE_DATABASE_URL=url)
    refused(ended, "refuses the password of oye: correct user and password")

    assert "geheim" not in ended.err


def test_a_wrong_name_of_the_database(tmp_path: Path, postgresql: PostgresqlServer) -> None:
    url = postgresql.url("nothing").reveal()
    refused(serve(tmp_path, OYE_DATABASE_URL=url), "there is no database nothing on 127.0.0.1")


@pytest.mark.parametrize("octets", [0, 1, 100, 500, 1500, 4000])
def test_postgresql_goes_away_during_the_start(
    tmp_path: Path, postgresql: PostgresqlServer, postgresql_url: Secret, octets: int
) -> None:
    """It is cut off after so much of what it says; the next start finds nothing half made."""
    with cutting(postgresql.port, octets) as port:
        url = postgresql_url.reveal().replace(f":{postgresql.port}/", f":{port}/")
        ended = serve(tmp_path, OYE_DATABASE_URL=url)
    refused(ended, f"on 127.0.0.1:{port}")
    with serving(tmp_path, OYE_DATABASE_URL=postgresql_url.reveal()):
        pass


@contextmanager
def cutting(to: int, octets: int) -> Iterator[int]:
    """Relay to a server, and hang up for good after so many octets of its own."""
    left = octets
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve_one(client: socket.socket) -> None:
            nonlocal left
            with client, socket.create_connection(("127.0.0.1", to)) as server:
                asking = threading.Thread(target=relay, args=(client, server))
                asking.start()
                while left > 0 and (said := server.recv(min(left, 4096))):
                    left -= len(said)
                    client.sendall(said)
                for side in (client, server):
                    hang_up(side)
                asking.join()

        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                serve_one(client)

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()


def relay(source: socket.socket, target: socket.socket) -> None:
    try:
        while said := source.recv(4096):
            target.sendall(said)
    except OSError:
        pass
    hang_up(target)


def hang_up(side: socket.socket) -> None:
    try:
        side.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
