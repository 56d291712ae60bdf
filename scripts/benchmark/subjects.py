"""What is measured: each a process of its own between the chargers and the CSMS."""

import base64
import http.client
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

START_TIMEOUT = 30.0
STOP_TIMEOUT = 20.0
DROPPED_METRIC = "oye_records_dropped_total"
ADMIN_PASSWORD = "benchmark-only"  # noqa: S105 - of a proxy that lives on loopback for a minute
SYSTEM_PROGRAMS = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


class Subject:
    """A program that accepts chargers on `port` and dials the CSMS."""

    def __init__(
        self, name: str, folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.port = free_port()
        self.folder = folder
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def command(self, csms_port: int | None) -> list[str]:
        """Say how to start it."""
        raise NotImplementedError

    def start(self, csms_port: int | None) -> None:
        """Start it and wait until it listens; only OYE can do without a CSMS."""
        command = self.command(csms_port)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    **os.environ,
                    "INITIAL_ADMIN_PASSWORD": ADMIN_PASSWORD,
                    **self._environment,
                },
            )
        deadline = time.monotonic() + START_TIMEOUT
        while not listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise SystemExit(f"{self.name} did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it, by force if it does not end by itself."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.folder / "output.log"

    def cpu_seconds(self) -> float:
        """Sum what all its processes have computed so far."""
        times = [process.cpu_times() for process in self._processes()]
        return sum(each.user + each.system for each in times)

    def memory_bytes(self) -> int:
        """Sum what all its processes hold in memory."""
        return sum(process.memory_info().rss for process in self._processes())

    def _processes(self) -> list[psutil.Process]:
        assert self._process is not None
        parent = psutil.Process(self._process.pid)
        return [parent, *parent.children(recursive=True)]


class Relay(Subject):
    """The same socket libraries and nothing else."""

    def command(self, csms_port: int | None) -> list[str]:
        """Start relay.py."""
        script = Path(__file__).with_name("relay.py")
        return [sys.executable, str(script), str(self.port), f"ws://127.0.0.1:{csms_port}/ocpp"]


class Nginx(Subject):
    """nginx with one worker: one core, as the others have."""

    @staticmethod
    def is_installed() -> bool:
        """Say whether there is an nginx to compare with."""
        return shutil.which("nginx", path=SYSTEM_PROGRAMS) is not None

    def command(self, csms_port: int | None) -> list[str]:
        """Write the configuration and start nginx in the foreground."""
        configuration = self.folder / "nginx.conf"
        configuration.write_text(NGINX % {"port": self.port, "csms": csms_port})
        nginx = shutil.which("nginx", path=SYSTEM_PROGRAMS) or "nginx"
        return [nginx, "-p", f"{self.folder}/", "-c", str(configuration), "-e", "stderr"]


class Oye(Subject):
    """The proxy as its users start it, with SQLite in a folder of its own unless told otherwise."""

    def command(self, csms_port: int | None) -> list[str]:
        """Start `oye-proxy serve`."""
        program = Path(sys.executable).with_name("oye-proxy")
        command = [str(program), "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--data-dir", str(self.folder)]
        if csms_port is not None:
            command += ["--csms-url", f"ws://127.0.0.1:{csms_port}/ocpp"]
        return command

    def stored_frames(self) -> int:
        """Count the frames in the database."""
        uri = f"file:{self.folder / 'db' / 'oye-proxy.db'}?mode=ro"
        connection = sqlite3.connect(uri, uri=True)
        try:
            return int(connection.execute("SELECT count(*) FROM logs").fetchone()[0])
        finally:
            connection.close()

    def dropped_frames(self) -> int:
        """Read how many frames storage had to drop."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request("GET", "/metrics", headers=credentials())
            lines = connection.getresponse().read().decode().splitlines()
        finally:
            connection.close()
        values = [line.rpartition(" ")[2] for line in lines if line.startswith(DROPPED_METRIC)]
        if not values:
            raise SystemExit(f"/metrics has no {DROPPED_METRIC}")
        return int(sum(float(value) for value in values))


def credentials() -> dict[str, str]:
    """Return the header of an administrator."""
    pair = base64.b64encode(f"admin:{ADMIN_PASSWORD}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def free_port() -> int:
    """Return a port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Say whether somebody accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


NGINX = """
daemon off;
worker_processes 1;
worker_rlimit_nofile 32768;
pid nginx.pid;
events { worker_connections 16384; }
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:%(port)d backlog=4096;
        location / {
            proxy_pass http://127.0.0.1:%(csms)d;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection Upgrade;
            proxy_read_timeout 1h;
        }
    }
}
"""
