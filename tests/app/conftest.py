"""One proxy for all tests of a process, and one house that most of them look at."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.app.house import ADDRESS, DOMAIN, TRUSTED_PROXY, House, running_house, running_proxy

from oye_proxy.ha_app.paths import Paths


@pytest.fixture(scope="session")
def proxy() -> Iterator[Paths]:
    """Run a proxy; a socket's path has at most 107 characters."""
    with TemporaryDirectory(prefix="oye-") as folder, running_proxy(Path(folder)) as paths:
        yield paths


@pytest.fixture(scope="session")
def house(proxy: Paths, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Run a house with a domain, an address, the LAN, and one reverse proxy."""
    options = {"trusted_domains": [DOMAIN, ADDRESS], "trusted_proxies": [TRUSTED_PROXY]}
    with running_house(tmp_path_factory.mktemp("house"), proxy, options) as house:
        yield house
