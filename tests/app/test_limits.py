"""Who asks for too much is told so, or cut off; everybody else is served meanwhile."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest
from tests.app.house import (
    DOMAIN,
    LAN,
    STRANGER,
    House,
    connect,
    parsed,
    receive_all,
    running_house,
)
from websockets.exceptions import InvalidStatus

from oye_proxy.ha_app.front import Limits
from oye_proxy.ha_app.paths import Paths

OTHER = "127.0.4.10"
LIMITS = Limits(header="1s", body="1s", connections=5, handshakes=1, requests=1, burst=20)
TOO_MANY = 429


@pytest.fixture(scope="module")
def narrow(proxy: Paths, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Run a house that is impatient."""
    options = {"trusted_domains": [DOMAIN]}
    with running_house(tmp_path_factory.mktemp("narrow"), proxy, options, LIMITS) as house:
        yield house


def is_served(house: House, source: str = LAN) -> bool:
    answer = house.ask(source=source)
    return answer is not None and 200 == answer.status


async def test_one_address_has_so_many_connections(narrow: House) -> None:
    """And a site of chargers behind another address is not touched by it."""
    async with AsyncExitStack() as stack:
        for number in range(LIMITS.connections):
            await stack.enter_async_context(narrow.charger(f"/ocpp/CP-{number}"))
        with pytest.raises(InvalidStatus) as refused:
            await stack.enter_async_context(narrow.charger("/ocpp/CP-x"))
        charger = await stack.enter_async_context(narrow.charger("/ocpp/CP-x", source=OTHER))

        assert TOO_MANY == refused.value.response.status_code
        assert "ocpp1.6" == charger.subprotocol
        assert is_served(narrow)


async def test_handshakes_beyond_the_burst_are_refused(narrow: House) -> None:
    """A site reconnects at once; a loop does not go on for ever."""

    async def reconnect(times: int) -> None:
        for number in range(times):
            async with narrow.charger(f"/ocpp/CP-{number}", source="127.0.4.11"):
                pass

    await reconnect(LIMITS.burst)
    with pytest.raises(InvalidStatus) as refused:
        await reconnect(LIMITS.burst)

    assert TOO_MANY == refused.value.response.status_code
    assert await asyncio.to_thread(is_served, narrow)


def test_requests_beyond_the_burst_are_refused(narrow: House) -> None:
    source = "127.0.1.12"
    answers = [narrow.ask(source=source) for _ in range(LIMITS.burst + 10)]

    assert TOO_MANY in [answer and answer.status for answer in answers]
    assert is_served(narrow, "127.0.1.13")


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ([("X-Long", "x" * 40_000)], "/health"),
        ([(f"X-{number}", "x" * 1000) for number in range(60)], "/health"),
        ([], "/" + "x" * 40_000),
        ([("Cookie", "x" * 9000)], "/health"),
    ],
)
def test_oversized_headers_end_at_nginx(
    house: House, headers: list[tuple[str, str]], path: str
) -> None:
    answer = house.ask(path, source=LAN, host="192.168.1.5", headers=headers)

    assert answer is not None
    assert answer.status in (400, 414, 431)
    assert is_served(house)


def test_a_body_that_is_too_big_ends_at_nginx(house: House) -> None:
    """It is refused by its length alone."""
    head = b"POST /api/config HTTP/1.1\r\nHost: 192.168.1.5\r\nContent-Length: 1048577\r\n\r\n"
    with connect(house.ports.plain, LAN) as connection:
        connection.sendall(head)
        answer = parsed(connection.recv(65536))

    assert answer is not None
    assert 413 == answer.status


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /health HTTP/1.1\r\nHost: 192.168.1.5\r\nX-Slow: ",
        b"POST /api/config HTTP/1.1\r\nHost: 192.168.1.5\r\nContent-Length: 9\r\n\r\nab",
    ],
)
def test_a_slow_client_is_cut_off_and_delays_nobody(narrow: House, said: bytes) -> None:
    with connect(narrow.ports.plain, "127.0.1.14") as slow:
        slow.sendall(said)
        meanwhile = is_served(narrow, "127.0.1.15")
        answer = parsed(receive_all(slow))

    assert meanwhile
    assert answer is None or answer.status in (401, 408)


def test_a_crowd_of_silent_connections_delays_nobody(narrow: House) -> None:
    """What says nothing is ended by the time limit for headers."""
    silent = [connect(narrow.ports.plain, STRANGER) for _ in range(200)]
    try:
        assert is_served(narrow, "127.0.1.16")
        assert [b""] * len(silent) == [receive_all(one) for one in silent]
    finally:
        for one in silent:
            one.close()


def test_garbage_ends_at_nginx(house: House) -> None:
    for garbage in (b"\x16\x03\x01\x00\xff\x00", b"\x00" * 100, b"SSH-2.0-x\r\n", b"GET\r\n\r\n"):
        with connect(house.ports.plain, STRANGER) as connection:
            connection.sendall(garbage + b"\r\n\r\n")
            answer = parsed(receive_all(connection))

        assert answer is None or b"oye" not in answer.body.encode()

    assert is_served(house)
