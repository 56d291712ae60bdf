"""`docs/API.md` says what the code says."""

import re
from pathlib import Path
from typing import get_args

import pytest

from oye_proxy.api.live_messages import ClientMessage, LiveMessage
from oye_proxy.api.problems import STATUSES, code_of
from oye_proxy.api.reference import render_reference
from oye_proxy.api.routes import Route
from oye_proxy.api.server import ROUTES

ROOT = Path(__file__).parents[3]
REFERENCE = render_reference()


def test_the_page_is_current() -> None:
    """If it is not: `scripts/sync`."""
    assert (ROOT / "docs" / "API.md").read_text(encoding="utf-8") == REFERENCE


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_call_has_its_section(route: Route) -> None:
    assert f"### {route.method} {route.path}\n" in REFERENCE


@pytest.mark.parametrize("error", STATUSES, ids=lambda error: error.__name__)
def test_every_code_is_named(error: type[Exception]) -> None:
    assert f"`{code_of(error)}`" in REFERENCE


def test_every_live_message_is_described() -> None:
    for message in get_args(LiveMessage):
        assert f"#### `{message.__struct_config__.tag}`" in REFERENCE
    for field in ClientMessage.__struct_fields__:
        assert f"| `{field}` |" in REFERENCE


def test_bounds_are_written_whole() -> None:
    assert "1 to 2147483647" in REFERENCE
    assert re.search(r"\de[+-]\d", REFERENCE) is None


def test_nothing_is_left_to_fill_in() -> None:
    assert "{{" not in REFERENCE
    assert "None" not in REFERENCE
