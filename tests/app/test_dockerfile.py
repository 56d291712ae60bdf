"""The Dockerfile keeps what Supervisor's build, the base image and a user's data need."""

import re
from pathlib import Path

import yaml

APP = Path(__file__).parents[2] / "oye-proxy"
DOCKERFILE = (APP / "Dockerfile").read_text()
INSTRUCTIONS = [
    line.split(maxsplit=1)
    for line in DOCKERFILE.replace("\\\n", " ").splitlines()
    if line and not line.startswith("#")
]


def arguments(instruction: str) -> list[str]:
    return [rest for name, rest in INSTRUCTIONS if name == instruction]


def test_s6_stays_the_first_process_and_root() -> None:
    """The base's `/init` needs root; the services give it up."""
    assert [] == arguments("CMD") + arguments("USER") + arguments("ENTRYPOINT")


def test_the_base_is_that_of_home_assistant_unless_one_is_given() -> None:
    """Supervisor hands over BUILD_VERSION and BUILD_ARCH alone."""
    given = [argument for argument in arguments("ARG") if argument.startswith("B")]

    assert ["BASE=ghcr.io/home-assistant/base-debian:trixie", "BUILD_VERSION=dev"] == given
    stages = {"--platform=${BUILDPLATFORM} ${NODE} AS console", "${BASE} AS venv", "${BASE}"}
    assert stages == set(arguments("FROM"))


def test_the_image_has_the_console() -> None:
    """It is built from the lock, and a build without its page fails."""
    built = " ".join(arguments("RUN"))

    assert "npm ci" in built
    assert "npm run build && test -f ../src/oye_proxy/console/index.html" in built
    assert any(copied.startswith("--from=console ") for copied in arguments("COPY"))


def test_packages_are_wheels_with_known_hashes() -> None:
    """No compiler and no surprise, on either architecture."""
    installs = re.findall(r"pip\S*(?: --python \S+)? install\s[^&]*", " ".join(arguments("RUN")))
    locked = [install for install in installs if "-r " in install]

    assert 2 == len(locked)
    assert all("--require-hashes" in one and "--only-binary=:all:" in one for one in locked)
    assert all("--no-deps" in one for one in installs if one not in locked)
    assert all("--no-cache-dir" in one for one in installs)


def test_the_proxys_account_keeps_its_ids() -> None:
    """What it owns in /data outlives every build."""
    assert "groupadd --system --gid 900 oye" in DOCKERFILE
    assert "useradd --system --uid 900 --gid oye" in DOCKERFILE


def test_docker_asks_through_nginx_whether_the_proxy_is_well() -> None:
    check = arguments("HEALTHCHECK")[0]

    assert '"http://127.0.0.1:8097/health"' in check
    # Older builders refuse it, and 5 s is what it would be.
    assert "--start-interval" not in check


def test_the_labels_name_the_architectures_of_the_app() -> None:
    declared = yaml.safe_load((APP / "config.yaml").read_text())["arch"]

    assert f'io.hass.arch="{"|".join(declared)}"' in DOCKERFILE


def test_what_is_copied_is_there_and_not_left_out() -> None:
    """Supervisor builds inside the app's folder."""
    sources = [
        source
        for copied in arguments("COPY")
        if not copied.startswith("--from")
        for source in copied.split()[:-1]
    ]
    ignored = (APP / ".dockerignore").read_text().splitlines()

    assert sources
    assert [] == [source for source in sources if not (APP / source).exists()]
    assert set() == {source.rstrip("/") for source in sources} & set(ignored)
    assert not (APP / "build.yaml").exists()
