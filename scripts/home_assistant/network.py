"""
The network that programs run in: this machine's, or one of their own with loopback alone.

In one of its own a program has every port, finds nobody outside, and announces itself to nobody. A
socket belongs to the network that it was made in, so whoever stands outside can still hold one end.
"""

import contextlib
import ctypes
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp

_CLONE_NEWNET = 0x40000000
_PROGRAMS = ("unshare", "nsenter", "setpriv", "ip")
_SYSTEM_PROGRAMS = "/usr/sbin:/usr/bin:/sbin:/bin"


class Network:
    """The network of this machine."""

    def command(self, *words: str) -> list[str]:
        """Return the command line that runs a program in this network."""
        return [*words]

    def new_socket(self, family: int = socket.AF_INET) -> socket.socket:
        """Return a new TCP socket of this network."""
        return socket.socket(family, socket.SOCK_STREAM)

    def connector(self, source: str | None = None) -> aiohttp.TCPConnector:
        """Return what lets an aiohttp session connect here, from an address if one is given."""

        def made(address: Sequence[Any]) -> socket.socket:
            connection = self.new_socket(address[0])
            if source is not None:
                connection.bind((source, 0))
            return connection

        return aiohttp.TCPConnector(socket_factory=made)

    def listener(self, host: str, port: int = 0) -> socket.socket:
        """Return a socket that is bound here; port 0 is a free one."""
        bound = self.new_socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        return bound

    def free_port(self, wanted: int = 0) -> int:
        """Return a port that nobody listens on; the wanted one if possible."""
        try:
            bound = self.listener("127.0.0.1", wanted)
        except OSError:
            bound = self.listener("127.0.0.1")
        with bound:
            port: int = bound.getsockname()[1]
            return port


class OwnNetwork(Network):
    """A network that one process keeps; it is gone when the last process in it has ended."""

    def __init__(self, process: int) -> None:
        self.process = process

    def command(self, *words: str) -> list[str]:
        """Return the command line that runs a program in this network."""
        return ["nsenter", f"--net=/proc/{self.process}/ns/net", "--", *words]

    def new_socket(self, family: int = socket.AF_INET) -> socket.socket:
        """Return a new TCP socket of this network."""
        return socket_of(self.process, family)


def why_no_own_network() -> str | None:
    """Return why this machine cannot make networks; None when it can."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        return "a network of its own needs root on Linux"
    for program in _PROGRAMS:
        if shutil.which(program, path=_SYSTEM_PROGRAMS) is None:
            return f"{program} is not installed (scripts/setup does it on Debian)"
    return None


@contextlib.contextmanager
def own_network(*addresses: str) -> Iterator[OwnNetwork]:
    """Make a network with loopback, and these addresses with their prefix on it."""
    keeper = subprocess.Popen(
        # It ends with us, even if we are killed.
        ["setpriv", "--pdeathsig=KILL", "--", "unshare", "--net", "sleep", "infinity"],
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait_for_network(keeper)
        network = OwnNetwork(keeper.pid)
        settings = [
            ("link", "set", "lo", "up"),
            # Home Assistant's zeroconf wants to speak to all.
            ("link", "set", "lo", "multicast", "on"),
            ("route", "add", "224.0.0.0/4", "dev", "lo"),
            *(("addr", "add", address, "dev", "lo") for address in addresses),
        ]
        for words in settings:
            subprocess.run(network.command("ip", *words), check=True, stdin=subprocess.DEVNULL)
        yield network
    finally:
        keeper.kill()
        keeper.wait()


def socket_of(process: int, family: int = socket.AF_INET) -> socket.socket:
    """Return a new TCP socket of a process's network."""
    made: list[socket.socket | OSError] = []

    def make() -> None:
        try:
            _enter(process)
            made.append(socket.socket(family, socket.SOCK_STREAM))
        except OSError as error:
            made.append(error)

    # A network is that of a thread; a socket keeps the one that it was made in.
    thread = threading.Thread(target=make, name="socket of another network")
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]


def _enter(process: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.open(f"/proc/{process}/ns/net", os.O_RDONLY)
    try:
        if libc.setns(handle, _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(handle)


def _wait_for_network(keeper: subprocess.Popen[bytes]) -> None:
    """Wait until the process that keeps the network has left ours."""
    ours = Path("/proc/self/ns/net").readlink()
    while keeper.poll() is None:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{keeper.pid}/ns/net").readlink() != ours:
                return
    raise RuntimeError("a network of its own could not be made")
