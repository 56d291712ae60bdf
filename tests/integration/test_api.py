"""What the client asks of the proxy, and what it makes of every answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import aiohttp
import pytest
from custom_components.oye.api import (
    OyeAnswerError,
    OyeAuthenticationError,
    OyeClient,
    OyeConnectionError,
    OyeRequestError,
    OyeSslError,
    path_segment,
)
from tests.integration import chargers
from tests.integration.fake_proxy import TOKEN, Command, FakeProxy


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(proxy: FakeProxy, session: aiohttp.ClientSession) -> OyeClient:
    return OyeClient(session, proxy.url, TOKEN)


async def test_identity_and_state_are_read(proxy: FakeProxy, client: OyeClient) -> None:
    proxy.put(chargers.idle("CP3"))
    state = await client.state()

    assert proxy.instance_id == (await client.info()).instance_id
    assert ["CP3"] == list(state.chargers)
    assert state.chargers is (await client.state(state)).chargers


@pytest.mark.parametrize(
    "charge_point_id",
    ["CP1", "A/1", "~A", "..", "100%", "Ä €", "a b", "\u202e<b>'\"", "x" * 128, "A:1_2-3.4", "?#"],
)
async def test_a_command_reaches_the_charger_whatever_its_id(
    proxy: FakeProxy, client: OyeClient, charge_point_id: str
) -> None:
    proxy.put(chargers.idle(charge_point_id))
    result = await client.command(charge_point_id, "limit", {"limitA": 10}, wait=10)

    assert [Command(charge_point_id, "limit", {"limitA": 10}, 10.0)] == proxy.commands
    assert result.accepted


@pytest.mark.parametrize(
    ("charge_point_id", "expected"),
    [("CP1", "CP1"), ("A:1_2-3.4", "A%3A1_2-3.4"), ("A/1", "~QS8x"), (".", "~Lg"), ("~", "~fg")],
)
def test_an_id_that_something_might_rewrite_is_encoded(charge_point_id: str, expected: str) -> None:
    assert expected == path_segment(charge_point_id)


async def test_a_command_need_not_wait(proxy: FakeProxy, client: OyeClient) -> None:
    proxy.put(chargers.idle("CP1"))
    result = await client.command("CP1", "clear-cache", wait=None)

    assert [Command("CP1", "clear-cache", {}, None)] == proxy.commands
    assert result.accepted is None


async def test_any_call_can_be_injected(proxy: FakeProxy, client: OyeClient) -> None:
    proxy.put(chargers.idle("CP1"))
    proxy.answer("inject", response={"status": "Accepted"}, accepted=True)
    result = await client.inject("CP1", "Reset", {"type": "Soft"})

    assert [
        Command("CP1", "inject", {"action": "Reset", "payload": {"type": "Soft"}}, 30.0)
    ] == proxy.commands
    assert {"status": "Accepted"} == result.response


async def test_recorded_transactions_are_read(proxy: FakeProxy, client: OyeClient) -> None:
    page = await client.transactions(chargePointId="CP1", limit=5)

    assert () == page.sessions
    assert ["GET /api/transactions?chargePointId=CP1&limit=5"] == proxy.requests


async def test_a_refusal_has_the_code_and_what_else_was_said(
    proxy: FakeProxy, client: OyeClient
) -> None:
    proxy.put(chargers.idle("CP1"))
    proxy.refuse("limit", "too_many_requests", retryAfter=7)
    with pytest.raises(OyeRequestError) as refused:
        await client.command("CP1", "limit", {"limitA": 10})

    assert (429, "too_many_requests", {"retryAfter": 7}) == (
        refused.value.status,
        refused.value.code,
        refused.value.params,
    )


async def test_a_password_buys_a_token(proxy: FakeProxy, session: aiohttp.ClientSession) -> None:
    owner = OyeClient.signed_in(session, proxy.url, proxy.username, proxy.password)
    token = await owner.create_token()

    assert "control" == proxy.tokens[token]


async def test_a_token_that_may_only_read_is_found_out(proxy: FakeProxy, client: OyeClient) -> None:
    await client.check_control()
    proxy.tokens[TOKEN] = "read"
    with pytest.raises(OyeRequestError) as refused:
        await client.check_control()

    assert "not_permitted" == refused.value.code
    assert [""] == [command.charge_point_id for command in proxy.commands]


async def test_a_token_that_is_not_in_force_is_told(proxy: FakeProxy, client: OyeClient) -> None:
    proxy.tokens.clear()
    with pytest.raises(OyeAuthenticationError):
        await client.info()
    with pytest.raises(OyeAuthenticationError):
        await first_message(client)


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (200, "<html>", OyeAnswerError),
        (200, "[]", OyeAnswerError),
        (200, "{}", OyeAnswerError),
        (200, "[" * 100_000, OyeAnswerError),
        (302, "", OyeAnswerError),
        (404, "nothing here", OyeAnswerError),
        (404, '{"error": 7}', OyeAnswerError),
        (502, "Bad gateway", OyeConnectionError),
    ],
)
async def test_what_is_not_the_proxys_answer_is_an_error(
    proxy: FakeProxy, client: OyeClient, status: int, text: str, kind: type[Exception]
) -> None:
    proxy.interference = (status, text)
    with pytest.raises(kind) as failed:
        await client.info()

    assert kind is type(failed.value)


async def test_an_answer_without_a_token_is_an_error(proxy: FakeProxy, client: OyeClient) -> None:
    proxy.interference = (200, '{"token": ""}')
    with pytest.raises(OyeAnswerError):
        await client.create_token()


async def test_a_server_that_is_gone_is_an_error(proxy: FakeProxy, client: OyeClient) -> None:
    await proxy.stop()
    with pytest.raises(OyeConnectionError):
        await client.info()
    with pytest.raises(OyeConnectionError):
        await first_message(client)


async def test_no_tls_where_it_was_expected_is_an_error(
    proxy: FakeProxy, session: aiohttp.ClientSession
) -> None:
    secure = OyeClient(session, proxy.url.replace("http:", "https:"), TOKEN)
    with pytest.raises(OyeSslError):
        await secure.info()


@pytest.mark.usefixtures("socket_enabled")
async def test_an_answer_in_no_encoding_is_an_error(session: aiohttp.ClientSession) -> None:
    server = await asyncio.start_server(_answer_garbage, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(OyeAnswerError):
        await OyeClient(session, f"http://127.0.0.1:{port}", TOKEN).info()
    server.close()
    await server.wait_closed()


async def _answer_garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Connection: close\r\nContent-Length: 2\r\n\r\n\xff\xfe"
    )
    writer.close()
    await writer.wait_closed()


async def first_message(client: OyeClient) -> object:
    async with aclosing(client.live()) as messages:
        return await anext(messages, None)


async def test_the_stream_yields_messages_until_it_ends(
    proxy: FakeProxy, client: OyeClient
) -> None:
    seen = []
    async for message in client.live():
        seen.append(message["type"])
        if len(seen) == 1:
            await proxy.push(chargers.idle("CP3"))
        else:
            await proxy.drop()

    assert ["snapshot", "charger"] == seen


async def test_a_stream_that_is_refused_is_an_error(proxy: FakeProxy, client: OyeClient) -> None:
    proxy.interference = (503, "")
    with pytest.raises(OyeAnswerError):
        await first_message(client)


async def test_garbage_on_the_stream_is_an_error(proxy: FakeProxy, client: OyeClient) -> None:
    async with aclosing(client.live()) as messages:
        await anext(messages)
        await proxy.send_garbage("{")
        with pytest.raises(OyeAnswerError):
            await anext(messages)
