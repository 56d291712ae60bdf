"""The whole proxy in this process: started in order, stopped in reverse, and its failures."""

import asyncio
import socket
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from oye_proxy.app import Running, running
from oye_proxy.errors import SettingsError, StorageError
from oye_proxy.ocppj.frames import CallResult
from oye_proxy.settings import (
    ApiSettings,
    ChargerSettings,
    CsmsSettings,
    OcppSettings,
    Secret,
    ServerSettings,
    Settings,
    StorageSettings,
    UnknownChargers,
    Validation,
)
from oye_proxy.simulator.scripted import HandshakeRefusedError, ScriptedCharger, ScriptedCsms

BOOT = {"chargePointVendor": "OYE", "chargePointModel": "Test"}
AUTH = {"Authorization": aiohttp.encode_basic_auth("admin", "correct horse")}


def settings(data_dir: Path, **groups: Any) -> Settings:
    given = {
        "server": ServerSettings(host="127.0.0.1", port=0),
        "storage": StorageSettings(data_dir=data_dir),
        "api": ApiSettings(initial_admin_password=Secret("correct horse")),
        "csms": CsmsSettings(reconnect_delay=0.01),
    }
    return Settings(**(given | groups))


async def connect(proxy: Running, charge_point_id: str = "CP1") -> ScriptedCharger:
    return await ScriptedCharger.connect(f"ws://127.0.0.1:{proxy.port}/ocpp/{charge_point_id}")


async def ask(proxy: Running, path: str, **options: Any) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession(headers=AUTH) as session,
        session.request(
            options.pop("method", "GET"), f"http://127.0.0.1:{proxy.port}{path}", **options
        ) as response,
    ):
        return response.status, await response.text()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - seen from outside, nothing tells
            await asyncio.sleep(0.01)


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


async def test_the_features_are_named_in_order(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy:
        _, info = await ask(proxy, "/api/info")
    features = msgspec.json.decode(info)["features"]

    assert {"charger_mode", "tags"} <= set(features)
    assert sorted(features) == features


async def test_the_first_user_is_made_once(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as first:
        pass
    async with running(settings(tmp_path)) as second:
        pass

    assert ("admin", None) == first.first_user
    assert second.first_user is None


async def test_stopping_closes_chargers_as_going_away_and_their_links(tmp_path: Path) -> None:
    """1001 to the other side when the proxy stops."""
    async with ScriptedCsms() as csms:
        forwarding = CsmsSettings(url=f"{csms.url}/ocpp")
        async with running(settings(tmp_path, csms=forwarding)) as proxy:
            charger = await connect(proxy)
            link = await csms.next_connection()
        codes = (await charger.wait_ended(), await link.wait_ended())
        await charger.close()

    assert (1001, 1001) == codes


async def test_what_was_told_is_on_disk_after_the_stop(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
        await charger.send_call("BootNotification", BOOT)
    async with running(settings(tmp_path)) as proxy:
        _, logs = await ask(proxy, "/api/logs")
        _, chargers = await ask(proxy, "/api/state")

    assert "BootNotification" in logs
    assert '"vendor":"OYE"' in chargers


async def test_an_injection_reaches_the_charger_and_is_counted(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
        body = {"action": "ClearCache", "payload": {}}
        sending = asyncio.ensure_future(
            ask(proxy, "/api/inject/CP1?wait=10", method="POST", json=body)
        )
        await charger.answer_next({"status": "Accepted"}, "ClearCache")
        status, answer = await sending
        _, metrics = await ask(proxy, "/metrics")

    assert 200 == status
    assert '"accepted":true' in answer
    assert 'oye_injections_total{outcome="answered"} 1.0' in metrics
    assert "ocpp_connections_active 1.0" in metrics
    assert "oye_csms_links_open 0.0" in metrics


async def test_enforced_schemas_refuse_calls(tmp_path: Path) -> None:
    strict = OcppSettings(validation=Validation.ENFORCE)
    async with ScriptedCsms() as csms:
        forwarding = CsmsSettings(url=f"{csms.url}/ocpp")
        async with (
            running(settings(tmp_path, ocpp=strict, csms=forwarding)) as proxy,
            await connect(proxy) as charger,
        ):
            answer = await charger.send_call("BootNotification", {"chargePointVendor": "OYE"})

    assert not isinstance(answer, CallResult)


async def test_strangers_can_be_made_to_wait(tmp_path: Path) -> None:
    careful = ChargerSettings(unknown=UnknownChargers.APPROVE)
    async with running(settings(tmp_path, charger=careful)) as proxy:
        with pytest.raises(HandshakeRefusedError) as refusal:
            await connect(proxy)
        _, state = await ask(proxy, "/api/state")

    assert 404 == refusal.value.status
    assert '"approved":false' in state


async def test_the_database_can_be_in_memory(tmp_path: Path) -> None:
    in_memory = StorageSettings(data_dir=tmp_path, memory=True)
    async with running(settings(tmp_path, storage=in_memory)) as proxy:
        status, _ = await ask(proxy, "/health")

    assert 200 == status
    assert not (tmp_path / "db").exists()


class TestTrouble:
    async def test_a_port_in_use_takes_down_what_was_started(self, tmp_path: Path) -> None:
        """The check for leftover tasks and threads is in tests/conftest.py."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            server = ServerSettings(host="127.0.0.1", port=taken.getsockname()[1])
            with pytest.raises(SettingsError, match=r"Address already in use\. Stop"):
                async with running(settings(tmp_path, server=server)):
                    pass

    async def test_a_name_that_nobody_knows_is_no_host(self, tmp_path: Path) -> None:
        server = ServerSettings(host="nowhere.invalid", port=0)
        with pytest.raises(SettingsError, match=r"server\.host: nowhere\.invalid is no address"):
            async with running(settings(tmp_path, server=server)):
                pass

    async def test_a_database_of_a_newer_version_is_not_touched(self, tmp_path: Path) -> None:
        async with running(settings(tmp_path)):
            pass
        with sqlite3.connect(tmp_path / "db/oye-proxy.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
        with pytest.raises(StorageError):
            async with running(settings(tmp_path)):
                pass

    async def test_a_broken_database_is_an_issue_and_delays_no_charger(
        self, tmp_path: Path
    ) -> None:
        """Promise 4."""
        path = tmp_path / "db/oye-proxy.db"
        async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:

            async def in_trouble() -> bool:
                return '"storage_trouble"' in (await ask(proxy, "/api/state"))[1]

            # In a thread: a write in progress needs the loop to end.
            await asyncio.to_thread(alter, path, "ALTER TABLE logs RENAME TO lost")
            answer = await charger.send_call("BootNotification", BOOT)
            await until(in_trouble)
            await asyncio.to_thread(alter, path, "ALTER TABLE lost RENAME TO logs")
            await until(lambda: _not(in_trouble()))

        assert isinstance(answer, CallResult)


def alter(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


async def _not(condition: Awaitable[bool]) -> bool:
    return not await condition
