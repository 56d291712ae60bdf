"""
Where the values of settings come from, each remembering its source.

Works on any tree of msgspec structs that is two levels deep: groups, and their fields.
"""

import difflib
import math
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import NODEFAULT, Meta, Struct

from oye_proxy.errors import SettingsError
from oye_proxy.settings.aliases import ALIASES

PREFIX = "OYE_"


class Field(Struct, frozen=True):
    """One setting, as its struct declares it."""

    group: str
    name: str
    hint: Any
    default: Any

    @property
    def setting(self) -> str:
        """The name in messages and in the settings file."""
        return f"{self.group}.{self.name}"

    @property
    def variable(self) -> str:
        """The name in the environment."""
        return f"{PREFIX}{self.group}_{self.name}".upper()

    @property
    def description(self) -> str:
        """What the setting is for."""
        metas = (part for part in typing.get_args(self.hint) if isinstance(part, Meta))
        return next((meta.description for meta in metas if meta.description), "")

    @property
    def kinds(self) -> tuple[Any, ...]:
        """The types that a value may have."""
        return tuple(_kinds(self.hint))

    @property
    def type(self) -> str:
        """The type in words."""
        kinds = (kind for kind in self.kinds if kind is not types.NoneType)
        return " or ".join(_type_in_words(kind) for kind in kinds)


class Value(Struct, frozen=True):
    """A value before it is checked; `text` when its source knows no types."""

    setting: str
    value: Any
    source: str
    text: bool


def fields_of(root: type[Struct]) -> dict[str, Field]:
    """Return every setting of a tree by its name."""
    found: dict[str, Field] = {}
    for group, struct in typing.get_type_hints(root).items():
        hints = typing.get_type_hints(struct, include_extras=True)
        for field in msgspec.structs.fields(struct):
            default = None if field.default is NODEFAULT else field.default
            one = Field(group, field.name, hints[field.name], default)
            found[one.setting] = one
    return found


def from_file(path: Path, fields: Mapping[str, Field]) -> list[Value]:
    """Read a settings file: JSON, an object of groups."""
    try:
        tree = msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, Any]])
    except OSError as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"the settings file {path} is not a JSON object of groups: {error}"
        ) from error
    values = [
        Value(f"{group}.{name}", value, str(path), text=False)
        for group, members in tree.items()
        for name, value in members.items()
    ]
    for value in values:
        if value.setting not in fields:
            raise SettingsError(
                f"{value.setting}: there is no such setting{_guess(value.setting, fields)}"
                f" (from {path})"
            )
    return values


def from_environment(environment: Mapping[str, str], fields: Mapping[str, Field]) -> list[Value]:
    """Read the aliases, then our own names, which win; an empty variable counts as not set."""
    values = []
    for alias in ALIASES:
        if environment.get(alias.name):
            meaning = alias.meaning(environment[alias.name])
            if meaning is not None:
                values.append(Value(alias.setting, meaning, alias.name, text=True))
    values += [
        Value(field.setting, environment[field.variable], field.variable, text=True)
        for field in fields.values()
        if environment.get(field.variable)
    ]
    return values


def strangers(environment: Mapping[str, str], fields: Mapping[str, Field]) -> list[str]:
    """Return a sentence for each variable that looks like ours and is not."""
    known = {field.variable: field for field in fields.values()}
    groups = tuple({f"{PREFIX}{field.group}_".upper() for field in fields.values()})
    return [
        f"{name} is no setting{_guess(name, known)}"
        for name in sorted(environment)
        if name.startswith(groups) and name not in known
    ]


def converted(
    value: Value, field: Field, types_of_text: Mapping[type, Callable[[str], Any]]
) -> Any:
    """Check a value and give it its type; raise SettingsError that names setting and source."""
    for kind, make in types_of_text.items():
        if kind in field.kinds:
            return _made(value, field, make)
    raw = value.value
    is_list = any(typing.get_origin(kind) is tuple for kind in field.kinds)
    if value.text and isinstance(raw, str) and is_list:
        raw = [part.strip() for part in raw.split(",") if part.strip()]
    try:
        made = msgspec.convert(raw, field.hint, strict=not value.text)
    except msgspec.ValidationError as error:
        raise SettingsError(
            f"{value.setting}: {_problem(error, field)} (from {value.source})"
        ) from None
    if isinstance(made, float) and not math.isfinite(made):
        raise SettingsError(f"{value.setting}: expected a finite number (from {value.source})")
    return made


def _made(value: Value, field: Field, make: Callable[[str], Any]) -> Any:
    if value.value is None and types.NoneType in field.kinds:
        return None
    if isinstance(value.value, str | Path):
        return make(str(value.value))
    raise SettingsError(f"{value.setting}: expected `str` (from {value.source})")


def _problem(error: msgspec.ValidationError, field: Field) -> str:
    choices = [kind for kind in field.kinds if isinstance(kind, type) and issubclass(kind, Enum)]
    if choices:
        return f"must be one of {_type_in_words(choices[0])}"
    text = str(error).partition(" - at ")[0]
    return text[:1].lower() + text[1:]


def _kinds(hint: Any) -> Iterator[Any]:
    if typing.get_origin(hint) is Annotated:
        yield from _kinds(typing.get_args(hint)[0])
    elif typing.get_origin(hint) in (types.UnionType, typing.Union):
        for part in typing.get_args(hint):
            yield from _kinds(part)
    else:
        yield hint


def _type_in_words(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(str(choice.value) for choice in kind)
    if typing.get_origin(kind) is tuple:
        return "list"
    words = {str: "text", int: "integer", float: "number", bool: "true or false"}
    return words.get(kind) or str(kind.__name__).lower()


def _guess(name: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f", did you mean {close[0]}?" if close else ""
