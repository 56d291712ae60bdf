"""
The description of the API, taken at its word by schemathesis.

Whatever the description allows is asked of a running proxy: no bug shows (500), and each answer is
one that the description has, with the body it says.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final
from unittest import SkipTest

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.result import Ok
from tests.e2e.conftest import PASSWORD, MakeCharger, StartProxy

from oye_proxy.api.openapi import openapi_json
from oye_proxy.api.server import ROUTES

EXAMPLES: Final = 5
ADMIN: Final = ("admin", PASSWORD)

# Names that exist: a random one is nobody's.
KNOWN: Final = {"charge_point_id": "CP1", "version": "1.6", "name": "Heartbeat", "token_id": "1"}
CONSOLE: Final = {"X-OYE-Console": "1"}

# What would change the account that asks, and thereby all answers that follow.
LEFT_OUT: Final = {("POST", "/api/change-password")}

load_all_checks()
CHECKS: Final = schemathesis.checks.CHECKS.get_by_names(
    ["status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)


@pytest.fixture
def _logging_stays() -> Iterator[None]:
    """Undo what calls of `/api/log` change for the whole process."""
    loggers = [logging.getLogger(name) for name in (None, "oye_proxy")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


# schemathesis draws some of its negative examples with `random`; rarely, and harmlessly.
@pytest.mark.filterwarnings(
    "ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning"
)
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("_logging_stays")
@pytest.mark.parametrize("credentials", [ADMIN, None], ids=["administrator", "stranger"])
async def test_the_api_does_what_its_description_says(
    start_proxy: StartProxy, make_charger: MakeCharger, credentials: tuple[str, str] | None
) -> None:
    proxy = await start_proxy()
    make_charger(f"{proxy.url}/ocpp")
    found = await asyncio.to_thread(judged, proxy.url.replace("ws://", "http://"), credentials)

    assert [] == found


def judged(base_url: str, credentials: tuple[str, str] | None) -> list[str]:
    """Ask everything; return what is not as described."""
    description: dict[str, Any] = msgspec.json.decode(openapi_json(ROUTES))
    schema = schemathesis.openapi.from_dict(description)
    found: list[str] = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if (operation.method.upper(), operation.path) not in LEFT_OUT:
            found += _failures_of(operation, base_url, credentials)
    return found


def _failures_of(operation: Any, base_url: str, credentials: tuple[str, str] | None) -> list[str]:
    failures: dict[str, str] = {}

    def ask(case: Any) -> None:
        response = case.call(base_url=base_url, auth=credentials, headers=CONSOLE, timeout=30)
        if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            failures.setdefault("a bug", repr(case.body))
        try:
            case.validate_response(response, checks=CHECKS)
        except BaseExceptionGroup as group:
            for error in group.exceptions:
                failures.setdefault(type(error).__name__, f"{response.status_code} {error}")

    for mode in GenerationMode:
        # Not every call has something that can be wrong.
        with suppress(Unsatisfiable, SkipTest):
            _generating(operation.as_strategy(generation_mode=mode), ask)
    return [
        f"{operation.method.upper()} {operation.path}: {name} {text}"
        for name, text in failures.items()
    ]


def _generating(cases: Any, ask: Callable[[Any], None]) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def run(case: Any) -> None:
        ask(case)
        known = {name: KNOWN[name] for name in case.path_parameters or {} if name in KNOWN}
        if known:
            case.path_parameters = {**case.path_parameters, **known}
            ask(case)

    run()
