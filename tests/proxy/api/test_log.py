"""The log over HTTP."""

import io
import logging
from collections.abc import Iterator

import pytest
from tests.proxy.api.conftest import Api, bearer

from oye_proxy import logs
from oye_proxy.settings import LogSettings


@pytest.fixture(autouse=True)
def _started() -> Iterator[None]:
    stop = logs.start(LogSettings(), io.StringIO())
    yield
    stop()


async def test_the_newest_lines_come_without_secrets(api: Api) -> None:
    logger = logging.getLogger("oye_proxy.test")
    logger.info("password=%s", "correct horse", extra={"charger": "CP\n1"})
    status, tail = await api.ask("GET", "/api/log?limit=1")

    assert 200 == status
    assert "info" == tail["level"]
    (line,) = tail["lines"]
    assert ("INFO", "oye_proxy.test", "CP\\n1", None) == (
        line["level"],
        line["logger"],
        line["charger"],
        line["exception"],
    )
    assert "correct" not in line["message"]


async def test_the_level_changes_at_once(api: Api) -> None:
    status, changed = await api.ask("PATCH", "/api/log", {"level": "debug"})
    logging.getLogger("oye_proxy.test").debug("now heard")
    _, tail = await api.ask("GET", "/api/log")

    assert (200, "debug", []) == (status, changed["level"], changed["lines"])
    assert "now heard" in [line["message"] for line in tail["lines"]]


async def test_only_an_admin_reads_the_log(api: Api) -> None:
    for method, body in (("GET", None), ("PATCH", {"level": "trace"})):
        status, _ = await api.ask(method, "/api/log", body, headers=bearer("token-of-control"))
        assert 403 == status
