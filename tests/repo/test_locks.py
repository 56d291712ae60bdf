"""The committed locks pin, with hashes, everything that is asked for."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

RUN = Path("oye-proxy/requirements.txt")
BUILD = Path("oye-proxy/requirements-build.txt")
DEVELOP = Path("requirements-dev.txt")
SETUP = Path("requirements-setup.txt")
HOME_ASSISTANT = [Path("requirements-ha.txt"), Path("requirements-ha-next.txt")]


@pytest.mark.parametrize("lock", [RUN, BUILD, DEVELOP, SETUP, *HOME_ASSISTANT], ids=str)
def test_every_pin_has_a_hash_and_no_line_is_an_option(root: Path, lock: Path) -> None:
    entries = _entries(root / lock)

    assert entries
    assert [] == [
        entry for entry in entries if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:", entry)
    ]


def test_the_run_time_lock_satisfies_the_package(root: Path) -> None:
    project = tomllib.loads((root / "oye-proxy/pyproject.toml").read_text())["project"]

    assert [] == _unsatisfied(project["dependencies"], _pins(root / RUN))


@pytest.mark.parametrize("lock", [BUILD, DEVELOP, SETUP, *HOME_ASSISTANT], ids=str)
def test_a_lock_satisfies_its_requirements(root: Path, lock: Path) -> None:
    lines = (root / lock.with_suffix(".in")).read_text().splitlines()
    requirements = [line for line in lines if line and not line.startswith("-r ")]

    assert [] == _unsatisfied(requirements, _pins(root / lock))


def test_tests_run_with_the_versions_that_users_get(root: Path) -> None:
    run = _pins(root / RUN) | _pins(root / SETUP)
    develop = _pins(root / DEVELOP)

    assert run == {name: develop.get(name) for name in run}


def test_the_integration_is_tested_on_the_releases_that_it_promises(root: Path) -> None:
    """On the oldest, on the newest, and with one edition of pytest and its helpers."""
    oldest, newest = (_pins(root / lock) for lock in HOME_ASSISTANT)
    demanded = json.loads((root / "hacs.json").read_text())["homeassistant"]
    tools = [name for name in oldest if "pytest" in name or name in {"mypy", "syrupy"}]

    assert demanded.rpartition(".")[0] == oldest["homeassistant"].rpartition(".")[0]
    assert ("2026.10.4", "2026.11.0") == (oldest["homeassistant"], newest["homeassistant"])
    assert {name: oldest[name] for name in tools} == {name: newest[name] for name in tools}


def _entries(lock: Path) -> list[str]:
    """Join continued lines: one text per requirement."""
    return lock.read_text().replace("\\\n", " ").splitlines()


def _pins(lock: Path) -> dict[str, str]:
    pins = [Requirement(entry.partition(" --hash")[0]) for entry in _entries(lock)]
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}


def _unsatisfied(requirements: list[str], pins: dict[str, str]) -> list[str]:
    parsed = [Requirement(requirement) for requirement in requirements]
    return [
        str(requirement)
        for requirement in parsed
        if not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), "0"))
        or canonicalize_name(requirement.name) not in pins
    ]
