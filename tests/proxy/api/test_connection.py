"""What no handler ever sees is answered in JSON, without a word about the proxy's insides."""

import asyncio

import pytest
from tests.proxy.api.conftest import Api
from yarl import URL


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nBad Header: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
async def test_garbage_is_answered_and_the_connection_ends(
    api: Api, caplog: pytest.LogCaptureFixture, request_bytes: bytes
) -> None:
    url = URL(api.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(request_bytes)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")

    assert b" 400 " in head.partition(b"\r\n")[0]
    assert b'{"error":"The request cannot be read","code":"invalid_request"}' == body
    assert [] == [record for record in caplog.records if record.levelname == "ERROR"]
