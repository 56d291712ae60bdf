"""One home for each test: it takes some twenty seconds, so a test walks a whole way in it."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.e2e.home_assistant.home import Home, running_home


@pytest.fixture
async def home() -> AsyncIterator[Home]:
    """Run a home; a socket's path has at most 107 characters."""
    with TemporaryDirectory(prefix="oye-home-") as folder:
        async with running_home(Path(folder)) as home:
            yield home
