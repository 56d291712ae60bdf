"""
The app before Supervisor's own code, wherever that can be had.

Marker `supervisor`: Python 3.14 with what Supervisor imports, and its sources in the folder that
OYE_SUPERVISOR_SRC names. GitHub runs it; `scripts/test` leaves it out elsewhere, and the rules that
matter are tested without it in `test_config.py`, `test_translations.py` and `test_apparmor.py`.
"""

import importlib
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.app.declarations import BEST_RATING, ROOT, read_yaml

import texts
from oye_proxy.settings import read_environment

pytestmark = pytest.mark.supervisor
REPOSITORY = "a0d7b954"
SLUG = f"{REPOSITORY}_oye-proxy"


@pytest.fixture(scope="module")
def supervisor() -> Callable[[str], Any]:
    """Return what imports a module of Supervisor."""
    sources = read_environment().get("OYE_SUPERVISOR_SRC")
    if not sources:
        pytest.skip("OYE_SUPERVISOR_SRC does not name Supervisor's sources")
    sys.path.append(sources)
    return lambda name: importlib.import_module(f"supervisor.{name}")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the repository as the store clones it, in a folder named by its hash."""
    folder = tmp_path_factory.mktemp("store") / REPOSITORY
    command = ["git", "checkout-index", "--all", f"--prefix={folder}/"]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def core(supervisor: Callable[[str], Any]) -> SimpleNamespace:
    """Return what stands for a running Supervisor; on its dev channel it says all warnings."""

    async def run(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    return SimpleNamespace(
        run_in_executor=run,
        store=SimpleNamespace(repositories={}),
        apps=SimpleNamespace(installed=[]),
        updater=SimpleNamespace(channel=supervisor("const").UpdateChannel.DEV),
        host=SimpleNamespace(apparmor=SimpleNamespace(exists=lambda slug: slug == SLUG)),
    )


@pytest.fixture
async def app(
    supervisor: Callable[[str], Any],
    clone: Path,
    core: SimpleNamespace,
    caplog: pytest.LogCaptureFixture,
) -> dict[str, Any]:
    """Read the app as the store does; a warning fails."""
    with caplog.at_level(logging.INFO):
        found = await supervisor("store.data").StoreData(core)._read_apps_folder(clone, REPOSITORY)

    assert [] == caplog.messages
    assert [SLUG] == list(found)
    read: dict[str, Any] = found[SLUG]
    return read


def test_the_repository_is_read(supervisor: Callable[[str], Any], clone: Path) -> None:
    repository = supervisor("store.data")._read_git_repository(clone)

    assert repository.slug == REPOSITORY
    assert repository.config["name"] == "OYE"


async def test_no_key_is_dropped(app: dict[str, Any], clone: Path) -> None:
    declared = read_yaml(clone / "oye-proxy/config.yaml")

    assert set() == declared.keys() - app.keys()


async def test_the_default_options_can_be_started_with(
    supervisor: Callable[[str], Any], app: dict[str, Any], core: SimpleNamespace
) -> None:
    options = supervisor("apps.options").AppOptions(core, app["schema"], app["name"], SLUG)

    assert options.validate(app["options"]) == app["options"]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("trusted_domains", ["ocpp.example.org", "*.example.org", "192.0.2.7", "[2001:db8::1]"]),
        ("trusted_proxies", ["10.0.0.5", "fd00::/64"]),
        ("csms_url", "wss://csms.example.com/ocpp/"),
        ("csms_url", ""),
        ("database_url", "postgresql+asyncpg://user:password@host/database"),
        ("log_level", "trace"),
    ],
)
async def test_options_that_the_app_can_use_are_taken(
    supervisor: Callable[[str], Any],
    app: dict[str, Any],
    core: SimpleNamespace,
    option: str,
    value: object,
) -> None:
    options = supervisor("apps.options").AppOptions(core, app["schema"], app["name"], SLUG)
    given = {**app["options"], option: value}

    assert options.validate(given) == given


async def test_the_options_page_can_be_drawn(
    supervisor: Callable[[str], Any], app: dict[str, Any], core: SimpleNamespace
) -> None:
    fields = supervisor("apps.options").UiOptions(core)(app["schema"])

    assert [field["name"] for field in fields] == list(app["schema"])


async def test_every_text_arrives(app: dict[str, Any]) -> None:
    assert {language: texts.read(language)["app"] for language in texts.LANGUAGES} == app[
        "translations"
    ]


async def test_the_rating_is_the_best(
    supervisor: Callable[[str], Any], app: dict[str, Any], core: SimpleNamespace
) -> None:
    members = {"__init__": lambda _: None, "coresys": core, "slug": SLUG, "data": app}
    members |= {"is_installed": True, "is_detached": False}
    installed = type("Installed", (supervisor("apps.model").AppModel,), members)()

    assert supervisor("apps.utils").rating_security(installed) == BEST_RATING


def test_the_profile_can_be_renamed(
    supervisor: Callable[[str], Any], clone: Path, tmp_path: Path
) -> None:
    given, renamed = clone / "oye-proxy/apparmor.txt", tmp_path / SLUG
    apparmor = supervisor("utils.apparmor")

    assert apparmor.validate_profile("oye-proxy", given)
    apparmor.adjust_profile(SLUG, given, renamed)
    assert apparmor.validate_profile(SLUG, renamed)
    assert renamed.read_text() == given.read_text().replace(
        "profile oye-proxy ", f"profile {SLUG} "
    )
