"""Where a site listens: a TCP port, or a unix socket behind a server in front."""

import asyncio
import errno
import os
import socket
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from oye_proxy.app import unix_socket
from oye_proxy.errors import SettingsError
from oye_proxy.settings import ServerSettings


async def listen(runner: web.AppRunner, server: ServerSettings) -> None:
    """Open the TCP port; raise SettingsError."""
    site = web.TCPSite(runner, server.host or None, server.port)
    try:
        await site.start()
    except OSError as error:
        raise SettingsError(_sentence(server, error)) from error


async def listen_unix(
    runner: web.AppRunner, path: Path, setting: str, stack: AsyncExitStack
) -> None:
    """Open a unix socket, gone again at the end; raise SettingsError."""
    bound = await asyncio.to_thread(unix_socket.bind_unix, path, setting)
    stack.push_async_callback(asyncio.to_thread, unix_socket.remove, path)
    await web.SockSite(runner, bound).start()


def tcp_port(server: ServerSettings) -> int:
    """Return the TCP port that is set; 0 when there is none, or the machine chooses."""
    return server.port if server.public_socket is None else 0


def port_of(runner: web.AppRunner) -> int:
    """Return the TCP port, which the setting may leave to the machine; 0 when there is none."""
    tcp = [address for address in runner.addresses if isinstance(address, tuple)]
    port: int = tcp[0][1] if tcp else 0
    return port


def _sentence(server: ServerSettings, error: OSError) -> str:
    """Say why there is no listener, and what to do about it."""
    if isinstance(error, socket.gaierror):
        return f"server.host: {server.host} is no address of this machine: {error.strerror}"
    reason = os.strerror(error.errno) if error.errno else str(error)
    hint = "Choose another one with --port."
    if error.errno == errno.EADDRINUSE:
        hint = "Stop the program that uses it, or choose another one with --port."
    elif error.errno == errno.EADDRNOTAVAIL:
        return f"server.host: {server.host} is no address of this machine: {reason}"
    return f"server.port: cannot listen on port {server.port}: {reason}. {hint}"
