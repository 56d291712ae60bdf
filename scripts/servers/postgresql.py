"""A PostgreSQL of Debian's package on a free loopback port, in a folder that goes with it."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

START_TIMEOUT = 30.0
STOP_TIMEOUT = 30.0
USERS = ("postgres", "nobody")


class PostgresqlServer:
    """One server; with `durable` it waits for the disk as a real one does."""

    def __init__(
        self, programs: Path, folder: Path, password: str, *, durable: bool = False
    ) -> None:
        self.port = _free_port()
        self._programs = programs
        self._folder = folder
        self._password = password
        self._durable = durable
        self._databases = 0
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make the cluster."""
        password = self._folder / "password"
        password.write_text(self._password)
        self._give_away(self._folder, password)
        options = ["--username=oye", "--auth=scram-sha-256", f"--pwfile={password}", "--no-sync"]
        options += ["--encoding=UTF8", "--locale=C.UTF-8", f"--pgdata={self._folder / 'data'}"]
        command = [*_as_user(), self._program("initdb"), *options]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder)

    def start(self) -> None:
        """Start the server and wait until it answers; it ends with the thread that started it."""
        command = [*_as_user(), self._program("postgres"), "-D", str(self._folder / "data")]
        command += ["-p", str(self.port), "-h", "127.0.0.1", "-k", str(self._folder)]
        command += [] if self._durable else ["-F"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self._folder, start_new_session=True
            )
        deadline = time.monotonic() + START_TIMEOUT
        ask = [self._program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ask, check=False).returncode:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server at once, as a crash would."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait(STOP_TIMEOUT)

    def run(self, sql: str, database: str = "postgres") -> str:
        """Run SQL as the superuser; return what it prints."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "oye", "-d", database]
        command = [self._program("psql"), "-qAtX", "-v", "ON_ERROR_STOP=1", *where, "-c", sql]
        environment = {"PGPASSWORD": self._password, "PATH": os.defpath}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        return done.stdout.strip()

    def create(self, options: str = "") -> str:
        """Create an empty database and return its name."""
        self._databases += 1
        name = f"oye_{self._databases}"
        self.run(f"CREATE DATABASE {name} {options}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever uses it."""
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def address(self, database: str, *, user: str = "oye", password: str | None = None) -> str:
        """Return the URL of a database."""
        account = f"{user}:{quote(password or self._password, safe='')}"
        return f"postgresql+asyncpg://{account}@127.0.0.1:{self.port}/{database}"

    def _program(self, name: str) -> str:
        return str(self._programs / name)

    def _give_away(self, *paths: Path) -> None:
        """Let the user that the server runs as own these."""
        if (user := _unprivileged()) is not None:
            for path in paths:
                os.chown(path, user.pw_uid, user.pw_gid)


def installed() -> Path | None:
    """Return the programs of Debian's newest package; None where there is none."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=_version)


@contextmanager
def own_folder(parent: Path) -> Iterator[Path]:
    """Make a folder for a server, which may run as another user, and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="oye-pg-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(server: PostgresqlServer) -> Iterator[PostgresqlServer]:
    """Make the cluster and let the server run."""
    try:
        server.prepare()
        server.start()
        yield server
    finally:
        server.stop()


def _version(programs: Path) -> int:
    return int(programs.parent.name)


def _unprivileged() -> pwd.struct_passwd | None:
    """Return the user to become: PostgreSQL refuses to run as root."""
    if os.geteuid():
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in USERS if name in known)


def _as_user() -> list[str]:
    user = _unprivileged()
    if user is None:
        return []
    # Whoever is killed leaves no server behind.
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids, "--pdeathsig=QUIT", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
