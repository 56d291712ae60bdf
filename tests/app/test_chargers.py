"""Chargers through nginx: every way in, the raw path, silence, and who they are said to be."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.app.house import (
    DOMAIN,
    LAN,
    STRANGER,
    SUPERVISOR,
    TRUSTED_PROXY,
    House,
    anybody,
    running_house,
    running_proxy,
    wait_until,
)
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus
from websockets.frames import Frame, Opcode

from oye_proxy.ha_app.front import Limits
from oye_proxy.ha_app.paths import Paths

JSON = "application/json"
BOOT = {"chargePointVendor": "OYE", "chargePointModel": "Test"}


async def call(charger: Any, action: str, payload: dict[str, Any]) -> Any:
    """Send a CALL and return the payload of its answer."""
    await charger.send(json.dumps([2, "m-1", action, payload]))
    async with asyncio.timeout(20):
        kind, message_id, answer = json.loads(await charger.recv())

    assert (3, "m-1") == (kind, message_id)
    return answer


def seen(house: House, charge_point_id: str) -> Any:
    """Return what the owner sees of a charger."""
    chargers = house.supervisor("/api/state")["chargers"]
    return next(one for one in chargers if one["chargePointId"] == charge_point_id)


@pytest.mark.parametrize(
    ("host", "source", "tls"),
    [
        (DOMAIN, STRANGER, False),
        (DOMAIN, STRANGER, True),
        (DOMAIN, LAN, False),
        ("192.168.1.5", LAN, False),
        ("homeassistant.local", LAN, False),
    ],
)
async def test_a_charger_comes_in_and_is_answered(
    house: House, host: str, source: str, *, tls: bool
) -> None:
    """With or without TLS: chargers that have none stay welcome."""
    context = anybody() if tls else None
    async with house.charger(host=host, source=source, tls=context) as charger:
        answer = await call(charger, "BootNotification", BOOT)
        owner = await asyncio.to_thread(seen, house, "CP1")

    assert "ocpp1.6" == charger.subprotocol
    assert "Accepted" == answer["status"]
    assert (True, source) == (owner["connected"], owner["remoteAddress"])


@pytest.mark.parametrize(
    ("host", "source"),
    [("192.168.1.5", STRANGER), ("evil.example.net", LAN), ("homeassistant.local", STRANGER)],
)
async def test_a_charger_with_a_wrong_name_gets_nothing(
    house: House, host: str, source: str
) -> None:
    with pytest.raises((InvalidMessage, ConnectionClosed, ConnectionError, EOFError)):
        async with house.charger(host=host, source=source):
            pass


@pytest.mark.parametrize(
    ("path", "charge_point_id"),
    [
        ("/ocpp/CP%2F1", "CP/1"),
        ("/ocpp/CP%20%31", "CP 1"),
        ("/ocpp/CP%3F1", "CP?1"),
        ("/steve/websocket/CentralSystemService/CP-x", "CP-x"),
        ("/apiary/CP-y", "CP-y"),
        ("/CP-z", "CP-z"),
    ],
)
async def test_the_path_arrives_byte_for_byte(
    house: House, path: str, charge_point_id: str
) -> None:
    async with house.charger(path):
        owner = await asyncio.to_thread(seen, house, charge_point_id)

    assert owner["chargePointId"] == charge_point_id


@pytest.mark.parametrize(
    ("source", "forwarded", "address"),
    [
        (STRANGER, "203.0.113.5", STRANGER),
        (STRANGER, "203.0.113.5, 127.0.3.5", STRANGER),
        (LAN, "203.0.113.5", LAN),
        (TRUSTED_PROXY, "203.0.113.5", "203.0.113.5"),
        (TRUSTED_PROXY, "6.6.6.6, 203.0.113.5", "203.0.113.5"),
        (TRUSTED_PROXY, "203.0.113.5, 127.0.3.5", "203.0.113.5"),
        (TRUSTED_PROXY, "garbage", TRUSTED_PROXY),
        (TRUSTED_PROXY, None, TRUSTED_PROXY),
    ],
)
async def test_where_a_charger_comes_from_is_what_a_trusted_proxy_says(
    house: House, source: str, forwarded: str | None, address: str
) -> None:
    """Everybody else is where the connection comes from."""
    headers = {"X-Real-IP": "6.6.6.6", "Forwarded": "for=6.6.6.6"}
    if forwarded is not None:
        headers["X-Forwarded-For"] = forwarded
    async with house.charger("/ocpp/CP-f", source=source, additional_headers=headers):
        owner = await asyncio.to_thread(seen, house, "CP-f")

    assert address == owner["remoteAddress"]


async def test_no_charger_comes_through_ingress(house: House) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with house.charger(
            "/ocpp/CP-i", source="127.0.2.2", host="hassio", port=house.ports.ingress
        ):
            pass

    assert 404 == refused.value.response.status_code


async def test_who_acts_through_ingress_is_on_record(house: House, proxy: Paths) -> None:
    """Supervisor names its user, and nginx lets that pass on this listener alone."""
    headers = [("X-OYE-Console", "1"), ("X-Remote-User-Id", "0123abc"), ("Content-Type", JSON)]
    async with house.charger("/ocpp/CP-u") as charger:
        answer = await asyncio.to_thread(
            house.ask,
            "/api/inject/CP-u",
            port=house.ports.ingress,
            source=SUPERVISOR,
            method="POST",
            headers=headers,
            body=b'{"action": "ClearCache", "payload": {}}',
        )
        call = json.loads(await charger.recv())
        await asyncio.to_thread(wait_until, lambda: actors(proxy, call[1]) == ["ha:0123abc"])

    assert answer is not None
    assert (200, "ClearCache") == (answer.status, call[2])


def actors(proxy: Paths, message_id: str) -> list[str]:
    """Return who is on record for an injection."""
    rows = "SELECT user FROM injections WHERE message_id = ?"
    with closing(sqlite3.connect(f"file:{proxy.database}?mode=ro", uri=True)) as database:
        return [user for (user,) in database.execute(rows, (message_id,))]


async def test_the_health_of_the_proxy_tells_of_its_certificates(
    house: House, proxy: Paths
) -> None:
    """The proxy reads `status.json` of the installation that it was started in."""
    health = await asyncio.to_thread(house.supervisor, "/api/health")

    assert ["lan"] == [one["purpose"] for one in health["certificates"]]
    assert proxy.status.is_file()


# Silence


@pytest.fixture(scope="module")
def short() -> Limits:
    """Return limits under which nginx ends what is quiet for a second."""
    return Limits(quiet="1s")


@pytest.fixture(scope="module")
def pinging(short: Limits) -> Iterator[House]:
    """Run a proxy that pings more often than nginx's patience lasts."""
    with _house(short, OYE_CHARGER_PING_INTERVAL="0.25") as house:
        yield house


