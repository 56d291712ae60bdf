"""The app in a folder of the test's own, with an nginx that ordinary users can test."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trustme
from msgspec import Struct

from oye_proxy.ha_app.files import Owner
from oye_proxy.ha_app.installation import App, plain_front
from oye_proxy.ha_app.nginx import Nginx
from oye_proxy.ha_app.options import Options, read_options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.remarks import Remark
from oye_proxy.settings import LogLevel

# Seconds are cut off, as in certificates.
NOW = datetime.now(UTC).replace(microsecond=0)
DOMAIN = "ocpp.example.org"


class Issued(Struct, frozen=True):
    """A pair as an authority issues it."""

    chain: bytes
    key: bytes


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def issue(authority: trustme.CA) -> Callable[..., Issued]:
    """Return a function that issues a pair for names, ending in so many days."""

    def make(*names: str, days: float = 90, begins: float = -1) -> Issued:
        leaf = authority.issue_cert(
            *names,
            not_before=NOW + timedelta(days=begins),
            not_after=NOW + timedelta(days=days),
        )
        chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
        return Issued(chain, leaf.private_key_pem.bytes())

    return make


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(data=tmp_path / "data", ssl=tmp_path / "ssl", run=tmp_path / "run")
    for folder in (paths.data, paths.ssl, paths.run):
        folder.mkdir()
    return paths


@pytest.fixture
def app(paths: Paths) -> App:
    """Return an app whose reloads are counted in the file `reloads`."""
    nginx = Nginx(
        paths.nginx_conf, reload_command=["sh", "-c", f"echo reload >> {paths.run}/reloads"]
    )
    return App(
        paths=paths, nginx=nginx, front=plain_front(paths, nginx.version(), None), owner=Owner()
    )


def put(paths: Paths, issued: Issued, certfile: str = "fullchain.pem") -> None:
    """Put a pair where the owner has it."""
    (paths.ssl / certfile).write_bytes(issued.chain)
    (paths.ssl / "privkey.pem").write_bytes(issued.key)


def write_options(paths: Paths, **options: Any) -> None:
    paths.options.write_bytes(msgspec.json.encode(options))


def options_of(paths: Paths, **options: Any) -> Options:
    """Return options that are without fault."""
    write_options(paths, **options)
    read, remarks = read_options(paths.options)
    assert [] == loud(remarks)
    return read


def loud(remarks: list[Remark]) -> list[str]:
    """Return what is a warning or worse."""
    return [
        remark.text
        for remark in remarks
        if remark.level in (LogLevel.WARNING, LogLevel.ERROR, LogLevel.FATAL)
    ]
