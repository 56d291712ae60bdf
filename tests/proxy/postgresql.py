"""A real PostgreSQL, started by the tests themselves where Debian's package is installed."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from oye_proxy.settings import Secret
from servers import postgresql

PASSWORD = "p@ss: wörd/1"


class PostgresqlServer(postgresql.PostgresqlServer):
    """A server that can be frozen, and offer TLS."""

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
            self._give_away(path)
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

    def url(self, database: str, *, user: str = "oye", password: str | None = None) -> Secret:
        """Return the address of a database."""
        return Secret(self.address(database, user=user, password=password))

    def _until_tls(self, wanted: str) -> None:
        """Wait until new connections find the changed configuration."""
        deadline = time.monotonic() + postgresql.START_TIMEOUT
        while self.run("SHOW ssl") != wanted:
            if time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.05)


@contextmanager
def running_server() -> Iterator[PostgresqlServer]:
    """Start a server of Debian's newest package; skip where there is none."""
    programs = postgresql.installed()
    if programs is None:
        pytest.skip("PostgreSQL is missing (apt install postgresql)")
    # The folders of pytest are closed to other users.
    with postgresql.own_folder(Path("/tmp")) as folder:  # noqa: S108 - made with a name of its own
        server = PostgresqlServer(programs, folder, PASSWORD)
        with postgresql.running(server):
            yield server
