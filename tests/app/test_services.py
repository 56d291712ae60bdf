"""The tree of s6-rc services, as s6-overlay compiles it: what it cannot read ends the container."""

import re
import stat
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOTFS = Path(__file__).parents[2] / "oye-proxy/rootfs"
OVERLAY = ROOTFS / "etc/s6-overlay"
TREE = OVERLAY / "s6-rc.d"
BUNDLE = TREE / "user/contents.d"
# What s6-overlay itself brings.
GIVEN = {"base"}

# Name: type, what must be up before it.
SERVICES: dict[str, tuple[str, set[str]]] = {
    "init-oye": ("oneshot", {"base"}),
    "oye": ("longrun", {"init-oye"}),
    "nginx": ("longrun", {"oye"}),
    "watch": ("longrun", {"nginx"}),
    "drain": ("oneshot", {"nginx"}),
    "integration": ("oneshot", {"init-oye"}),
    "discovery": ("oneshot", {"nginx", "integration"}),
}
LONGRUNS = [name for name, (kind, _) in SERVICES.items() if kind == "longrun"]
ONESHOTS = [name for name, (kind, _) in SERVICES.items() if kind == "oneshot"]
SCRIPTS = sorted((OVERLAY / "scripts").iterdir())


def dependencies(name: str) -> set[str]:
    return {path.name for path in (TREE / name / "dependencies.d").iterdir()}


def test_the_services_are_these_with_their_types_and_needs() -> None:
    found = {
        path.name: ((path / "type").read_text().strip(), dependencies(path.name))
        for path in TREE.iterdir()
        if path.name != "user"
    }

    assert found == SERVICES


def test_the_bundle_of_the_user_starts_every_service() -> None:
    """s6-overlay 3.2.3.0 and older read the bundle here; both places together are an error."""
    assert set(SERVICES) == {path.name for path in BUNDLE.iterdir()}
    assert not (OVERLAY / "user-bundles.d").exists()
    assert not (ROOTFS / "etc/services.d").exists()
    assert not (ROOTFS / "etc/cont-init.d").exists()


def test_every_need_exists_and_none_goes_round() -> None:
    graph = {name: dependencies(name) for name in SERVICES}

    assert set().union(*graph.values()) <= set(SERVICES) | GIVEN
    assert "base" == next(iter(TopologicalSorter(graph).static_order()))


def test_names_in_lists_are_empty_files() -> None:
    named = [*BUNDLE.iterdir(), *TREE.glob("*/dependencies.d/*")]

    assert [] == [path for path in named if path.read_bytes()]


@pytest.mark.parametrize("name", ONESHOTS)
def test_a_oneshot_is_one_command_line(name: str) -> None:
    """`up` and `down` are read by execlineb, not by a shell."""
    lines = {path.name: path.read_text() for path in (TREE / name).iterdir() if path.is_file()}

    assert set(lines) - {"down"} == {"type", "up"}
    assert all(re.fullmatch(r"[\w/. -]+\n", line) for line in lines.values())
    command = lines["up"].split()[0]
    assert command == "true" or (ROOTFS / command[1:]).is_file()


@pytest.mark.parametrize("name", LONGRUNS)
def test_a_longrun_becomes_its_daemon(name: str) -> None:
    """Behind a pipe or a child the daemon would never get TERM."""
    run = (TREE / name / "run").read_text()
    commands = [line for line in run.replace("\\\n", "").splitlines() if not line.startswith("#")]

    assert run.startswith("#!/command/with-contenv bash\n")
    assert commands[-1].startswith("exec ")
    assert "|" not in commands[-1]


@pytest.mark.parametrize("name", LONGRUNS)
def test_the_end_of_a_longrun_is_judged_by_one_script(name: str) -> None:
    lines = (TREE / name / "finish").read_text().splitlines()

    assert "#!/bin/sh" == lines[0]
    assert f'exec /etc/s6-overlay/scripts/service-finish {name} "$1" "$2"' == lines[-1]


def test_the_proxy_says_when_it_is_ready_within_a_minute() -> None:
    """Nginx and discovery wait for that; the base image itself waits for ever."""
    assert "3\n" == (TREE / "oye/notification-fd").read_text()
    assert "60000\n" == (TREE / "oye/timeout-up").read_text()
    assert "--notify-fd 3" in (TREE / "oye/run").read_text()


def test_the_proxy_has_its_own_user_and_no_token() -> None:
    run = (TREE / "oye/run").read_text()

    assert "exec s6-setuidgid oye env -u SUPERVISOR_TOKEN -u HASSIO_TOKEN " in run


def test_chargers_are_told_to_go_while_nginx_still_carries() -> None:
    """`drain` goes down before what it needs: the proxy ends with 1001 to all, nginx after it."""
    assert {"nginx"} == dependencies("drain")
    assert "s6-svc -wD -T 9000 -d /run/service/oye\n" == (TREE / "drain/down").read_text()


@pytest.mark.parametrize("name", ["integration", "discovery"])
def test_what_is_optional_never_ends_the_container(name: str) -> None:
    """A oneshot that fails or takes too long does (S6_BEHAVIOUR_IF_STAGE2_FAILS=2)."""
    script = (OVERLAY / "scripts" / name).read_text()
    commands = [line for line in script.splitlines() if "/opt/oye/bin/" in line]

    assert commands
    assert all(line.startswith("timeout --kill-after=") for line in commands)
    assert all(line.endswith(" ||") for line in commands)
    assert script.endswith("exit 0\n")
    assert not (TREE / name / "timeout-up").exists()


def test_scripts_can_be_run_and_nothing_else_can() -> None:
    files = [path for path in OVERLAY.rglob("*") if path.is_file()]
    runnable = {path for path in files if path.stat().st_mode & stat.S_IXUSR}
    scripts = {path for path in files if path.read_bytes().startswith(b"#!")}

    assert runnable == scripts
    assert runnable == {*SCRIPTS, *TREE.glob("*/run"), *TREE.glob("*/finish")}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_knows_the_containers_environment(path: Path) -> None:
    """Without with-contenv there is neither a time zone nor Supervisor's token."""
    first = path.read_text().splitlines()[0]

    assert first == (
        "#!/bin/sh" if path.name == "service-finish" else "#!/command/with-contenv bash"
    )


def test_no_link_leaves_the_folder_that_supervisor_builds_from() -> None:
    assert [] == [path for path in ROOTFS.rglob("*") if path.is_symlink()]
