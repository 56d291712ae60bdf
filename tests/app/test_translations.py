"""Texts: complete in ten languages, nothing left in English, no addresses."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.app.declarations import APP, config, read_yaml

import texts
from texts import notifications
from texts.app import PARTS, translation

OTHERS = [language for language in texts.LANGUAGES if language != "en"]
# Names, abbreviations and units, which no language translates.
NAMES = {"OYE", "CSMS", "OCPP", "ICCID", "IMSI", "JSON", "STARTTLS", "TLS", "Diff"}
NAMES |= {"OCPP 1.6", "OCPP 2.0.1", "OCPP 2.1", "{count}/min", "{count} min", "{count} s"}
EXAMPLE = 'charger:CP-001 action:MeterValues latency>2s "text" -action:Heartbeat'
# Texts that are the same in English and in that language.
EQUAL: Mapping[str, set[str]] = {
    "de": {
        "Filter",
        "Firmware",
        "Limit",
        "Limit in A (optional)",
        "Limit in {unit}",
        "Live",
        "Name",
        "Offline",
        "Online",
        "Pause",
        "Status",
        "System",
        "Token",
        "Version",
        "Version (optional)",
        EXAMPLE,
        "{count} h",
        "{count} online",
        "{name}: {text}",
    },
    "nl": {
        "Accounts",
        "E-mail",
        "Filter",
        "Filters",
        "Firmware",
        "Hard",
        "Live",
        "Meter",
        "Model",
        "Offline",
        "Online",
        "Status",
        "Subprotocol",
        "Time-out",
        "Token",
        "is {value}",
        "{count} d",
        "{count} online",
        "{name}: {text}",
    },
    "fr": {
        "E-mail",
        "Licences",
        "Maintenance",
        "Message",
        "Mode",
        "Pause",
        "Phases",
        "Transaction",
        "Transaction {id}",
        "Transactions",
        "Type",
        "Version",
        "Watts",
        "{count} h",
        "{count} transaction",
        "{count} transactions",
    },
    "es": {
        "Error",
        "Firmware",
        "No",
        "Token",
        "error",
        "{count} d",
        "{count} h",
        "{name}: {text}",
    },
    "it": {
        "Database",
        "Debug",
        "E-mail",
        "Firmware",
        "No",
        "Offline",
        "Online",
        "Password",
        "Reset",
        "Token",
        "{count} h",
        "{count} online",
        "{name}: {text}",
        "{status} in {time}",
    },
    "sv": {
        "Data",
        "Disk",
        "Filter",
        "Firmware",
        "Live",
        "Offline",
        "Online",
        "Reservation",
        "Start",
        "Status",
        "System",
        "Token",
        "Version",
        EXAMPLE,
        "{count} d",
        "{count} h",
        "{count} online",
        "{name}: {text}",
    },
    "da": {
        "Data",
        "Database",
        "Disk",
        "E-mail",
        "Filter",
        "Firmware",
        "For",
        "Live",
        "Log",
        "Logins",
        "Model",
        "Offline",
        "Online",
        "Pause",
        "Reservation",
        "Send",
        "Send {action}?",
        "Start",
        "Status",
        "Stop",
        "System",
        "Token",
        "Type",
        "Version",
        "{count} d",
        "{count} online",
        "{name}: {text}",
    },
    "nb": {
        "Data",
        "Database",
        "Disk",
        "Filter",
        "For",
        "Hard",
        "Pause",
        "Send",
        "Start",
        "Status",
        "System",
        "Token",
        "Type",
        "{count} d",
        "{name}: {text}",
    },
    "pl": {
        "E-mail",
        "Limit",
        "Model",
        "Offline",
        "Online",
        "Operator",
        "System",
        "Token",
        "{count} d",
        "{count} h",
        "{count} online",
        "{name}: {text}",
    },
}
# English words that none of the other languages has.
ENGLISH = re.compile(
    r"\b(?:the|and|with|which|your|only|from|leave|such|cannot|their)\b", re.IGNORECASE
)
PLACEHOLDER = re.compile(r"\{\w+\}")
# What a person types or sees as it is: examples, schemes, file endings.
LITERAL = re.compile(r"[\w*.+-]*\.example\.org|\w[\w+]*://|(?<!\w)\.local|\d+(?:\.\d+){3}(?:/\d+)?")
URL = re.compile(r"://\w|\bwww\.|<\w+>|\[\w+\]\(")


def test_there_are_ten_languages_and_no_others() -> None:
    files = {path.name for path in texts.SOURCES.iterdir()}

    assert files == {f"{language}.yaml" for language in texts.LANGUAGES}
    assert len(texts.LANGUAGES) == 10


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_everything(language: str) -> None:
    assert list(_flat(texts.read("en"))) == list(_flat(texts.read(language)))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_text_is_a_text(language: str) -> None:
    """YAML makes `no` a truth value and `1` a number."""
    flat = _flat(texts.read(language))
    wrong = [
        key for key, text in flat.items() if not isinstance(text, str) or not _is_tidy(key, text)
    ]

    assert [] == wrong


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    english = _flat(texts.read("en"))
    flat = _flat(texts.read(language))
    allowed = EQUAL[language] | NAMES
    same = [key for key, text in flat.items() if text == english[key] and text not in allowed]
    words = [key for key, text in flat.items() if ENGLISH.search(text)]

    assert [] == same
    assert [] == words
    assert set() == allowed - set(flat.values())


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_and_examples_are_the_same(language: str) -> None:
    english = _flat(texts.read("en"))
    flat = _flat(texts.read(language))
    differing = [
        key
        for key, text in flat.items()
        for pattern in (PLACEHOLDER, LITERAL)
        if sorted(pattern.findall(text)) != sorted(pattern.findall(english[key]))
    ]

    assert [] == differing


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_text_holds_an_address_or_markup(language: str) -> None:
    """Home Assistant shows texts as they are; addresses come in as placeholders."""
    flat = _flat(texts.read(language))

    assert [] == [key for key, text in flat.items() if URL.search(text)]


def test_every_option_and_every_port_has_its_text() -> None:
    """Supervisor drops texts that it cannot place, and shows bare names where none is."""
    app = texts.read("en")["app"]
    declared = config()

    assert list(app) == ["configuration", "network", "notifications"]
    assert list(declared["schema"]) == list(app["configuration"])
    assert list(declared["ports"]) == list(app["network"])
    assert all(list(option) == ["name", "description"] for option in app["configuration"].values())


def test_names_are_short_and_descriptions_are_sentences() -> None:
    wrong = [
        f"{language}: {name}"
        for language in texts.LANGUAGES
        for name, option in texts.read(language)["app"]["configuration"].items()
        if len(option["name"]) > 50
        or option["name"].endswith(".")
        or not option["description"].endswith(".")
        or len(option["description"]) > 400
    ]

    assert [] == wrong


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_supervisors_files_are_current(language: str) -> None:
    """`scripts/sync` makes them: Supervisor sees only what lies beside `config.yaml`."""
    file = APP / "translations" / f"{language}.yaml"

    assert file.read_text() == translation(language)
    assert read_yaml(file) == {part: texts.read(language)["app"][part] for part in PARTS}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_sentences_of_notifications_are_current(language: str) -> None:
    file = APP / "src/oye_proxy/ha_app/translations" / f"{language}.json"

    assert file.read_text() == notifications.translation(language)


def test_supervisor_gets_no_other_files() -> None:
    names = {path.stem for path in (APP / "translations").iterdir()}

    assert names == set(texts.LANGUAGES)


def _is_tidy(key: str, text: str) -> bool:
    """A mail has lines, every other text is one; none has blanks too many."""
    lines = text.splitlines() if key.startswith("mail/") else [text]
    return bool(text) and all(line == " ".join(line.split()) for line in lines)


def _flat(tree: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_walk(tree, ""))


def _walk(tree: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        here = f"{path}{key}"
        if isinstance(value, dict):
            yield from _walk(value, f"{here}/")
        else:
            yield here, value
