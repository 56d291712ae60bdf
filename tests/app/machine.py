"""
The whole app as a container: its services under s6, its root file system, a stub of Supervisor.

It runs in namespaces of its own, with loopback alone: it has the ports that it has at home, and
ends with its first process. What is below is this machine with the app's files laid over it, or the
root of an image.
"""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import websockets
from tests.app.house import DOMAIN, Answer, anybody, parsed, receive_all, wait_until

from home_assistant.network import socket_of

TLS = 9443
PLAIN = 9080
HEALTH = 8097
PATIENCE = 60.0
FOLDERS = ("data", "ssl", "homeassistant")

_CONTAINER = Path(__file__).parent / "container"
_STUB = Path(__file__).parent / "stub_supervisor.py"
_PROGRAMS = ("unshare", "ip", "nginx", "openssl", "s6-svscan", "execlineb")
_SYSTEM_PROGRAMS = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"


class Machine:
    """One container; `folder` holds what survives it: data, ssl, homeassistant."""

    def __init__(self, folder: Path, lower: Path | None = None) -> None:
        self.folder = folder
        self._lower = lower
        self._process: subprocess.Popen[bytes] | None = None
        for name in FOLDERS:
            (folder / name).mkdir(exist_ok=True)
        (folder / "log").touch()

    def set_options(self, **options: Any) -> None:
        """Write the options as Supervisor does, for root alone."""
        path = self.folder / "data/options.json"
        path.write_text(json.dumps(options))
        path.chmod(0o600)

    def start(self) -> None:
        """Start the container."""
        (self.folder / "listening").unlink(missing_ok=True)
        enter = [str(_CONTAINER / "enter"), str(self._lower or "/"), str(self.folder)]
        prepare = [] if self._lower else [str(_CONTAINER / "prepare-here")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"),
                    *enter,
                    *(sys.executable, str(_STUB)),
                    *prepare,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def start_up(self) -> None:
        """Start the container and wait until everything in it is up."""
        before = self.log.count("init: everything is up")
        self.start()
        self.wait(lambda: self.log.count("init: everything is up") > before)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait for something in the container, which is to go on meanwhile."""

        def happened() -> bool:
            assert self._process is not None
            assert self._process.poll() is None, self.log
            return condition()

        wait_until(happened, PATIENCE)

    def terminate(self) -> None:
        """Tell the container to stop, as Docker does."""
        os.kill(self.first_process, signal.SIGTERM)

    def ended(self) -> int:
        """Wait for its end; return its exit code."""
        assert self._process is not None
        return self._process.wait(PATIENCE)

    def remove(self) -> None:
        """End what is left of it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def log(self) -> str:
        """What the app's log shows."""
        return (self.folder / "log").read_text(errors="replace")

    @property
    def requests(self) -> list[tuple[str, str, Any]]:
        """What Supervisor was asked."""
        path = self.folder / "requests"
        lines = path.read_text().splitlines() if path.exists() else []
        return [tuple(json.loads(line)) for line in lines]

    @property
    def first_process(self) -> int:
        """The id that the container's first process has outside."""
        assert self._process is not None
        return _children(self._process.pid)[0]

    @property
    def notified(self) -> set[str]:
        """The notifications that Core was given."""
        return {body["notification_id"] for _, path, body in self.requests if "/create" in path}

    def steer(self, **members: Any) -> None:
        """Let Supervisor behave otherwise, from the next request on."""
        path = self.folder / "stub.json"
        path.with_suffix(".new").write_text(json.dumps(members))
        path.with_suffix(".new").replace(path)

    def process(self, *words: str) -> int:
        """Return the one process whose command line has these words."""
        found = self.processes(*words)
        assert 1 == len(found), [_command(process) for process in found]
        return found[0]

    def processes(self, *words: str) -> list[int]:
        """Return every process in the container whose command line has these words."""
        return [
            process
            for process in _descendants(self.first_process)
            if all(word in _command(process) for word in words)
        ]

    def connect(self, port: int) -> socket.socket:
        """Open a TCP connection in the container's network."""
        connection = socket_of(self.first_process)
        connection.settimeout(PATIENCE)
        try:
            connection.connect(("127.0.0.1", port))
        except OSError:
            connection.close()
            raise
        return connection

    def ask(self, port: int, path: str, host: str = DOMAIN, *headers: str) -> Answer | None:
        """Send one request; None when the connection was closed without a byte."""
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
        with self.connect(port) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            return parsed(receive_all(connection))

    def charger(self, charge_point_id: str = "CP1", host: str = DOMAIN) -> Any:
        """Connect as a charger that speaks 1.6, by wss."""
        return websockets.connect(
            f"wss://{host}:{TLS}/ocpp/{charge_point_id}",
            sock=self.connect(TLS),
            ssl=anybody(),
            server_hostname=host,
            subprotocols=[websockets.Subprotocol("ocpp1.6")],
            proxy=None,
        )

    def is_refused(self, host: str) -> bool:
        """Tell whether TLS does not come about for this name."""
        try:
            with anybody().wrap_socket(self.connect(TLS), server_hostname=host):
                return False
        except (ssl.SSLError, ConnectionError):
            return True


@contextmanager
def machine(folder: Path, lower: Path | None = None) -> Iterator[Machine]:
    """Have a container that is gone at the end; skip where none can be."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        pytest.skip("namespaces and layers need root on Linux")
    for program in _PROGRAMS:
        if shutil.which(program, path=_SYSTEM_PROGRAMS) is None:
            pytest.skip(f"{program} is not installed (scripts/setup does it on Debian)")
    made = Machine(folder, lower)
    try:
        yield made
    finally:
        made.remove()


def environment_of(process: int) -> dict[str, str]:
    """Return the environment that a process was started with."""
    entries = Path(f"/proc/{process}/environ").read_text().split("\0")
    return dict(entry.split("=", 1) for entry in entries if "=" in entry)


def user_of(process: int) -> int:
    """Return the user that a process runs as."""
    return Path(f"/proc/{process}").stat().st_uid


def _descendants(process: int) -> Iterator[int]:
    for child in _children(process):
        yield child
        yield from _descendants(child)


def _children(process: int) -> list[int]:
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in listed.split()]


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
