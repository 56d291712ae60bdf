"""What a release checks and changes before anybody can install it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from release.__main__ import main

ROOT = Path(__file__).parents[2]
CHANGELOG = "# Changelog\n\n## 1.2.3 - 2026-12-01\n\n- New.\n\n## 1.2.2 - 2026-11-01\n\n- Old.\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, text in {
        "repository.yaml": (ROOT / "repository.yaml").read_text(),
        "oye-proxy/config.yaml": re.sub(
            r'version: ".*"', 'version: "1.2.3"', (ROOT / "oye-proxy/config.yaml").read_text()
        ),
        "oye-proxy/pyproject.toml": '[project]\nversion = "1.2.3"\n',
        "oye-proxy/CHANGELOG.md": CHANGELOG,
        "custom_components/oye/manifest.json": '{"version": "1.2.3"}\n',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_release_has_one_version_and_a_date(checkout: Path) -> None:
    assert main(["check", "1.2.3"], checkout) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("oye-proxy/config.yaml", "1.2.3", "1.2.2", "config.yaml says 1.2.2"),
        ("oye-proxy/pyproject.toml", "1.2.3", "1.2.2", "pyproject.toml says 1.2.2"),
        ("custom_components/oye/manifest.json", "1.2.3", "1.2.2", "manifest.json says 1.2.2"),
        ("oye-proxy/CHANGELOG.md", "2026-12-01", "unreleased", "1.2.3 - unreleased"),
        ("oye-proxy/CHANGELOG.md", "1.2.3", "1.2.4", "1.2.4 - 2026-12-01"),
    ],
)
def test_what_is_no_release_is_told(
    checkout: Path, file: str, old: str, new: str, said: str
) -> None:
    path = checkout / file
    path.write_text(path.read_text().replace(old, new))

    with pytest.raises(SystemExit, match=re.escape(said)):
        main(["check", "1.2.3"], checkout)


def test_notes_are_those_of_the_version(checkout: Path) -> None:
    assert main(["notes", "1.2.3"], checkout) == "- New.\n"
    assert main(["notes", "1.2.2"], checkout) == "- Old.\n"
    with pytest.raises(SystemExit, match=r"does not know 9\.9\.9"):
        main(["notes", "9.9.9"], checkout)


def test_the_stable_branch_downloads_the_image_under_another_name(checkout: Path) -> None:
    before = yaml.safe_load((checkout / "oye-proxy/config.yaml").read_text())

    assert main(["stable", "ghcr.io/owner/oye-proxy"], checkout) == ""

    after = yaml.safe_load((checkout / "oye-proxy/config.yaml").read_text())
    repository = yaml.safe_load((checkout / "repository.yaml").read_text())
    assert after == before | {"image": "ghcr.io/owner/oye-proxy"}
    assert repository["name"] == "OYE (stable)"


def test_the_description_is_one_line_for_github() -> None:
    config = yaml.safe_load((ROOT / "oye-proxy/config.yaml").read_text())

    assert main(["describe"]) == f"description={config['description']}\n"


def test_it_runs_without_the_projects_packages() -> None:
    command = [sys.executable, "-I", str(ROOT / "scripts/release"), "describe"]
    made = subprocess.run(command, check=True, capture_output=True, text=True)

    assert made.stdout.startswith("description=Own Your EVSE.")


def test_nonsense_gets_the_usage() -> None:
    with pytest.raises(SystemExit, match="scripts/release check"):
        main(["publish"])
