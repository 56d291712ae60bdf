"""
What Home Assistant's hassfest and the stores would check of the integration, without them.

That the copy in the app is the same stands in tests/scripts/test_bundle.py.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import texts
from icons import png

INTEGRATION = Path("custom_components/oye")
COPY = Path("oye-proxy/rootfs/usr/share/oye/custom_components/oye")
REPOSITORY = "https://github.com/oye-proxy/oye"
URL = re.compile(r"\b(?:https?|ftps?|wss?|mqtts?)://|www\.", re.IGNORECASE)
HTML = re.compile(r"<[a-zA-Z/]")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
TRANSLATION_KEY = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")

SECTIONS = [
    "title", "config", "options", "entity", "device", "exceptions", "issues", "services",
    "selector", "triggers", "conditions", "system_health",
]  # fmt: skip

# What a file describes, the texts' section, and the word in icons.json.
DESCRIBED = [
    (name, section, word)
    for name, section, word in (
        ("services.yaml", "services", "service"),
        ("triggers.yaml", "triggers", "trigger"),
        ("conditions.yaml", "conditions", "condition"),
    )
    if (texts.SOURCES.parent / INTEGRATION / name).is_file()
]

IMAGES = {
    f"{prefix}{name}{suffix}.png": size
    for prefix in ("", "dark_")
    for name, suffix, size in (
        ("icon", "", (256, 256)),
        ("icon", "@2x", (512, 512)),
        ("logo", "", (318, 128)),
        ("logo", "@2x", (636, 256)),
    )
}

RULES = [
    "action-setup",
    "appropriate-polling",
    "brands",
    "common-modules",
    "config-flow",
    "config-flow-test-coverage",
    "dependency-transparency",
    "docs-actions",
    "docs-conditions",
    "docs-high-level-description",
    "docs-installation-instructions",
    "docs-removal-instructions",
    "docs-triggers",
    "entity-event-setup",
    "entity-unique-id",
    "has-entity-name",
    "runtime-data",
    "test-before-configure",
    "test-before-setup",
    "unique-config-entry",
    "action-exceptions",
    "config-entry-unloading",
    "docs-configuration-parameters",
    "docs-installation-parameters",
    "entity-unavailable",
    "integration-owner",
    "log-when-unavailable",
    "parallel-updates",
    "reauthentication-flow",
    "test-coverage",
    "devices",
    "diagnostics",
    "discovery",
    "discovery-update-info",
    "docs-data-update",
    "docs-examples",
    "docs-known-limitations",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-troubleshooting",
    "docs-use-cases",
    "dynamic-devices",
    "entity-category",
    "entity-device-class",
    "entity-disabled-by-default",
    "entity-translations",
    "exception-translations",
    "icon-translations",
    "reconfiguration-flow",
    "repair-issues",
    "stale-devices",
    "async-dependency",
    "inject-websession",
    "strict-typing",
]


@pytest.fixture(scope="module")
def manifest(root: Path) -> dict[str, Any]:
    return _json(root / INTEGRATION / "manifest.json")


@pytest.fixture(scope="module")
def english() -> dict[str, Any]:
    tree: dict[str, Any] = texts.read("en")["integration"]
    return tree


@pytest.fixture(scope="module")
def icons(root: Path) -> dict[str, Any]:
    return _json(root / INTEGRATION / "icons.json")


def test_the_manifests_keys_are_all_there_and_in_order(manifest: dict[str, Any]) -> None:
    """Home Assistant wants domain and name first, then the alphabet."""
    keys = list(manifest)

    assert ["domain", "name", *sorted(set(keys) - {"domain", "name"})] == keys
    assert {
        "after_dependencies", "codeowners", "config_flow", "documentation", "integration_type",
        "iot_class", "issue_tracker", "requirements", "version",
    } <= set(keys)  # fmt: skip
    assert not {"quality_scale", "zeroconf", "dependencies"} & set(keys)


def test_the_manifest_says_what_the_integration_is(manifest: dict[str, Any]) -> None:
    assert {
        "domain": "oye",
        "name": "OYE",
        "after_dependencies": ["hassio"],
        "categories": ["energy.ev_charging"],
        "config_flow": True,
        "connectivity": ["network"],
        "documentation": f"{REPOSITORY}/blob/main/docs/HOME_ASSISTANT.md",
        "integration_type": "hub",
        "iot_class": "local_push",
        "issue_tracker": f"{REPOSITORY}/issues",
        "requirements": [],
    }.items() <= manifest.items()
    assert [f"@{REPOSITORY.split('/')[-2]}"] == manifest["codeowners"]


def test_app_and_integration_have_one_version(root: Path, manifest: dict[str, Any]) -> None:
    app = _yaml(root / "oye-proxy/config.yaml")

    assert app["version"] == manifest["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+(?:b\d+)?", manifest["version"])


def test_there_is_one_manifest_and_one_integration(tracked: list[Path]) -> None:
    """Stores take the first directory and hassfest each manifest that they find."""
    manifests = {path for path in tracked if path.name == "manifest.json"}
    folders = {path.parts[1] for path in tracked if path.is_relative_to("custom_components")}

    assert {INTEGRATION / "manifest.json", COPY / "manifest.json"} == manifests
    assert {"__init__.py", "oye"} == folders


def test_the_stores_file(root: Path) -> None:
    app = _yaml(root / "oye-proxy/config.yaml")
    expected = {"name": "OYE", "homeassistant": "2026.10.0", "hide_default_branch": True}

    assert expected == _json(root / "hacs.json")
    assert expected["homeassistant"] == str(app["homeassistant"])
    for path in (root / "blueprints").rglob("*.yaml"):
        assert f"min_version: {expected['homeassistant']}\n" in path.read_text()


def test_the_brand_images_have_their_sizes_and_no_margin(root: Path) -> None:
    folder = root / INTEGRATION / "brand"

    assert set(IMAGES) == {path.name for path in folder.iterdir()}
    for name, (width, height) in IMAGES.items():
        decoded = png.decode((folder / name).read_bytes())
        alpha = decoded[2][3::4]
        edges = (alpha[:width], alpha[-width:], alpha[::width], alpha[width - 1 :: width])

        assert (name, width, height) == (name, *decoded[:2])
        assert all(any(edge) for edge in edges), name
        assert alpha[0] == 0, name


def test_every_rule_of_the_quality_scale_is_answered(root: Path) -> None:
    """Done, or exempt with a reason; nothing is left for later."""
    rules = _yaml(root / INTEGRATION / "quality_scale.yaml")["rules"]
    answers = {
        name: {"status": rule} if isinstance(rule, str) else rule for name, rule in rules.items()
    }

    assert len(RULES) == 54
    assert set(RULES) == set(rules)
    assert {"done", "exempt"} == {answer["status"] for answer in answers.values()}
    assert ["dependency-transparency"] == [
        name for name, answer in answers.items() if answer["status"] == "exempt"
    ]
    assert all(answer.get("comment") for answer in answers.values() if answer["status"] == "exempt")


def test_the_documentation_has_the_sections_that_the_rules_ask_for(root: Path) -> None:
    text = (root / "docs/HOME_ASSISTANT.md").read_text()
    headings = re.findall(r"^##+ (.+)$", text, re.MULTILINE)

    assert [] == [
        wanted
        for wanted in (
            "Installation", "Removal", "Configuration", "Options", "Entities", "Actions",
            "Triggers", "Conditions", "Blueprints", "Recipes", "Data updates",
            "Supported devices", "Known limits", "Troubleshooting", "Use cases",
        )
        if wanted not in headings
    ]  # fmt: skip


@pytest.mark.parametrize("section", ["services", "triggers", "conditions"])
def test_each_action_trigger_and_condition_is_documented(
    root: Path, english: dict[str, Any], section: str
) -> None:
    """One section each, named as Home Assistant names it, with its fields."""
    text = (root / "docs/HOME_ASSISTANT.md").read_text()

    for name, described in english[section].items():
        assert f"`oye.{name}`" in text, name
        for field in described.get("fields", {}):
            assert f"`{field}`" in text, (name, field)


@pytest.mark.parametrize(("name", "section", "word"), DESCRIBED)
def test_what_is_described_has_texts_and_icons_and_nothing_else_has(
    root: Path, english: dict[str, Any], icons: dict[str, Any], name: str, section: str, word: str
) -> None:
    described = _described(root / INTEGRATION / name)

    assert set(described) == set(english[section])
    assert set(described) == set(icons[section])
    assert all(set(icon) <= {word, "sections"} for icon in icons[section].values())
    for key, entry in described.items():
        fields, sections = _fields(entry)
        told = english[section][key]
        assert (key, set(fields)) == (key, set(told.get("fields", {})))
        assert (key, sections) == (key, set(told.get("sections", {})))
        assert told["name"], key
        assert told["description"], key


def test_selectors_are_translated(root: Path, english: dict[str, Any]) -> None:
    """Each list of choices, and each form in a form, has a text for all that it holds."""
    wanted: dict[str, set[str]] = {}
    for selector in _selectors(root):
        key = selector.get("translation_key")
        assert key or "fields" not in selector, selector
        if key:
            held = selector.get("fields") or map(_value, selector["options"])
            wanted.setdefault(key, set()).update(held)
    told = {
        key: set(selector.get("options") or selector["fields"])
        for key, selector in english["selector"].items()
    }

    assert wanted.items() <= told.items()
    forms = (root / INTEGRATION / "const.py").read_text()
    assert [] == [key for key in told if key not in wanted and f'"{key}"' not in forms]


def test_icons_are_those_of_entities_that_have_names(
    english: dict[str, Any], icons: dict[str, Any]
) -> None:
    assert {"conditions", "entity", "services", "triggers"} == set(icons)
    for platform, entities in icons["entity"].items():
        for key, icon in entities.items():
            told = english["entity"][platform][key]
            assert set(icon) <= {"default", "state"}, key
            assert icon["default"] not in icon.get("state", {}).values(), key
            if "state" in told:
                assert set(icon.get("state", {})) <= set(told["state"]), key
    names = [text for _, text in _strings(icons)]
    assert [] == [name for name in names if not re.fullmatch(r"mdi:[a-z0-9-]+", name)]


def test_the_sections_of_the_texts(english: dict[str, Any]) -> None:
    assert SECTIONS == list(english)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_texts_hold_no_address_and_no_markup(language: str) -> None:
    """Addresses come in as placeholders; each key is one that Home Assistant takes."""
    for path, text in _strings(texts.read(language)["integration"]):
        assert not URL.search(text), path
        assert not HTML.search(text), path
        assert text == text.strip(), path
        assert text, path
        assert all(TRANSLATION_KEY.fullmatch(key) for key in path.split(".")), path


def test_english_says_app_and_action(english: dict[str, Any]) -> None:
    for path, text in _strings(english):
        assert not re.search(r"(?i)\badd-?on\b|\bEVSE\b", text), path


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_language_says_everything_with_the_same_placeholders(
    english: dict[str, Any], language: str
) -> None:
    wanted, told = dict(_strings(english)), dict(_strings(texts.read(language)["integration"]))

    assert set(wanted) == set(told)
    for path, text in wanted.items():
        assert (path, sorted(set(PLACEHOLDER.findall(text)))) == (
            path,
            sorted(set(PLACEHOLDER.findall(told[path]))),
        )


def _json(path: Path) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(path.read_text())
    return tree


def _yaml(path: Path) -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load(path.read_text())
    return tree


def _described(path: Path) -> dict[str, Any]:
    """Return what a file describes; keys that begin with a dot only hold anchors."""
    return {key: entry or {} for key, entry in _yaml(path).items() if not key.startswith(".")}


def _fields(entry: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """Return the fields, those in sections too, and the names of the sections."""
    fields: dict[str, Any] = {}
    sections = set()
    for name, field in (entry.get("fields") or {}).items():
        if field and "fields" in field:
            sections.add(name)
            fields |= field["fields"]
        else:
            fields[name] = field or {}
    return fields, sections


def _selectors(root: Path) -> Iterator[dict[str, Any]]:
    """Yield what selectors are set to."""
    for name, _, _ in DESCRIBED:
        for entry in _described(root / INTEGRATION / name).values():
            for field in _fields(entry)[0].values():
                yield from filter(None, (field.get("selector") or {}).values())


def _value(option: str | dict[str, str]) -> str:
    return option["value"] if isinstance(option, dict) else str(option)


def _strings(tree: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, branch in tree.items():
            yield from _strings(branch, f"{path}.{key}" if path else str(key))
    else:
        assert isinstance(tree, str), path
        yield path, tree
