"""The ready dashboard and the documentation name entities as Home Assistant makes them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from homeassistant.util import slugify
from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).parents[2]
ENGLISH = json.loads((ROOT / "custom_components/oye/translations/en.json").read_text())["entity"]
ENTITY_IDS = {
    f"{platform}.garage_{slugify(entity['name'])}"
    for platform, entities in ENGLISH.items()
    for entity in entities.values()
}
# What every Home Assistant can draw.
CARDS = {"button", "entities", "heading", "history-graph", "statistics-graph", "tile"}
FEATURES = {"numeric-input", "toggle", "trend-graph"}


def test_the_dashboard_shows_entities_that_exist() -> None:
    """The device is called "garage", and an entity's id comes from its English name."""
    shown = set(_found(load_yaml_dict(ROOT / "docs/dashboard.yaml"), {"entity", "entities"}))

    assert "number.garage_charge_limit" in shown
    assert set() == shown - ENTITY_IDS


def test_the_dashboard_is_made_of_built_in_cards() -> None:
    view = load_yaml_dict(ROOT / "docs/dashboard.yaml")
    cards = [card for section in view["sections"] for card in section["cards"]]
    features = [feature for card in cards for feature in card.get("features", [])]

    assert {"grid"} == {section["type"] for section in view["sections"]}
    assert {card["type"] for card in cards} == CARDS
    assert {feature["type"] for feature in features} == FEATURES


def test_the_documentation_names_entities_that_exist() -> None:
    text = (ROOT / "docs/HOME_ASSISTANT.md").read_text()
    named = set(re.findall(rf"\b(?:{'|'.join(ENGLISH)})\.garage_\w+", text))

    assert len(named) > 40
    assert set() == named - ENTITY_IDS


def _found(tree: Any, keys: set[str]) -> Iterator[str]:
    """Yield the entity ids anywhere below."""
    if isinstance(tree, list):
        for branch in tree:
            yield from _found(branch, keys)
    elif isinstance(tree, dict):
        for key, branch in tree.items():
            if key not in keys or isinstance(branch, dict):
                yield from _found(branch, keys)
            elif isinstance(branch, str):
                yield branch
            else:
                yield from (item for item in branch if isinstance(item, str))
                yield from _found([item for item in branch if isinstance(item, dict)], keys)
