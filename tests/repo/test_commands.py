"""What README and CI tell people to type is there and can be typed."""

import re
import subprocess
from pathlib import Path

import pytest

MAIN_COMMANDS = {"scripts/run", "scripts/test"}


def test_readme_names_its_two_commands_and_only_scripts_that_exist(root: Path) -> None:
    named = set(re.findall(r"\bscripts/[a-z][a-z-]*", (root / "README.md").read_text()))

    assert named >= MAIN_COMMANDS
    assert [] == sorted(name for name in named if not (root / name).is_file())


def test_scripts_are_executable(root: Path) -> None:
    listing = subprocess.run(
        ["git", "ls-files", "-s", "--", "scripts/*", ".ci/run"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    modes = {line.split("\t")[1]: line.split()[0] for line in listing.splitlines()}
    wrong = [
        name
        for name, mode in modes.items()
        if (mode == "100755") != (root / name).read_bytes().startswith(b"#!")
    ]

    assert modes
    assert [] == wrong


@pytest.mark.parametrize("hook", ["scripts/lint", "scripts/test"])
def test_ci_calls_the_scripts_that_people_call(root: Path, hook: str) -> None:
    assert hook in (root / ".ci/run").read_text().splitlines()


def test_there_is_one_licence(root: Path, tracked: list[Path]) -> None:
    named = re.compile(r"(?i)(licen[cs]e|copying)(\..*)?")
    licences = [path for path in tracked if named.fullmatch(path.name)]

    assert [Path("LICENSE")] == licences
    assert (root / "LICENSE").read_text().startswith("MIT License\n")
    assert '\nlicense = "MIT"\n' in (root / "oye-proxy/pyproject.toml").read_text()
