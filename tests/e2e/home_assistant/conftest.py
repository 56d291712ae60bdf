"""A home takes some ten seconds: a test walks a whole way in one, or a module shares a site."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio
from tests.e2e.home_assistant.home import Home, running_home
from tests.e2e.home_assistant.site import Site, running_site


@pytest.fixture
async def home() -> AsyncIterator[Home]:
    """Run a home; a socket's path has at most 107 characters."""
    with TemporaryDirectory(prefix="oye-home-") as folder:
        async with running_home(Path(folder)) as home:
            yield home


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site() -> AsyncIterator[Site]:
    """Run a site for the tests of a module; each of them brings about what it needs."""
    with TemporaryDirectory(prefix="oye-site-") as folder:
        async with running_site(Path(folder)) as site:
            yield site
