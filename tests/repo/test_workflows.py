"""GitHub's workflows: pinned, few rights, and only what a person can run too."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

WORKFLOWS = sorted((Path(__file__).parents[2] / ".github/workflows").iterdir())
# In YAML 1.1 `on` is a truth value.
TRIGGERS = True


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.name)
def text(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return path.read_text()


@pytest.fixture
def workflow(text: str) -> dict[Any, Any]:
    read: dict[Any, Any] = yaml.safe_load(text)
    return read


def test_there_are_workflows_for_checks_and_releases() -> None:
    assert ["checks.yaml", "release.yaml"] == [path.name for path in WORKFLOWS]


def test_actions_are_pinned_by_commit_and_say_their_version(text: str) -> None:
    """A tag can be moved to other code; a comment tells people which release it is."""
    used = [line.strip() for line in text.splitlines() if re.match(r"\s*(?:- )?uses: ", line)]
    foreign = [line for line in used if "uses: ./" not in line]

    assert foreign
    assert [] == [
        line for line in foreign if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v?\d", line)
    ]


def test_one_action_has_one_pin() -> None:
    text = "".join(path.read_text() for path in WORKFLOWS)
    pins = {(name, commit) for name, commit in re.findall(r"uses: ([\w./-]+)@(\w+)", text)}

    assert len(pins) == len({name for name, _ in pins})


def test_rights_are_given_job_by_job(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {}
    assert all("permissions" in job for job in workflow["jobs"].values())


def test_checks_can_write_nothing() -> None:
    """They run what a stranger proposes."""
    checks = yaml.safe_load(WORKFLOWS[0].read_text())

    assert set(checks[TRIGGERS]) == {"pull_request", "push", "workflow_call"}
    assert all(job["permissions"] == {"contents": "read"} for job in checks["jobs"].values())
    assert "secrets." not in WORKFLOWS[0].read_text()


def test_only_a_release_writes_and_only_after_the_checks() -> None:
    release = yaml.safe_load(WORKFLOWS[1].read_text())
    jobs = release["jobs"]

    assert list(release[TRIGGERS]) == ["push"]
    assert list(release[TRIGGERS]["push"]) == ["tags"]
    assert jobs["checks"]["uses"] == "./.github/workflows/checks.yaml"
    assert "checks" in jobs["build"]["needs"]
    assert (jobs["manifest"]["needs"], jobs["stable"]["needs"]) == ("build", "manifest")


def test_every_job_ends(workflow: dict[Any, Any]) -> None:
    jobs = [job for job in workflow["jobs"].values() if "uses" not in job]

    assert all(0 < job["timeout-minutes"] <= 60 for job in jobs)


def test_no_job_leaves_its_token_in_the_checkout(workflow: dict[Any, Any]) -> None:
    checkouts = [
        step for step in _steps(workflow) if step.get("uses", "").startswith("actions/checkout@")
    ]

    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_no_expression_is_pasted_into_a_command(workflow: dict[Any, Any]) -> None:
    """What it stands for could be a command; variables cannot."""
    assert [] == [step for step in _steps(workflow) if "${{" in step.get("run", "")]


def test_commands_are_those_of_the_checkout(root: Path, workflow: dict[Any, Any]) -> None:
    commands = "\n".join(step.get("run", "") for step in _steps(workflow))
    named = set(re.findall(r"(?<![\w/])(?:scripts|tests)/[\w/-]+(?:\.py)?", commands))

    assert named
    assert [] == sorted(name for name in named if not (root / name).exists())


def test_both_architectures_of_the_app_are_built(root: Path) -> None:
    architectures = yaml.safe_load((root / "oye-proxy/config.yaml").read_text())["arch"]
    checks, release = (yaml.safe_load(path.read_text()) for path in WORKFLOWS)
    built = [entry["arch"] for entry in checks["jobs"]["image"]["strategy"]["matrix"]["include"]]

    assert sorted(built) == sorted(architectures)
    assert sorted(yaml.safe_load(release["env"]["ARCHITECTURES"])) == sorted(architectures)


def _steps(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job.get("steps", ())
