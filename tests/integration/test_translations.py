"""Texts, icons and code of the integration name the same things, in both directions."""

import ast
import dataclasses
import importlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from homeassistant.const import Platform
from homeassistant.helpers.entity import EntityDescription

FOLDER = Path(__file__).parents[2] / "custom_components/oye"
ENGLISH: dict[str, Any] = json.loads((FOLDER / "translations/en.json").read_text())
ICONS: dict[str, Any] = json.loads((FOLDER / "icons.json").read_text())
PLATFORMS = tuple(name for name in Platform if (FOLDER / f"{name}.py").is_file())

# Texts that Home Assistant's own parts of a flow ask for.
OF_HOME_ASSISTANT = {"reauth_successful", "reconfigure_successful", "already_configured"}


def described(module: ModuleType) -> Iterator[EntityDescription]:
    """Yield the descriptions of a platform, from wherever it keeps them."""
    seen: set[int] = set()

    def walk(thing: object) -> Iterator[EntityDescription]:
        if id(thing) in seen:
            return
        seen.add(id(thing))
        if isinstance(thing, EntityDescription):
            yield thing
        elif isinstance(thing, dict):
            yield from walk(list(thing.values()))
        elif isinstance(thing, list | tuple | set | frozenset):
            for part in thing:
                yield from walk(part)

    for value in vars(module).values():
        yield from walk(value)


def keys(platform: str) -> dict[str, EntityDescription]:
    module = importlib.import_module(f"custom_components.oye.{platform}")
    found = list(described(module))

    assert found, platform
    return {description.translation_key or description.key: description for description in found}


def choices(description: EntityDescription) -> set[str]:
    """Return what an entity can say: options of a sensor or select, types of an event."""
    fields = {field.name for field in dataclasses.fields(description)}
    for name in ("options", "event_types"):
        if name in fields and (values := getattr(description, name)):
            return {str(value) for value in values}
    return set()


def told_choices(entity: dict[str, Any]) -> set[str]:
    attributes = entity.get("state_attributes", {})
    return set(attributes.get("event_type", {}).get("state", {}) or entity.get("state", {}))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_entity_has_a_name_and_no_name_is_left_over(platform: str) -> None:
    assert set(ENGLISH["entity"][platform]) == set(keys(platform))
    assert all(entity.get("name") for entity in ENGLISH["entity"][platform].values())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_choice_has_a_text_and_is_no_word_of_home_assistant(platform: str) -> None:
    """An option "unavailable" would look like Home Assistant's own state."""
    for key, description in keys(platform).items():
        told = told_choices(ENGLISH["entity"][platform].get(key, {}))
        if said := choices(description):
            assert (key, said) == (key, told)
        assert not {"unavailable", "unknown"} & told, key


@pytest.mark.parametrize("platform", PLATFORMS)
def test_icons_are_those_of_entities_that_exist(platform: str) -> None:
    """One without a device class has an icon; icons of states are of states that it has."""
    entities, icons = keys(platform), ICONS["entity"].get(platform, {})

    assert set() == set(icons) - set(entities)
    assert [] == sorted(
        key
        for key, description in entities.items()
        if key not in icons and description.device_class is None
    )


def test_texts_are_those_of_platforms_that_exist() -> None:
    assert {str(platform) for platform in PLATFORMS} == set(ENGLISH["entity"])
    assert set(ICONS["entity"]) <= set(ENGLISH["entity"])


def test_what_is_raised_has_a_text_and_no_text_is_left_over() -> None:
    """A key is written out where it is raised, or is one of the proxy's codes in helpers.py."""
    raised = {
        value
        for tree in trees(exclude={"config_flow", "issues"})
        for call in calls(tree)
        if "translation_domain" in keywords(call)
        for value in constants(keywords(call).get("translation_key"))
    }

    assert set() == raised - set(ENGLISH["exceptions"])
    assert set() == set(ENGLISH["exceptions"]) - every_word()


def test_every_form_and_ending_of_a_flow_has_a_text() -> None:
    (tree,) = trees(only={"config_flow"})
    ends = [
        value
        for call in calls(tree)
        if called(call) in {"async_abort", "_abort_if_unique_id_mismatch"}
        for value in constants(keywords(call).get("reason"))
    ]
    forms = {
        value
        for call in calls(tree)
        if called(call) == "async_show_form"
        for value in constants(keywords(call).get("step_id"))
    }
    words = set(strings(tree))
    flows = (ENGLISH["config"], ENGLISH.get("options", {}))
    told = {name for flow in flows for name in flow.get("step", {})}

    assert set() == forms - told
    assert set() == told - words - steps(tree)
    assert set() == set(ends) - set(ENGLISH["config"]["abort"])
    assert set() == set(ENGLISH["config"]["abort"]) - words - OF_HOME_ASSISTANT
    assert set() == set(ENGLISH["config"]["error"]) - every_word()


@pytest.mark.parametrize("flow", ["config", "options"])
def test_every_field_of_a_form_says_what_it_is_for(flow: str) -> None:
    for step, form in ENGLISH[flow]["step"].items():
        for part in (form, *form.get("sections", {}).values()):
            assert (step, set(part.get("data", {}))) == (
                step,
                set(part.get("data_description", {})),
            )


def test_issues_are_those_that_are_raised() -> None:
    assert set() == set(ENGLISH["issues"]) - every_word()
    for key, issue in ENGLISH["issues"].items():
        assert issue["title"], key
        assert ("description" in issue) != ("fix_flow" in issue), key


def test_system_health_says_what_is_told() -> None:
    assert set() == set(ENGLISH["system_health"]["info"]) - set(
        strings(*trees(only={"system_health"}))
    )


@pytest.mark.parametrize("section", ["services", "triggers", "conditions"])
def test_actions_triggers_and_conditions_are_registered(section: str) -> None:
    """The names are written out in the modules that register them."""
    prefix = section if section == "services" else section.removesuffix("s")
    modules = {path.stem for path in FOLDER.glob(f"{prefix}*.py")}

    assert set() == set(ENGLISH[section]) - set(strings(*trees(only=modules)))


def test_devices_have_their_names() -> None:
    assert {"connector"} == set(ENGLISH["device"])
    assert "connector" in every_word()


def trees(*, only: set[str] | None = None, exclude: Iterable[str] = ()) -> list[ast.Module]:
    return [
        ast.parse(path.read_text())
        for path in sorted(FOLDER.glob("*.py"))
        if (only is None or path.stem in only) and path.stem not in exclude
    ]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def keywords(call: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def constants(node: ast.expr | None) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def strings(*found: ast.AST) -> Iterator[str]:
    for tree in found:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def every_word() -> set[str]:
    return set(strings(*trees()))


def steps(tree: ast.AST) -> set[str]:
    names = (node.name for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef))
    return {name.removeprefix("async_step_") for name in names if name.startswith("async_step_")}
