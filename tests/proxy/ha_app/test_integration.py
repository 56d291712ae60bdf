"""The app replaces only what it put there itself and what nobody changed since."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from oye_proxy.ha_app.integration import MARKER, STAGE, Change, Outcome, keep_integration

APP = "a1b2c3d4_oye-proxy"


class Home:
    """A bundle of some version, and a configuration of Core beside it."""

    def __init__(self, folder: Path) -> None:
        self.bundle = folder / "bundle"
        self.config = folder / "homeassistant"
        self.config.mkdir()
        (self.config / "configuration.yaml").write_text("default_config:\n")
        self.target = self.config / "custom_components/oye"
        self.release("0.1.0")

    def release(self, version: str, *files: str) -> None:
        """Let the app come with this version."""
        shutil.rmtree(self.bundle, ignore_errors=True)
        for name in ("__init__.py", "translations/en.json", *files):
            path = self.bundle / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{name} of {version}")
        (self.bundle / "manifest.json").write_text(json.dumps({"version": version}))
        (self.bundle / "__pycache__").mkdir()
        (self.bundle / "__pycache__/x.pyc").write_bytes(b"compiled")

    def keep(self, app: str = APP) -> Outcome:
        return keep_integration(self.bundle, self.config, app)

    @property
    def files(self) -> dict[str, str]:
        """What is in the copy, but for its marker."""
        return {
            path.relative_to(self.target).as_posix(): path.read_text()
            for path in self.target.rglob("*")
            if path.is_file() and path.name != MARKER
        }

    @property
    def stages(self) -> list[Path]:
        return list(self.config.glob(f"{STAGE}*"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_it_is_installed_where_there_is_none(home: Home) -> None:
    outcome = home.keep()
    marker = json.loads((home.target / MARKER).read_text())

    assert Outcome(Change.INSTALLED, "0.1.0", "installed 0.1.0") == outcome
    assert {"__init__.py", "manifest.json", "translations/en.json"} == set(home.files)
    assert (APP, "0.1.0") == (marker["app"], marker["version"])
    assert set(home.files) == set(marker["files"])
    assert [] == home.stages


def test_nothing_else_is_touched(home: Home) -> None:
    other = home.config / "custom_components/other"
    other.mkdir(parents=True)
    (other / "manifest.json").write_text("{}")
    home.keep()

    assert {"configuration.yaml", "custom_components"} == {p.name for p in home.config.iterdir()}
    assert "default_config:\n" == (home.config / "configuration.yaml").read_text()
    assert "{}" == (other / "manifest.json").read_text()


def test_core_and_the_owner_may_read_it(home: Home) -> None:
    old = os.umask(0o077)
    try:
        home.keep()
    finally:
        os.umask(old)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in home.target.rglob("*") if path.is_file()}

    assert {0o644} == modes
    assert 0o755 == stat.S_IMODE(home.target.stat().st_mode)


def test_the_same_version_is_left_as_it_is(home: Home) -> None:
    home.keep()
    (home.target / "__pycache__").mkdir()
    (home.target / "__pycache__/x.pyc").write_bytes(b"made by Core")
    before = home.target.stat().st_ino

    assert Outcome(Change.CURRENT, "0.1.0", "0.1.0 is in place") == home.keep()
    assert before == home.target.stat().st_ino


def test_an_update_replaces_every_file(home: Home) -> None:
    home.release("0.1.0", "old.py")
    home.keep()
    home.release("0.2.0", "new.py")
    outcome = home.keep()

    assert Outcome(Change.UPDATED, "0.2.0", "updated from 0.1.0 to 0.2.0") == outcome
    assert {"__init__.py", "manifest.json", "new.py", "translations/en.json"} == set(home.files)
    assert "__init__.py of 0.2.0" == home.files["__init__.py"]
    assert Change.CURRENT is home.keep().change
    assert [] == home.stages


def test_another_build_of_the_same_version_replaces_it(home: Home) -> None:
    home.keep()
    home.release("0.1.0", "new.py")

    assert Change.UPDATED is home.keep().change


def _without_marker(home: Home) -> None:
    (home.target / MARKER).unlink()


def _damaged_marker(home: Home) -> None:
    (home.target / MARKER).write_text("[" * 100_000)


def _linked_marker(home: Home) -> None:
    marker = home.target / MARKER
    marker.rename(home.config / "elsewhere")
    marker.symlink_to(home.config / "elsewhere")


def _edited(home: Home) -> None:
    (home.target / "__init__.py").write_text("mine")


def _added(home: Home) -> None:
    (home.target / "mine.py").write_text("mine")


def _removed(home: Home) -> None:
    (home.target / "__init__.py").unlink()


def _linked_file(home: Home) -> None:
    (home.target / "__init__.py").unlink()
    (home.target / "__init__.py").symlink_to(home.bundle / "__init__.py")


def _pipe(home: Home) -> None:
    os.mkfifo(home.target / "pipe")


def _newer(home: Home) -> None:
    home.release("0.1.0rc1")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_without_marker, "the app did not install it"),
        (_damaged_marker, "its .oye-app.json is damaged"),
        (_linked_marker, "its .oye-app.json is damaged"),
        (_edited, '"__init__.py" was changed since the app installed it'),
        (_added, '"mine.py" was added since the app installed it'),
        (_removed, '"__init__.py" was removed since the app installed it'),
        (_linked_file, '"__init__.py" was changed since the app installed it'),
        (_pipe, '"pipe" was added since the app installed it'),
        (_newer, "it is newer than the app's"),
    ],
)
def test_a_copy_that_is_not_ours_any_more_stays(
    home: Home, change: Callable[[Home], None], reason: str
) -> None:
    home.keep()
    home.release("0.2.0")
    change(home)
    before = home.target.stat().st_ino
    outcome = home.keep()

    assert Change.LEFT is outcome.change
    assert "0.1.0" == outcome.version
    assert outcome.text.startswith(f"left alone at 0.1.0, {reason} (ours: ")
    assert before == home.target.stat().st_ino


def test_the_copy_of_another_app_stays(home: Home) -> None:
    """Two repositories with the same app: the first one keeps it."""
    home.keep()
    home.release("0.2.0")
    outcome = home.keep("local_oye-proxy")

    assert f'left alone at 0.1.0, the app "{APP}" keeps it (ours: 0.2.0)' == outcome.text


@pytest.mark.parametrize("where", ["custom_components", "custom_components/oye"])
def test_a_link_of_a_developer_stays(home: Home, tmp_path: Path, where: str) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (home.config / where).parent.mkdir(exist_ok=True)
    (home.config / where).symlink_to(mine)
    outcome = home.keep()

    assert Change.LEFT is outcome.change
    assert "a link is on the way" in outcome.text
    assert [] == list(mine.iterdir())


def test_a_file_in_its_place_stays(home: Home) -> None:
    home.target.parent.mkdir()
    home.target.write_text("mine")

    assert "it is no folder" in home.keep().text


@pytest.mark.parametrize(
    ("present", "ours", "change"),
    [
        ("0.1.0", "0.10.0", Change.UPDATED),
        ("0.2.0b1", "0.2.0", Change.UPDATED),
        ("0.2.0.dev1", "0.2.0a1", Change.UPDATED),
        ("0.2.0", "0.2.0b1", Change.LEFT),
        ("1.0.0", "0.9.9", Change.LEFT),
        ("yesterday", "0.1.0", Change.LEFT),
    ],
)
def test_versions_are_compared_as_versions(
    home: Home, present: str, ours: str, change: Change
) -> None:
    home.release(present)
    home.keep()
    home.release(ours)

    assert change is home.keep().change


def test_a_power_cut_between_the_renames_is_mended(home: Home) -> None:
    home.keep()
    stage = home.config / f"{STAGE}cut"
    stage.mkdir()
    home.target.rename(stage / "old")
    (stage / "new").mkdir()
    (stage / "new/half").write_text("half")
    outcome = home.keep()

    assert Change.CURRENT is outcome.change
    assert "__init__.py of 0.1.0" == home.files["__init__.py"]
    assert [] == home.stages


def test_a_stage_that_was_left_behind_is_cleared(home: Home) -> None:
    home.keep()
    (home.config / f"{STAGE}cut/new").mkdir(parents=True)

    assert Change.CURRENT is home.keep().change
    assert [] == home.stages


def test_a_copy_that_cannot_be_made_leaves_the_old_one(home: Home) -> None:
    home.keep()
    home.release("0.2.0")
    (home.bundle / "gone.py").symlink_to("nowhere")
    with pytest.raises(OSError, match=r"symbolic links|No such file"):
        home.keep()

    assert "__init__.py of 0.1.0" == home.files["__init__.py"]
    assert [] == home.stages


def test_a_machine_without_core_is_told(home: Home) -> None:
    shutil.rmtree(home.config)

    assert home.keep().text.startswith("not installed, ")