async def test_a_charger_without_traffic_stays(pinging: House) -> None:
    """The proxy's pings are more frequent than what nginx waits."""
    async with _counting_pings(pinging) as (charger, pings):
        async with asyncio.timeout(30):
            for _ in range(12):
                await pings.get()
        answer = await call(charger, "Heartbeat", {})

    assert "currentTime" in answer


@pytest.fixture
def impatient(proxy: Paths, short: Limits, tmp_path: Path) -> Iterator[House]:
    """Run an nginx that waits a second, in front of a proxy that pings every 30."""
    with running_house(tmp_path, proxy, {"trusted_domains": [DOMAIN]}, short) as house:
        yield house


async def test_without_pings_it_is_the_rendered_timeout_that_counts(impatient: House) -> None:
    """That timeout is 3600 s for everybody else."""
    async with impatient.charger("/ocpp/CP-q", ping_interval=None) as charger:
        async with asyncio.timeout(20):
            with pytest.raises(ConnectionClosed):
                await charger.recv()


@contextmanager
def _house(limits: Limits, **environment: str) -> Iterator[House]:
    """Run a house with a proxy of its own."""
    with (
        TemporaryDirectory(prefix="oye-") as folder,
        running_proxy(Path(folder), **environment) as proxy,
        TemporaryDirectory(prefix="oye-") as other,
        running_house(Path(other), proxy, {"trusted_domains": [DOMAIN]}, limits) as house,
    ):
        yield house


@asynccontextmanager
async def _counting_pings(house: House) -> AsyncIterator[tuple[Any, asyncio.Queue[bytes]]]:
    """Connect a charger that says nothing by itself and tells of each ping."""
    pings: asyncio.Queue[bytes] = asyncio.Queue()

    class Counting(ClientConnection):
        def process_event(self, event: Any) -> None:
            if isinstance(event, Frame) and event.opcode is Opcode.PING:
                pings.put_nowait(bytes(event.data))
            super().process_event(event)

    async with house.charger(
        "/ocpp/CP-s", ping_interval=None, create_connection=Counting
    ) as charger:
        yield charger, pings
