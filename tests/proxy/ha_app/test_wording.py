"""Notifications are said in the user's language, and in English where we do not speak it."""

import re

import pytest

import texts
from oye_proxy.ha_app.wording import languages, sentence

KEYS = texts.read("en")["app"]["notifications"]
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def test_there_is_a_file_for_each_language() -> None:
    assert set(texts.LANGUAGES) == languages()


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_each_sentence_takes_its_values(language: str, key: str) -> None:
    values = dict.fromkeys(PLACEHOLDER.findall(KEYS[key]), "{x}")
    said = sentence(language, key, values)

    assert len(values) == said.count("{x}")
    assert [] == PLACEHOLDER.findall(said.replace("{x}", ""))


@pytest.mark.parametrize("language", ["en-GB", "tlh", "", "../en", "en/../en"])
def test_english_is_for_everybody(language: str) -> None:
    assert "OYE lets nobody in from outside until this is mended: x" == (
        sentence(language, "closed", {"reasons": "x"})
    )


def test_a_dialect_is_said_in_its_language() -> None:
    assert sentence("de", "closed", {"reasons": "x"}) == sentence(
        "de-CH", "closed", {"reasons": "x"}
    )
