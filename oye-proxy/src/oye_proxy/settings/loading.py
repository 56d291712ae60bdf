"""How the settings are put together; nothing else reads the environment."""

import os
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from oye_proxy.errors import SettingsError
from oye_proxy.settings import aliases, database_url
from oye_proxy.settings import sources as sources_of
from oye_proxy.settings.tree import CsmsSettings, OnCsmsLoss, Secret, Settings


class Loaded(Struct, frozen=True, kw_only=True):
    """
    The settings, where each value that is not a default came from, and what to tell the user.

    `sources` has the names as keys (`csms.url`); `warnings` are sentences for the log.
    """

    settings: Settings
    sources: dict[str, str]
    warnings: tuple[str, ...]


class EffectiveSetting(Struct, frozen=True, kw_only=True):
    """One row of the documentation; a secret value shows as `***`."""

    name: str
    variable: str
    type: str
    default: str
    value: str
    description: str


def read_environment() -> dict[str, str]:
    """Return the process's environment; nothing else reads it."""
    return dict(os.environ)  # noqa: TID251 - this is the place


def load(
    arguments: Mapping[str, object], environment: Mapping[str, str], file: Path | None
) -> Loaded:
    """
    Put the settings together: defaults < settings file < environment < command line.

    `arguments` has the settings' names as keys (`csms.url`); None means not given. Raise
    SettingsError, which names the setting, what is wrong, and where the value came from.
    """
    fields = sources_of.fields_of(Settings)
    values = [] if file is None else sources_of.from_file(file, fields)
    values += sources_of.from_environment(environment, fields)
    values += [
        sources_of.Value(name, value, "the command line", text=True)
        for name, value in arguments.items()
        if value is not None
    ]
    found: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for value in values:
        found[value.setting] = sources_of.converted(value, fields[value.setting], _TEXT_TYPES)
        sources[value.setting] = value.source
    _derive(found, sources, environment)
    _check_database(found, sources)
    groups: dict[str, dict[str, Any]] = {}
    for name, made in found.items():
        groups.setdefault(fields[name].group, {})[fields[name].name] = made
    types = typing.get_type_hints(Settings)
    settings = Settings(**{group: types[group](**made) for group, made in groups.items()})
    warnings = (
        *aliases.without_effect(environment),
        *sources_of.strangers(environment, fields),
    )
    return Loaded(settings=settings, sources=sources, warnings=warnings)


def effective(settings: Settings) -> list[EffectiveSetting]:
    """Return every setting with its value, for the documentation and for people."""
    return [
        EffectiveSetting(
            name=field.setting,
            variable=field.variable,
            type=field.type,
            default=_shown(field.default),
            value=_shown(getattr(getattr(settings, field.group), field.name)),
            description=field.description,
        )
        for field in sources_of.fields_of(Settings).values()
    ]


_TEXT_TYPES: dict[type, Callable[[str], Any]] = {Path: Path, Secret: Secret}


def _derive(found: dict[str, Any], sources: dict[str, str], environment: Mapping[str, str]) -> None:
    """Fill in what follows from other values, unless somebody set it."""
    delay = found.get("csms.reconnect_delay", CsmsSettings().reconnect_delay)
    after = aliases.standalone_after(environment, delay)
    if after is not None and "csms.standalone_after" not in found:
        found["csms.standalone_after"] = after
        sources["csms.standalone_after"] = aliases.ATTEMPTS
    composed = database_url.composed_url(environment)
    if composed is not None and database_url.SETTING not in found:
        found[database_url.SETTING] = Secret(composed)
        sources[database_url.SETTING] = database_url.HOST_VARIABLE
    if found.get("storage.memory") and "csms.on_loss" not in found:
        # Nothing that a charger is told while the CSMS is away would survive.
        found["csms.on_loss"] = OnCsmsLoss.CLOSE
        sources["csms.on_loss"] = sources["storage.memory"]


def _check_database(found: Mapping[str, Any], sources: Mapping[str, str]) -> None:
    """Refuse at the start what the storage could only refuse later."""
    url = found.get(database_url.SETTING)
    if url is None:
        return
    source = sources[database_url.SETTING]
    try:
        database_url.parse_database_url(url)
    except SettingsError as error:
        raise SettingsError(f"{error} (from {source})") from None
    if found.get("storage.memory"):
        raise SettingsError(
            f"storage.memory: unset it, or {database_url.SETTING}: a database is in one place"
            f" (from {sources['storage.memory']} and {source})"
        )


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case tuple():
            return ",".join(map(str, value))
        case _:
            return str(value)
