"""The one port, and why it may not open."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from tests.proxy.app.conftest import BOOT, ask, connect, issues_of_chargers, settings, until

from oye_proxy.app import running
from oye_proxy.app.site import own_url
from oye_proxy.errors import SettingsError
from oye_proxy.ocppj.frames import CallResult
from oye_proxy.settings import ServerSettings


async def test_chargers_api_and_console_share_one_port(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
        answer = await charger.send_call("BootNotification", BOOT)
        status, health = await ask(proxy, "/health")
        state = await ask(proxy, "/api/state")

    assert isinstance(answer, CallResult)
    assert "Accepted" == answer.payload["status"]
    assert (200, "OCPP Proxy Active. Connected Chargers: 1") == (status, health)
    assert '"chargePointId":"CP1"' in state[1]


async def test_the_configuration_tells_the_port_that_the_machine_chose(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy:
        _, config = await ask(proxy, "/api/config")

    assert f'"port":"{proxy.port}"' in config


async def test_a_port_in_use_takes_down_what_was_started(tmp_path: Path) -> None:
    """The check for leftover tasks and threads is in tests/conftest.py."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = ServerSettings(host="127.0.0.1", port=taken.getsockname()[1])
        with pytest.raises(SettingsError, match=r"Address already in use\. Stop"):
            async with running(settings(tmp_path, server=server)):
                pass


async def test_a_name_that_nobody_knows_is_no_host(tmp_path: Path) -> None:
    server = ServerSettings(host="nowhere.invalid", port=0)
    with pytest.raises(SettingsError, match=r"server\.host: nowhere\.invalid is no address"):
        async with running(settings(tmp_path, server=server)):
            pass


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("0.0.0.0", 8080, "ws://127.0.0.1:8080"),  # noqa: S104 - compared, not bound
        ("::", 8080, "ws://127.0.0.1:8080"),
        ("192.0.2.1", 9000, "ws://192.0.2.1:9000"),
        ("::1", 9000, "ws://[::1]:9000"),
        ("::1", 0, None),
    ],
)
def test_a_charger_on_this_machine_finds_the_proxy(host: str, port: int, url: str | None) -> None:
    assert url == own_url(ServerSettings(host=host), port)


async def test_its_own_address_is_no_csms(tmp_path: Path) -> None:
    """Neither tested nor saved; and the test leaves no charger behind."""
    async with running(settings(tmp_path)) as proxy:
        own = f"ws://127.0.0.1:{proxy.port}/nothing"
        tested = await ask(proxy, "/api/config/test-csms", method="POST", json={"url": own})
        saved = await ask(proxy, "/api/config", method="POST", json={"targetCsmsUrl": own})
        _, state = await ask(proxy, "/api/state")

    for status, body in (tested, saved):
        assert (400, "own_address") == (status, msgspec.json.decode(body)["code"])
    assert [] == msgspec.json.decode(state)["chargers"]


async def test_its_own_address_behind_another_is_seen_when_it_is_tested(tmp_path: Path) -> None:
    """Names, forwarded ports and servers in front hide it; the own door does not."""
    async with running(settings(tmp_path)) as proxy, relay_to(proxy.port) as port:
        hidden = {"url": f"ws://127.0.0.1:{port}/ocpp"}
        status, body = await ask(proxy, "/api/config/test-csms", method="POST", json=hidden)
        _, state = await ask(proxy, "/api/state")

    assert (400, "own_address") == (status, msgspec.json.decode(body)["code"])
    assert [] == msgspec.json.decode(state)["chargers"]


async def test_a_loop_is_an_issue_and_the_charger_stays(tmp_path: Path) -> None:
    async with (
        running(settings(tmp_path)) as proxy,
        relay_to(proxy.port) as port,
        await connect(proxy) as charger,
    ):
        await charger.send_call("BootNotification", BOOT)
        change = {"targetCsmsUrl": f"ws://127.0.0.1:{port}", "csmsForwardingEnabled": True}
        await ask(proxy, "/api/config", method="POST", json=change)

        async def told() -> bool:
            _, state = await ask(proxy, "/api/state")
            return [("csms_loop", "CP1")] == [
                (one["key"], one["chargePointId"])
                for one in issues_of_chargers(msgspec.json.decode(state))
            ]

        await until(told)
        answer = await charger.send_call("Heartbeat", {})

    assert isinstance(answer, CallResult)


async def test_a_simulated_charger_is_back_after_a_restart(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy:
        await ask(proxy, "/api/simulator", method="POST", json={"plugIn": False})
    async with running(settings(tmp_path)) as proxy:

        async def connected() -> bool:
            _, state = await ask(proxy, "/api/state")
            return [("SIM-1", True)] == [
                (one["chargePointId"], one["connected"])
                for one in msgspec.json.decode(state)["chargers"]
            ]

        await until(connected)
        await ask(proxy, "/api/chargers/SIM-1", method="DELETE")
    async with running(settings(tmp_path)) as proxy:
        _, left = await ask(proxy, "/api/simulator")

    assert "[]" == left


@asynccontextmanager
async def relay_to(port: int) -> AsyncIterator[int]:
    """Carry bytes to a port from another one, as a router that forwards it does."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(carry(reader, back), carry(there, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
