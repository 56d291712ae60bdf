"""The console's types that are made from the models of the API."""

from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
from msgspec import UNSET, Struct, UnsetType

import typescript
from oye_proxy.accounts import Scope
from oye_proxy.api.live_messages import LiveMessage
from oye_proxy.api.routes import Route
from oye_proxy.api.server import ROUTES

MADE = Path(__file__).parents[2] / "oye-proxy/frontend/src/api/types.gen.ts"


class Part(Struct, rename="camel"):
    """Ends with */ a comment."""

    long_name: str
    count: int = 0


class Wish(Struct, rename="camel"):
    """What is asked."""

    word: Literal["a", "b"]
    some: Part | None = None


class Given(Struct, rename="camel"):
    """What is answered."""

    at: datetime
    many: list[str | None]
    by_name: dict[str, float]
    anything: Any
    with_default: int = 3
    sometimes: bool | UnsetType = UNSET


async def _never(_exchange: Any) -> None:
    raise AssertionError


ROUTE = Route(
    method="POST",
    path="/api/part",
    handler=_never,
    scope=Scope.READ,
    summary="A call",
    query=None,
    body=Wish,
    answer=list[Given],
)


@pytest.fixture(name="made", scope="module")
def _made() -> str:
    return typescript.render_types([ROUTE])


def test_the_committed_types_are_current() -> None:
    """`scripts/sync` makes them; the console is built from them alone."""
    assert MADE.read_text() == typescript.render_types()


def test_all_is_readonly_and_nothing_is_any() -> None:
    made = typescript.render_types()

    assert "any" not in [word.strip(";[]()<>,") for word in _code(made)]
    assert [] == [
        line
        for line in made.splitlines()
        if line.startswith("  ") and _is_member_not_readonly(line)
    ]


def test_an_answer_always_has_what_has_a_default_and_may_lack_what_can_be_unset(made: str) -> None:
    assert "  readonly withDefault: number;" in made
    assert "  readonly sometimes?: boolean;" in made


def test_a_client_may_leave_out_what_has_a_default_in_all_that_it_sends(made: str) -> None:
    assert '  readonly word: "a" | "b";' in made
    assert "  readonly some?: Part | null;" in made
    assert "  readonly longName: string;" in made
    assert "  readonly count?: number;" in made


def test_lists_objects_times_and_unknown_things_have_their_types(made: str) -> None:
    assert "  readonly at: string;" in made
    assert "  readonly many: readonly (string | null)[];" in made
    assert "  readonly byName: Readonly<Record<string, number>>;" in made
    assert "  readonly anything: unknown;" in made


def test_no_description_ends_its_comment(made: str) -> None:
    assert "/** Ends with * / a comment. */" in made


def test_a_call_names_what_it_takes_and_answers(made: str) -> None:
    assert (
        '  readonly "POST /api/part": { readonly query: undefined; readonly body: Wish; '
        "readonly answer: readonly Given[] };"
    ) in made


def test_every_live_message_is_told_apart_by_its_type() -> None:
    made = typescript.render_types()

    for message in get_args(LiveMessage):
        assert f"  | {message.__name__}" in made
        assert f'  readonly type: "{message.__struct_config__.tag}";' in made


def test_every_call_is_there() -> None:
    made = typescript.render_types()

    for route in ROUTES:
        assert f'  readonly "{route.method} {route.path}": {{' in made


def _code(made: str) -> list[str]:
    lines = [line for line in made.splitlines() if not line.strip().startswith(("*", "/*", "//"))]
    return " ".join(lines).split()


def _is_member_not_readonly(line: str) -> bool:
    return ":" in line and not line.strip().startswith(("readonly ", "*", "/*", "|"))
