"""A real PostgreSQL, started by the tests themselves where Debian's package is installed."""

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

import pytest

from oye_proxy.settings import Secret

PASSWORD = "p@ss: wörd/1"
START_TIMEOUT = 30.0
STOP_TIMEOUT = 30.0
USERS = ("postgres", "nobody")


class PostgresqlServer:
    """One server on a free loopback port; it can be stopped, frozen and started again."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.port = _free_port()
        self._programs = programs
        self._folder = folder
        self._databases = 0
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make the cluster."""
        password = self._folder / "password"
        password.write_text(PASSWORD)
        if (user := _unprivileged()) is not None:
            for path in (self._folder, password):
                os.chown(path, user.pw_uid, user.pw_gid)
        options = ["--username=oye", "--auth=scram-sha-256", f"--pwfile={password}", "--no-sync"]
        options += ["--encoding=UTF8", "--locale=C.UTF-8", f"--pgdata={self._folder / 'data'}"]
        command = [*_as_user(), self._program("initdb"), *options]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder)

    def start(self) -> None:
        """Start the server and wait until it answers; it ends with the thread that started it."""
        command = [*_as_user(), self._program("postgres"), "-D", str(self._folder / "data"), "-F"]
        command += ["-p", str(self.port), "-h", "127.0.0.1", "-k", str(self._folder)]
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

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let no process of the server run, while its connections stay open."""
        assert self._process is not None
        # Each of its processes leads a session of its own.
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)],
            check=True,
            capture_output=True,
            text=True,
        )
        pids = [self._process.pid, *map(int, children.stdout.split())]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def certified(self, certificate: bytes, key: bytes) -> Iterator[None]:
        """Offer TLS with this certificate."""
        names = {"ssl_cert_file": certificate, "ssl_key_file": key}
        for name, content in names.items():
            path = self._folder / name
            path.write_bytes(content)
            path.chmod(0o600)
            if (user := _unprivileged()) is not None:
                os.chown(path, user.pw_uid, user.pw_gid)
            self.run(f"ALTER SYSTEM SET {name} = '{path}'")
        self.run("ALTER SYSTEM SET ssl = on")
        try:
            self.run("SELECT pg_reload_conf()")
            self._until_tls("on")
            yield
        finally:
            self.run("ALTER SYSTEM RESET ALL")
            self.run("SELECT pg_reload_conf()")
            self._until_tls("off")

    def run(self, sql: str, database: str = "postgres") -> str:
        """Run SQL as the superuser; return what it prints."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "oye", "-d", database]
        command = [self._program("psql"), "-qAtX", "-v", "ON_ERROR_STOP=1", *where, "-c", sql]
        environment = {"PGPASSWORD": PASSWORD, "PATH": os.defpath}
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

    def url(self, database: str, *, user: str = "oye", password: str | None = None) -> Secret:
        """Return the address of a database."""
        account = f"{user}:{quote(password or PASSWORD, safe='')}"
        return Secret(f"postgresql+asyncpg://{account}@127.0.0.1:{self.port}/{database}")

    def _until_tls(self, wanted: str) -> None:
        """Wait until new connections find the changed configuration."""
        deadline = time.monotonic() + START_TIMEOUT
        while self.run("SHOW ssl") != wanted:
            if time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.05)

    def _program(self, name: str) -> str:
        return str(self._programs / name)


@contextmanager
def running_server() -> Iterator[PostgresqlServer]:
    """Start a server of Debian's newest package; skip where there is none."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=_version)
    if programs is None:
        pytest.skip("PostgreSQL is missing (apt install postgresql)")
    # The folders of pytest are closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="oye-pg-", dir="/tmp"))
    server = PostgresqlServer(programs, folder)
    try:
        server.prepare()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


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
    # Tests that are killed leave no server behind.
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids, "--pdeathsig=QUIT", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
