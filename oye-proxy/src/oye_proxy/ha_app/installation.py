"""
Everything that is made at the start, from the options: folders, settings, certificates, nginx.conf.

It ends with something that nginx takes, whatever the options say. When certificates or
configuration cannot be used, nginx gets the closed variant: nobody comes in from outside, while
Home Assistant still reaches the console.
"""

import socket
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.errors import CertificateError, SettingsError
from oye_proxy.ha_app.files import Owner, make_folder, write_file
from oye_proxy.ha_app.front import Front
from oye_proxy.ha_app.nginx import Nginx
from oye_proxy.ha_app.nginx_config import render_nginx
from oye_proxy.ha_app.options import Options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.proxy_settings import proxy_settings
from oye_proxy.ha_app.remarks import Remark
from oye_proxy.ha_app.tls import MAIN, choose, put_in_place
from oye_proxy.logs import LEVELS
from oye_proxy.settings import LogLevel
from oye_proxy.status_file import NOTHING_TOLD, CertificateStatus, FrontStatus, read_status

SHARED = 0o640
_HTTP2_SINCE = (1, 25, 1)


class App(Struct, frozen=True, kw_only=True):
    """Where the app is installed: its folders, its nginx, and the account of the proxy."""

    paths: Paths
    nginx: Nginx
    front: Front
    owner: Owner

    @property
    def shared(self) -> Owner:
        """Root's, to be read by the proxy."""
        return Owner(group=self.owner.group)


def plain_front(paths: Paths, version: Sequence[int], account: str | None) -> Front:
    """Return what does not depend on the options."""
    listens = ("", "[::]:") if _has_ipv6() else ("",)
    return Front(
        folder=paths.run,
        public_socket=paths.public_socket,
        ingress_socket=paths.ingress_socket,
        user=None if account is None else f"www-data {account}",
        http2=tuple(version) >= _HTTP2_SINCE,
        listens=listens,
        inner_listens=listens,
    )


def front_for(front: Front, options: Options, certificates: Sequence[CertificateStatus]) -> Front:
    """Return the front that the options ask for."""
    signed = any(one.purpose == MAIN and not one.self_signed for one in certificates)
    return replace(
        front,
        names=options.trusted_names,
        allow_lan=options.allow_lan,
        trusted_proxies=options.trusted_proxies,
        # A browser that once saw HSTS takes no other certificate any more.
        hsts=options.hsts and signed,
        log_requests=LEVELS[options.log_level] <= LEVELS[LogLevel.DEBUG],
    )


def install(
    app: App, options: Options, hostname: str | None, now: datetime
) -> tuple[tuple[CertificateStatus, ...], list[Remark]]:
    """Make everything; return the certificates in use and what went wrong."""
    make_folders(app)
    write_file(app.paths.settings, proxy_settings(options, app.paths), SHARED, app.shared)
    remarks: list[Remark] = []
    certificates: tuple[CertificateStatus, ...] = ()
    try:
        choices = choose(options, app.paths, hostname, now, starting=True)
        for choice in choices:
            put_in_place(app.paths, choice)
        certificates = tuple(choice.status for choice in choices)
    except (CertificateError, OSError) as error:
        remarks.append(Remark(f"there is no certificate: {error}", LogLevel.ERROR))
    write_status(app, FrontStatus(certificates=certificates))
    front = replace(front_for(app.front, options, certificates), serves=bool(certificates))
    trouble = app.nginx.install(render_nginx(front), app.shared)
    if trouble is not None:
        remarks.append(Remark(f"nginx does not take its configuration: {trouble}", LogLevel.ERROR))
        trouble = app.nginx.install(render_nginx(replace(front, serves=False)), app.shared)
    if trouble is not None:
        raise SettingsError(f"nginx cannot run: {trouble}")
    if not front.serves or remarks:
        remarks.append(Remark("nobody is let in from outside until this is mended", LogLevel.ERROR))
    return certificates, remarks


def make_folders(app: App) -> None:
    """Make the folders, or give them the owner and mode that they must have."""
    paths = app.paths
    make_folder(paths.run, 0o750, app.shared)
    make_folder(paths.sockets, 0o750, app.owner)
    make_folder(paths.tls, 0o700)
    make_folder(paths.proxy_data, 0o700, app.owner)


def write_status(app: App, status: FrontStatus) -> None:
    """Tell the proxy."""
    content = msgspec.json.format(msgspec.json.encode(status)) + b"\n"
    write_file(app.paths.status, content, SHARED, app.shared)


def present_status(path: Path) -> FrontStatus:
    """Return what the proxy was told before."""
    try:
        return read_status(path)
    except (OSError, ValueError):
        return NOTHING_TOLD


def _has_ipv6() -> bool:
    """Tell whether nginx could listen with IPv6; a kernel may come without."""
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::", 0))
    except OSError:
        return False
    return True
