"""What the documentation shows to be copied is what Home Assistant takes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from custom_components.oye.const import DOMAIN
from custom_components.oye.services import ACTIONS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import async_validate_conditions_config
from homeassistant.helpers.script import async_validate_actions_config
from homeassistant.helpers.trigger import async_validate_trigger_config
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/HOME_ASSISTANT.md").read_text()
ENGLISH = json.loads((ROOT / "custom_components/oye/translations/en.json").read_text())
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
EXAMPLES: list[dict[str, Any]] = [
    example for block in BLOCKS if isinstance(example := parse_yaml(block), dict)
]
ACTION_EXAMPLES = [one for one in EXAMPLES if "action" in one]
AUTOMATIONS = [one for one in EXAMPLES if {"triggers", "conditions", "actions"} & set(one)]


def test_each_action_trigger_and_condition_has_an_example() -> None:
    triggers = [one["trigger"] for example in AUTOMATIONS for one in example.get("triggers", [])]
    conditions = [
        one["condition"]
        for example in AUTOMATIONS
        for one in example.get("conditions", [])
        if isinstance(one, dict)
    ]

    assert sorted(f"{DOMAIN}.{name}" for name in ACTIONS) == sorted(
        one["action"] for one in ACTION_EXAMPLES
    )
    assert {f"{DOMAIN}.{name}" for name in ENGLISH["triggers"]} == set(triggers) - {"state"}
    assert {f"{DOMAIN}.{name}" for name in ENGLISH["conditions"]} == set(conditions)


def test_the_table_of_actions_is_that_of_the_actions() -> None:
    """Each with its fields, whether it needs an administrator, and whether it answers."""
    rows = re.findall(
        r"^\| \[`oye\.(\w+)`\]\(.+?\) \| (.+) \| (.*) \| (\w+) \|$", TEXT, re.MULTILINE
    )
    told = {
        name: (set(re.findall(r"`(\w+)`", fields)), admin.strip() == "yes", answer)
        for name, fields, admin, answer in rows
    }

    assert {
        name: (set(map(str, action.fields)), action.admin, "only" if action.reads else "optional")
        for name, action in ACTIONS.items()
    } == told


@pytest.mark.parametrize("example", ACTION_EXAMPLES, ids=lambda example: example["action"])
async def test_an_action_takes_its_example(hass: HomeAssistant, example: dict[str, Any]) -> None:
    """With the words of an automation, and as the action itself checks its fields."""
    assert await async_setup_component(hass, DOMAIN, {})
    await async_validate_actions_config(hass, cv.SCRIPT_SCHEMA([example]))

    assert ACTIONS[example["action"].partition(".")[2]].schema(example["data"])


@pytest.mark.parametrize("example", AUTOMATIONS)
async def test_an_automation_takes_an_example(hass: HomeAssistant, example: dict[str, Any]) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    triggers = cv.TRIGGER_SCHEMA(example.get("triggers", []))
    conditions = cv.CONDITIONS_SCHEMA(example.get("conditions", []))
    actions = cv.SCRIPT_SCHEMA(example.get("actions", []))

    assert len(triggers) == len(await async_validate_trigger_config(hass, triggers))
    assert len(conditions) == len(await async_validate_conditions_config(hass, conditions))
    assert len(actions) == len(await async_validate_actions_config(hass, actions))


def test_the_repairs_are_those_that_there_are() -> None:
    """By their titles, in which a name is left open."""
    section = TEXT.partition("### Repairs\n")[2].partition("\n## ")[0]
    told = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)[1:]
    titles = [re.sub(r"{[a-z]+}", "…", issue["title"]) for issue in ENGLISH["issues"].values()]

    assert titles == told
