from pathlib import Path
from typing import Annotated

import pytest
from msgspec import Meta, Struct

from oye_proxy.errors import SettingsError
from oye_proxy.settings.sources import Value, converted, fields_of, from_environment, strangers


class Group(Struct, frozen=True, kw_only=True):
    number: Annotated[int, Meta(ge=1, description="How many.")] = 3
    path: Path | None = None
    names: tuple[str, ...] = ()


class Tree(Struct, frozen=True):
    group: Group = Group()


FIELDS = fields_of(Tree)


def test_fields_know_their_names_types_and_descriptions() -> None:
    assert [
        ("group.number", "OYE_GROUP_NUMBER", "integer", 3, "How many."),
        ("group.path", "OYE_GROUP_PATH", "path", None, ""),
        ("group.names", "OYE_GROUP_NAMES", "list", (), ""),
    ] == [
        (field.setting, field.variable, field.type, field.default, field.description)
        for field in FIELDS.values()
    ]


def test_the_environment_gives_texts_and_empty_ones_count_as_not_set() -> None:
    environment = {"OYE_GROUP_NUMBER": "5", "OYE_GROUP_NAMES": "", "OTHER": "1"}

    assert [Value("group.number", "5", "OYE_GROUP_NUMBER", text=True)] == (
        from_environment(environment, FIELDS)
    )


def test_strangers_are_variables_that_look_like_ours() -> None:
    assert ["OYE_GROUP_ODD is no setting"] == [
        sentence.partition(",")[0]
        for sentence in strangers({"OYE_GROUP_ODD": "1", "OYE_ELSE": "1", "GROUP": "1"}, FIELDS)
    ]


@pytest.mark.parametrize(
    ("name", "raw", "made"),
    [("number", "5", 5), ("path", "/a", Path("/a")), ("names", " a, b,,", ("a", "b"))],
)
def test_texts_get_the_type_of_their_field(name: str, raw: str, made: object) -> None:
    value = Value(f"group.{name}", raw, "somewhere", text=True)

    assert made == converted(value, FIELDS[value.setting], {Path: Path})


def test_a_typed_source_must_have_the_type() -> None:
    value = Value("group.number", "5", "a file", text=False)

    with pytest.raises(SettingsError, match=r"group\.number: expected `int`, got `str`"):
        converted(value, FIELDS["group.number"], {})
