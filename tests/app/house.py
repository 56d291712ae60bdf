"""
A house with the app in it: the real proxy in its own process, a real nginx in front of it.

Everything is on loopback; the address that a client binds to says where it comes from.
"""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import websockets
from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.ha_app.files import Owner
from oye_proxy.ha_app.front import Limits, Ports
from oye_proxy.ha_app.installation import App, install, plain_front
from oye_proxy.ha_app.networks import Networks
from oye_proxy.ha_app.nginx import Nginx
from oye_proxy.ha_app.options import Options, read_options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.remarks import Remark
from oye_proxy.settings import read_environment

DOMAIN = "ocpp.example.org"
ADDRESS = "192.0.2.7"
LAN = "127.0.1.7"
BRIDGE = "127.0.2.1"
SUPERVISOR = "127.0.2.2"
TRUSTED_PROXY = "127.0.3.5"
STRANGER = "127.0.4.9"
NETWORKS = Networks(lan=("127.0.1.0/24",), bridge=("127.0.2.0/24",), supervisor=SUPERVISOR)
SYSTEM_PROGRAMS = "/usr/local/sbin:/usr/sbin:/usr/bin:/opt/homebrew/bin"
PATIENCE = 20.0


class Answer(Struct, frozen=True):
    """What a client got; `certificate` is the DER that it was shown."""

    status: int
    headers: list[tuple[str, str]]
    body: str
    certificate: bytes | None = None

    def all(self, name: str) -> list[str]:
        """Return the values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class ProxyProcess:
    """`oye-proxy serve` behind its two sockets."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, settings: Path) -> None:
        """Start it and wait until it says that it is ready."""
        reading, writing = os.pipe()
        command = [sys.executable, "-m", "oye_proxy", "serve", "--settings", str(settings)]
        with (self.folder / "proxy.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--notify-fd", str(writing)],
                pass_fds=[writing],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=read_environment() | self._environment,
            )
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            if pipe.read() != b"\n":
                raise RuntimeError((self.folder / "proxy.log").read_text())

    def stop(self) -> int:
        """End it and return its exit code."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()


class House:
    """An installed app whose nginx runs; `said` is what the start had to say."""

    def __init__(self, app: App, options: Options, said: list[Remark]) -> None:
        self.app = app
        self.options = options
        self.said = said
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def ports(self) -> Ports:
        return self.app.front.ports

    @property
    def log(self) -> str:
        """Everything that nginx said."""
        return (self.app.paths.run / "nginx.log").read_text(errors="replace")

    def start(self) -> None:
        """Start nginx and wait until it listens."""
        program = shutil.which("nginx", path=SYSTEM_PROGRAMS)
        assert program is not None
        with (self.app.paths.run / "nginx.log").open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-e", "stderr", "-c", str(self.app.paths.nginx_conf)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: _listens(self.ports.health) or self._process_ended())

    def reload(self) -> None:
        """Make nginx read its configuration anew, as s6 does it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    @property
    def process_id(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """End nginx at once."""
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()

    def _process_ended(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(self.log)
        return False

    # What clients do

    def ask(self, path: str = "/health", **how: Any) -> Answer | None:
        """Send one request; None when the connection was closed without a byte."""
        return ask(self.ports, path, **how)

    def supervisor(self, path: str) -> Any:
        """Return what an administrator sees through ingress."""
        answer = ask(self.ports, path, port=self.ports.ingress, source=SUPERVISOR, host="hassio")
        assert answer is not None
        assert 200 == answer.status, answer.body
        return msgspec.json.decode(answer.body)

    def charger(
        self,
        path: str = "/ocpp/CP1",
        *,
        host: str = DOMAIN,
        source: str = STRANGER,
        tls: ssl.SSLContext | None = None,
        **others: Any,
    ) -> Any:
        """Connect as a charger that speaks 1.6."""
        scheme, usual = ("ws", self.ports.plain) if tls is None else ("wss", self.ports.tls)
        port = others.pop("port", usual)
        if tls is not None:
            others.setdefault("server_hostname", host)
        return websockets.connect(
            f"{scheme}://{host}:{port}{path}",
            host="127.0.0.1",
            port=port,
            local_addr=(source, 0),
            ssl=tls,
            subprotocols=[websockets.Subprotocol("ocpp1.6")],
            proxy=None,
            compression=None,
            **others,
        )


def ask(
    ports: Ports,
    path: str,
    *,
    host: str | None = DOMAIN,
    source: str = STRANGER,
    tls: bool = False,
    sni: str | None = None,
    port: int | None = None,
    method: str = "GET",
    headers: Sequence[tuple[str, str]] = (),
    version: str = "HTTP/1.1",
    body: bytes = b"",
) -> Answer | None:
    """Send one request as it is given, byte for byte."""
    lines = [f"{method} {path} {version}"]
    lines += [] if host is None else [f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [f"Content-Length: {len(body)}"] if body else []
    lines += [] if any(name == "Connection" for name, _ in headers) else ["Connection: close"]
    port = port or (ports.tls if tls else ports.plain)
    with connect(port, source) as plain:
        connection = plain if not tls else anybody().wrap_socket(plain, server_hostname=sni)
        with connection:
            certificate = (
                connection.getpeercert(binary_form=True)
                if isinstance(connection, ssl.SSLSocket)
                else None
            )
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            return parsed(receive_all(connection), certificate)


def connect(port: int, source: str = STRANGER) -> socket.socket:
    """Open a TCP connection from an address."""
    return socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=(source, 0))


def anybody() -> ssl.SSLContext:
    """Return what a client uses that looks at certificates itself."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def receive_all(connection: socket.socket) -> bytes:
    """Read until the end; an answer may be cut off with a reset."""
    received = b""
    try:
        while part := connection.recv(65536):
            received += part
    except (ConnectionResetError, ssl.SSLEOFError):
        pass
    return received


def parsed(received: bytes, certificate: bytes | None = None) -> Answer | None:
    """Take an answer apart."""
    if not received:
        return None
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return Answer(int(first.split()[1]), headers, body.decode(errors="replace"), certificate)


def wait_until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for something that happens in another process."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def running_proxy(folder: Path, **environment: str) -> Iterator[Paths]:
    """Run a proxy as the options of a plain installation make it; return its paths."""
    app = installed(folder, {})[0]
    proxy = ProxyProcess(folder, **environment)
    proxy.start(app.paths.settings)
    try:
        yield app.paths
    finally:
        code = proxy.stop()
    assert 0 == code


@contextmanager
def running_house(
    folder: Path, proxy: Paths, options: dict[str, Any], limits: Limits | None = None
) -> Iterator[House]:
    """Run an nginx in front of a proxy that runs already."""
    house = House(*installed(folder, options, proxy=proxy, limits=limits))
    house.start()
    try:
        yield house
    finally:
        house.stop()


def installed(
    folder: Path,
    options: dict[str, Any],
    *,
    proxy: Paths | None = None,
    limits: Limits | None = None,
) -> tuple[App, Options, list[Remark]]:
    """Install the app from its options, with ports and networks of loopback."""
    _demand_nginx_and_loopback()
    paths = Paths(data=folder / "data", ssl=folder / "ssl", run=folder / "run")
    for made in (paths.data, paths.ssl, paths.run):
        made.mkdir(exist_ok=True)
    paths.options.write_bytes(msgspec.json.encode(options))
    read, said = read_options(paths.options)
    sockets = proxy or paths
    front = replace(
        plain_front(paths, (), None),
        # Workers of root's nginx would be nobody, who may not enter a test's folder.
        user="root root" if os.geteuid() == 0 else None,
        public_socket=sockets.public_socket,
        ingress_socket=sockets.ingress_socket,
        listens=("127.0.0.1:",),
        inner_listens=("127.0.0.1:",),
        ports=Ports(**dict(zip(Ports.__struct_fields__, _free_ports(), strict=True))),
        networks=NETWORKS,
        limits=limits or Limits(),
    )
    app = App(paths=paths, nginx=Nginx(paths.nginx_conf), front=front, owner=Owner())
    install_said = install(app, read, "myhouse", datetime.now(UTC))[1]
    return app, read, said + install_said


def _demand_nginx_and_loopback() -> None:
    """Skip where the parts of a house cannot be had."""
    if shutil.which("nginx", path=SYSTEM_PROGRAMS) is None:
        pytest.skip("nginx is not installed (apt install nginx)")
    with socket.socket() as probe:
        try:
            probe.bind((STRANGER, 0))
        except OSError:
            pytest.skip("all of 127.0.0.0/8 is loopback on Linux alone")


def _free_ports() -> list[int]:
    probes = [socket.socket() for _ in Ports.__struct_fields__]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
