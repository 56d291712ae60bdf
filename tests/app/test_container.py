"""
The app as a whole under the real s6: what its log, its sockets, Home Assistant and Docker see.

What stands in for s6-overlay is `container/init`. `here` is this machine with the app's files;
`image` is what `scripts/build-app` makes of the Dockerfile, on a Debian of its own.
"""

import fcntl
import json
import os
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import websockets
from tests.app.house import DOMAIN
from tests.app.machine import HEALTH, PLAIN, TLS, Machine, environment_of, machine, user_of
from tests.app.stub_supervisor import HOSTNAME

ROOT = Path(__file__).parents[2]
IMAGE = "localhost/oye-test:latest"
OYE = 900
KILLED = 128 + signal.SIGKILL
BOOT = [2, "1", "BootNotification", {"chargePointVendor": "OYE", "chargePointModel": "Test"}]

# The first test of the image waits for its build.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module", params=["here", pytest.param("image", marks=pytest.mark.image)])
def lower(request: pytest.FixtureRequest) -> Iterator[Path | None]:
    """Return the root file system below; None for this machine's."""
    if request.param == "here":
        yield None
        return
    with built_image() as root:
        yield root


@pytest.mark.image
def test_the_image_says_what_it_is() -> None:
    """Supervisor and Docker read labels and the health check; s6 is the first process, as root."""
    with built_image():
        image = json.loads(said_by("buildah", "inspect", "--type", "image", IMAGE))["Docker"]
    config = image["config"]

    assert ["/init"] == config["Entrypoint"]
    assert not config.get("User")
    assert "http://127.0.0.1:8097/health" == config["Healthcheck"]["Test"][-1]
    assert ("app", "0.1.0") == (
        config["Labels"]["io.hass.type"],
        config["Labels"]["io.hass.version"],
    )


@pytest.mark.image
def test_the_image_knows_the_time_zones() -> None:
    """With the proxy's own package, whatever the base image leaves out."""
    ask = "from zoneinfo import ZoneInfo; print(ZoneInfo('Europe/Copenhagen'))"
    with built_image() as root:
        python = ("chroot", str(root), "env", "PYTHONTZPATH=", "/opt/oye/bin/python")

        assert "Europe/Copenhagen" == said_by(*python, "-c", ask)


