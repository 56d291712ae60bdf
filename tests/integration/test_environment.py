"""The environments: what a really started Home Assistant would fetch is there, as it wants it."""

import importlib.util
import json
import ssl
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import homeassistant
import pytest
from homeassistant.auth.mfa_modules import notify, totp
from homeassistant.bootstrap import DEFAULT_INTEGRATIONS
from packaging.requirements import Requirement

CORE = Path(homeassistant.__file__).parent
# What the end-to-end tests start beside Home Assistant's default.
STARTED = {
    "analytics",
    "conversation",
    "energy",
    "google_translate",
    "hassio",
    "history",
    "logbook",
    "met",
    "mobile_app",
    "onboarding",
    "radio_browser",
    "recorder",
    "shopping_list",
    "zeroconf",
}
# They have no wheel and want a compiler; the voice assistant that needs them may fail.
NO_WHEEL = {"pymicro-vad", "pyspeex-noise"}


def test_python_is_new_enough_and_speaks_tls() -> None:
    assert sys.version_info >= (3, 14, 2)
    assert ssl.HAS_TLSv1_3


@pytest.mark.newest
def test_nothing_is_left_to_fetch_for_a_started_home_assistant() -> None:
    """It would wait for the network, which the tests do not have."""
    wanted = {*totp.REQUIREMENTS, *notify.REQUIREMENTS}
    for manifest in _with_dependencies({*DEFAULT_INTEGRATIONS, *STARTED}):
        wanted |= set(manifest.get("requirements", []))
    missing = [one for one in map(Requirement, wanted) if not _is_installed(one)]

    assert [] == sorted(str(one) for one in missing if one.name not in NO_WHEEL)


@pytest.mark.newest
def test_a_browser_can_be_driven() -> None:
    assert importlib.util.find_spec("playwright") is not None


def _with_dependencies(domains: set[str]) -> list[dict[str, Any]]:
    manifests: dict[str, dict[str, Any]] = {}
    todo = sorted(domains)
    while todo:
        domain = todo.pop()
        if domain not in manifests:
            text = (CORE / "components" / domain / "manifest.json").read_text(encoding="utf-8")
            manifests[domain] = json.loads(text)
            todo += manifests[domain].get("dependencies", [])
    return list(manifests.values())


def _is_installed(requirement: Requirement) -> bool:
    try:
        return requirement.specifier.contains(version(requirement.name), prereleases=True)
    except PackageNotFoundError:
        return False
