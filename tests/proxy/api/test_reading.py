"""Bodies that are no JSON, or not the JSON that was asked for."""

import asyncio
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proxy.api.conftest import ADMIN, Api, basic
from yarl import URL

from oye_proxy.api import reading
from oye_proxy.api.injection_models import InjectRequest
from oye_proxy.api.reading import decode
from oye_proxy.errors import InvalidRequestError


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "Object missing required field `action`"),
        (b"{", "The request is not valid JSON"),
        (b"action=Reset", "The request is not valid JSON"),
        (b'{"action": NaN}', "The request is not valid JSON"),
        (b'{"action": "Reset", "payload": {"a": Infinity}}', "The request is not valid JSON"),
        (b'{"action": "\xff"}', "The request is not valid JSON"),
        (b'{"action": "Reset"} {}', "The request is not valid JSON"),
        (b"[" * 100_000, "expected `object`, got `array`"),
        (b'{"action": "a", "payload": ' + b'{"a":' * 100_000, "The request is not valid JSON"),
        (b"[]", "Expected `object`, got `array`"),
        (b"null", "Expected `object`, got `null`"),
        (b'{"action": 7}', "action: expected `str`, got `int`"),
        (b'{"action": "a", "x": 1}', "Object contains unknown field `x`"),
    ],
)
async def test_a_body_that_cannot_be_used_is_400_with_a_sentence(
    api: Api, body: bytes, sentence: str
) -> None:
    async with api.session.post(
        f"{api.url}/api/inject/CP1", data=body, headers=basic(*ADMIN)
    ) as response:
        answer = await response.json()

        assert 400 == response.status
    assert ("invalid_request", sentence.lower()) == (answer["code"], answer["error"].lower())


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_cannot_be_unpacked_is_400(
    api: Api, caplog: pytest.LogCaptureFixture, encoding: str
) -> None:
    headers = {**basic(*ADMIN), "Content-Encoding": encoding}
    status, answer = await api.ask("POST", "/api/config", data=b"hello", headers=headers)

    assert (400, "invalid_request") == (status, answer["code"])
    assert [] == caplog.records


async def test_a_body_that_does_not_come_is_not_waited_for(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BODY_SECONDS", 0.01)
    url = URL(api.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        b"POST /api/config HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\nConnection: close\r\n"
        + f"Authorization: {basic(*ADMIN)['Authorization']}\r\n\r\n{{".encode()
    )
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()

    assert head.startswith(b"HTTP/1.1 408 ")
    assert "request_timeout" == json.loads(body)["code"]


@given(st.binary())
def test_any_bytes_are_a_request_or_an_error(data: bytes) -> None:
    with contextlib.suppress(InvalidRequestError):
        assert isinstance(decode(data, InjectRequest), InjectRequest)
