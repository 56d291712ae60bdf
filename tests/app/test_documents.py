"""What the store shows: it names what exists, all of it, and quotes what the app really says."""

import re
from typing import Any

import pytest
import yaml
from tests.app.declarations import APP, BEST_RATING, config, schema

from oye_proxy.settings import LogLevel

DOCS = (APP / "DOCS.md").read_text()
README = (APP / "README.md").read_text()
SECTIONS = {
    name: text.partition("\n## ")[0].partition("\n### ")[0]
    for name, text in re.findall(r"(?ms)^### Option: `(\w+)`\n(.*?)(?=^### |^## |\Z)", DOCS)
}


def test_every_option_is_described_and_nothing_else() -> None:
    assert list(schema()) == list(SECTIONS)


@pytest.mark.parametrize("option", schema())
def test_the_default_is_told(option: str) -> None:
    default = config()["options"].get(option)

    assert f"{_words(default)} by default" in SECTIONS[option].replace("\n", " ")


def test_every_log_level_is_told() -> None:
    told = re.findall(r"`(\w+)`", SECTIONS["log_level"])

    assert set(LogLevel) == set(told)


def test_every_published_port_is_described() -> None:
    assert list(config()["ports"]) == re.findall(r"(?m)^\| `(\d+/tcp)` \|", DOCS)


def test_examples_for_this_app_use_its_options() -> None:
    """Other YAML on the page is for Duck DNS and Cloudflared."""
    examples = [yaml.safe_load(text) for text in re.findall(r"(?ms)^ *```yaml\n(.*?)```", DOCS)]

    assert len(examples) == 2
    assert all("token" in example or "additional_hosts" in example for example in examples)


def test_what_the_log_says_is_what_the_app_says() -> None:
    """A person searches the page for the words that stand in the log."""
    table = DOCS.partition("### What the log says")[2].partition("\n### ")[0]
    rows = re.findall(r"(?m)^\| (`[^|]*`) \|", table)
    phrases = [phrase for row in rows for phrase in re.findall(r"`([^`]+)`", row)]
    sources = [*(APP / "src/oye_proxy/ha_app").glob("*.py")]
    sources += (path for path in (APP / "rootfs/etc").rglob("*") if path.is_file())
    said = "\n".join(path.read_text() for path in sources)

    assert len(phrases) > 10
    assert [] == [phrase for phrase in phrases if phrase not in said]


def test_links_within_the_page_lead_somewhere() -> None:
    anchors = {_anchor(heading) for heading in re.findall(r"(?m)^#+ (.*)$", DOCS)}
    links = re.findall(r"\]\(#([^)]+)\)", DOCS)

    assert links
    assert set() == set(links) - anchors


@pytest.mark.parametrize("topic", ["Duck DNS", "CGNAT", "Cloudflare", "at home", "algo: rsa"])
def test_every_way_of_a_charger_is_described(topic: str) -> None:
    assert topic in DOCS


def test_the_rating_is_the_one_that_is_computed() -> None:
    assert f"security rating of OYE is {BEST_RATING}" in DOCS


@pytest.mark.parametrize("text", [DOCS, README], ids=["DOCS", "README"])
def test_the_app_is_called_an_app(text: str) -> None:
    """Home Assistant calls it so since 2026; the old word stands there once at most."""
    assert len(re.findall(r"(?i)add-?ons?", text)) <= 1


def test_the_changelog_begins_with_a_version() -> None:
    """The update dialog shows it."""
    changelog = (APP / "CHANGELOG.md").read_text()

    assert re.search(r"(?m)^## (.*)$", changelog)
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+ - (\d{4}-\d{2}-\d{2}|unreleased)", heading)
        for heading in re.findall(r"(?m)^## (.*)$", changelog)
    )


def _words(default: Any) -> str:
    if isinstance(default, bool):
        return "On" if default else "Off"
    return f"`{default}`" if default else "Empty"


def _anchor(heading: str) -> str:
    """Return the anchor that Markdown gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