@contextmanager
def built_image() -> Iterator[Path]:
    """Build the image with buildah and mount it."""
    build = ["scripts/build-app", "--stand-in", "--tag", IMAGE, "--"]
    # Two workers of pytest build it one after the other; the second finds its layers.
    with (Path(tempfile.gettempdir()) / "oye-test-image.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(
            # A machine's own authorities, for registries behind a proxy.
            [*build, "-v", "/etc/ssl/certs:/etc/ssl/certs:ro"],
            cwd=ROOT,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    container = said_by("buildah", "from", "--pull=never", IMAGE)
    try:
        yield Path(said_by("buildah", "mount", container))
    finally:
        said_by("buildah", "rm", container)


def said_by(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def running(lower: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Run one for those who only look at it."""
    with machine(tmp_path_factory.mktemp("app"), lower) as app:
        app.set_options(trusted_domains=[DOMAIN], csms_url="")
        app.start_up()
        yield app


@pytest.fixture
def app(lower: Path | None, tmp_path: Path) -> Iterator[Machine]:
    """Have one for a test that ends it."""
    with machine(tmp_path, lower) as app:
        app.set_options(trusted_domains=[DOMAIN])
        yield app


def test_everything_is_up_in_its_order(running: Machine) -> None:
    lines = [
        "OYE 0.1.0 on Python 3.",
        f"Access: {DOMAIN}; LAN on",
        "Ready.",
        "Discovery: announced to Home Assistant",
        "CSMS: none, standalone",
        f"  ws://{DOMAIN}:9080/ocpp/",
        "Ready\n",
        "init: everything is up",
    ]
    places = [running.log.find(line) for line in lines]

    assert -1 not in places, running.log
    assert sorted(places) == places


def test_it_is_healthy_through_nginx(running: Machine) -> None:
    """What the image's HEALTHCHECK asks."""
    answer = running.ask(HEALTH, "/health", "127.0.0.1")

    assert answer is not None
    assert 200 == answer.status


def test_the_proxy_is_a_user_without_rights_and_without_supervisors_token(
    running: Machine,
) -> None:
    proxy = running.process("oye-proxy", "serve")
    environment = environment_of(proxy)

    assert OYE == user_of(proxy)
    assert "/data/oye" == environment["HOME"]
    assert "Europe/Amsterdam" == environment["TZ"]
    assert not {"SUPERVISOR_TOKEN", "HASSIO_TOKEN"} & set(environment)
    assert b"token-of-this-start" not in (running.folder / "log").read_bytes()


def test_nothing_but_nginx_listens(running: Machine) -> None:
    """Ports 9080 and 9443 are published; 8098 and 8099 are for Home Assistant, 8097 for Docker."""
    table = Path(f"/proc/{running.first_process}/net/tcp").read_text().splitlines()[1:]
    listening = {int(line.split()[1].split(":")[1], 16) for line in table if " 0A " in line}
    supervisor = 80

    assert {8097, 8098, 8099, PLAIN, TLS} == listening - {supervisor}


def test_what_is_secret_belongs_to_one_user(running: Machine) -> None:
    data = running.folder / "data"
    secrets = data / "oye/secrets.json"

    assert (OYE, 0o600) == (secrets.stat().st_uid, stat.S_IMODE(secrets.stat().st_mode))
    assert (OYE, 0o700) == (
        (data / "oye").stat().st_uid,
        stat.S_IMODE((data / "oye").stat().st_mode),
    )
    assert (0, 0o700) == (
        (data / "tls").stat().st_uid,
        stat.S_IMODE((data / "tls").stat().st_mode),
    )


def test_home_assistant_is_told_how_to_come_in(running: Machine) -> None:
    """The token of the payload is one that opens the API, behind nginx's port for Core."""
    announced = [body for method, path, body in running.requests if path == "/discovery"]
    secrets = json.loads((running.folder / "data/oye/secrets.json").read_text())

    assert [
        {
            "service": "oye",
            "config": {
                "host": HOSTNAME,
                "port": 8098,
                "token": secrets["integrationToken"],
                "instance_id": secrets["instanceId"],
                "api_version": 1,
                "version": "0.1.0",
            },
        }
    ] == announced


async def test_a_charger_comes_in_by_wss_and_is_answered(running: Machine) -> None:
    async with running.charger() as charger:
        await charger.send(json.dumps(BOOT))
        answer = json.loads(await charger.recv())

    assert [3, "1", "Accepted"] == [*answer[:2], answer[2]["status"]]


def test_another_name_gets_nothing(running: Machine) -> None:
    assert running.is_refused("other.example.org")
    assert None is running.ask(PLAIN, "/health", "other.example.org")


def test_without_a_name_and_without_the_lan_nobody_comes_in_and_the_log_says_why(
    app: Machine,
) -> None:
    app.set_options(trusted_domains=[], allow_lan=False)
    app.start_up()

    assert app.is_refused(DOMAIN)
    assert None is app.ask(PLAIN, "/health")
    assert "warning: nobody can connect: trusted_domains has no usable entry" in app.log


async def test_a_stop_ends_with_0_and_tells_chargers(app: Machine) -> None:
    """Docker sends TERM; anything but 0 is an app that failed. Chargers hear 1001, going away."""
    app.start_up()
    async with app.charger() as charger:
        await charger.send(json.dumps(BOOT))
        await charger.recv()
        app.terminate()
        with pytest.raises(websockets.ConnectionClosed):
            await charger.recv()
        code = charger.close_code

    assert 1001 == code
    assert 0 == app.ended()
    assert "stopping" not in app.log


async def test_a_killed_proxy_comes_back_and_its_chargers_with_it(app: Machine) -> None:
    app.start_up()
    nginx = app.process("nginx: master")
    killed = app.process("oye-proxy", "serve")
    os.kill(killed, signal.SIGKILL)
    app.wait(lambda: answers(app) and app.process("oye-proxy", "serve") != killed)
    async with app.charger() as charger:
        await charger.send(json.dumps(BOOT))
        answer = json.loads(await charger.recv())

    assert 3 == answer[0]
    assert nginx == app.process("nginx: master")


@pytest.mark.parametrize(
    ("words", "name"), [(("oye-proxy", "serve"), "oye"), (("nginx: master",), "nginx")]
)
def test_a_crash_loop_ends_the_container_with_its_code(
    app: Machine, words: tuple[str, ...], name: str
) -> None:
    """Supervisor shows it as failed, instead of a container that only looks alive."""
    app.start_up()
    killed: set[int] = set()

    def next_one() -> set[int]:
        return set(app.processes(*words)) - killed

    for _ in range(5):
        app.wait(lambda: bool(next_one()))
        for process in next_one():
            killed.add(process)
            os.kill(process, signal.SIGKILL)

    assert KILLED == app.ended()
    assert f"{name} failed 5 times in 60 s (last: {KILLED}), stopping" in app.log


def test_an_option_that_stops_the_start_ends_the_container(app: Machine) -> None:
    app.set_options(database_url="mysql://me:word@db/oye")
    app.start()

    assert 0 != app.ended()
    assert "oye-app: database_url: " in app.log
    assert "me:word" not in app.log
    assert [] == [path for _, path, _ in app.requests if path == "/discovery"]


def test_home_assistant_may_be_away_at_the_start(app: Machine) -> None:
    """The app starts before Core; what Core is to be told waits for it."""
    app.steer(core_is_up=False, instead={"/discovery": [503, {}]})
    app.start_up()
    told = {path for _, path, _ in app.requests}
    app.steer(core_is_up=True, instead={})

    assert "Discovery: Supervisor is not up (HTTP 503); it is tried again in the background" in (
        app.log
    )
    assert "/discovery" in told
    app.wait(lambda: "Discovery: announced to Home Assistant" in app.log)


def test_the_integration_is_put_in_its_place_once(app: Machine) -> None:
    app.start_up()
    target = app.folder / "homeassistant/custom_components/oye"
    manifest = json.loads((target / "manifest.json").read_text())
    app.wait(lambda: "oye_integration" in app.notified)
    app.terminate()
    app.ended()
    first = target.stat().st_ino
    app.start_up()

    assert ("oye", "0.1.0") == (manifest["domain"], manifest["version"])
    assert "Integration: installed 0.1.0, restart Home Assistant to load it" in app.log
    assert "Integration: 0.1.0 is in place" in app.log
    assert first == target.stat().st_ino


def test_identity_token_and_certificate_outlive_a_container(app: Machine) -> None:
    app.start_up()
    kept = {name: (app.folder / "data" / name).read_bytes() for name in KEPT}
    app.terminate()
    app.ended()
    app.start_up()

    assert kept == {name: (app.folder / "data" / name).read_bytes() for name in KEPT}


KEPT = ("oye/secrets.json", "tls/main.pem", "tls/main.key")


def answers(app: Machine) -> bool:
    """Tell whether the proxy answers through nginx."""
    answer: Any = app.ask(HEALTH, "/health", "127.0.0.1")
    return answer is not None and answer.status == 200
