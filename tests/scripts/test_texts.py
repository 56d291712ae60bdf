"""The files of texts that are made from `translations/`."""

import json
import subprocess
import sys

import pytest
import yaml

import texts
from oye_proxy.settings import read_environment
from texts import console, integration
from texts.app import LINE_LENGTH, PARTS, translation

CONSOLE = texts.SOURCES.parent / "oye-proxy/frontend/src/texts"
INTEGRATION = texts.SOURCES.parent / "custom_components/oye/translations"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_apps_file_says_what_the_source_says(language: str) -> None:
    made = translation(language)

    assert yaml.safe_load(made) == {part: texts.read(language)["app"][part] for part in PARTS}
    assert made.startswith("# Made from translations/")
    assert max(map(len, made.splitlines())) < LINE_LENGTH + 20


def test_the_command_prints_the_file() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "texts.app", "pl"],
        cwd=texts.SOURCES.parent / "scripts",
        check=True,
        capture_output=True,
        env=read_environment() | {"PYTHONIOENCODING": "utf-8"},
    ).stdout

    assert made.decode() == translation("pl")


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_integrations_file_is_current_and_says_what_the_source_says(language: str) -> None:
    """`scripts/sync` makes it; custom integrations are translated from there alone."""
    file = INTEGRATION / f"{language}.json"

    assert file.read_text() == integration.translation(language)
    assert json.loads(file.read_text()) == texts.read(language)["integration"]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_consoles_file_is_current_and_names_each_text_by_its_way(language: str) -> None:
    """The image is built from the app's folder alone, so the file is committed."""
    made = (CONSOLE / f"{language}.json").read_text()

    assert made == console.translation(language)
    assert all(isinstance(text, str) for text in json.loads(made).values())
