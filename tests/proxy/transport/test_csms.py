import asyncio
import contextlib
import hashlib
import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from tests.proxy.transport.conftest import Inbox

from oye_proxy.errors import CsmsRefusedError, CsmsUnreachableError, SettingsError
from oye_proxy.settings import CsmsSettings, Secret
from oye_proxy.simulator.scripted import Handshake, ScriptedCsms
from oye_proxy.transport.csms import CsmsDialer
from oye_proxy.transport.csms_link import CsmsLink
from oye_proxy.transport.ports import CsmsTarget, Hello

HELLO = Hello(raw_id="CP1", offered=("ocpp1.6",))


async def dial(csms: ScriptedCsms, hello: Hello = HELLO, **settings: Any) -> CsmsLink:
    dialer = CsmsDialer(CsmsSettings(**{"dial_timeout": 2.0} | settings), max_frame=1000)
    return await dialer.dial(CsmsTarget(url=csms.url), hello)


async def failure(csms: ScriptedCsms, **settings: Any) -> CsmsUnreachableError:
    with pytest.raises(CsmsUnreachableError) as error:
        await dial(csms, **settings)
    return error.value


async def test_the_csms_sees_what_the_charger_said_and_nothing_of_us(csms: ScriptedCsms) -> None:
    """Same subprotocols in order, raw id, Authorization and User-Agent; no Origin."""
    hello = Hello(
        raw_id="a%2Fb;c=%C3%A9",
        query="secret=1",
        offered=("ocpp2.0.1", "x", "ocpp1.6"),
        authorization=Secret("Basic eDp5"),
        user_agent="Charger/1.0",
    )
    link = await dial(csms, hello)
    request = csms.requests[0]
    link.abort()
    await link.wait_closed()

    assert "/a%2Fb;c=%C3%A9" == request.path
    assert [
        ("Host", f"127.0.0.1:{csms.port}"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", request.header("Sec-WebSocket-Key")),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Protocol", "ocpp2.0.1, x, ocpp1.6"),
        ("Authorization", "Basic eDp5"),
        ("User-Agent", "Charger/1.0"),
    ] == list(request.headers)


async def test_what_the_charger_did_not_send_is_not_invented(csms: ScriptedCsms) -> None:
    link = await dial(csms, Hello(raw_id="CP1"))
    request = csms.requests[0]
    link.abort()
    await link.wait_closed()

    assert link.subprotocol is None
    for name in ("Sec-WebSocket-Protocol", "User-Agent", "Authorization"):
        assert request.header(name) is None


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [(None, "Basic dTpw"), (Secret("Bearer x"), "Bearer x")],
)
async def test_own_credentials_count_only_when_the_charger_sent_none(
    csms: ScriptedCsms, authorization: Secret | None, expected: str
) -> None:
    url = csms.url.replace("ws://", "ws://u:p@")
    dialer = CsmsDialer(CsmsSettings(), max_frame=0)
    hello = Hello(raw_id="CP1", authorization=authorization)

    link = await dialer.dial(CsmsTarget(url=url), hello)
    link.abort()
    await link.wait_closed()

    assert expected == csms.requests[0].header("Authorization")


async def test_the_query_is_forwarded_only_when_asked_for(csms: ScriptedCsms) -> None:
    for forward in (False, True):
        link = await dial(csms, Hello(raw_id="CP1", query="a=%20"), forward_query=forward)
        link.abort()
        await link.wait_closed()

    assert ["/CP1", "/CP1?a=%20"] == [request.path for request in csms.requests]


@pytest.mark.parametrize("chosen", ["ocpp1.6", "ocpp2.0.1", None])
async def test_the_csms_may_choose_any_subprotocol_or_none(
    csms: ScriptedCsms, chosen: str | None
) -> None:
    """The charger judges the choice, not the proxy."""
    csms.handshake = Handshake(subprotocol=chosen)
    link = await dial(csms)
    link.abort()
    await link.wait_closed()

    assert chosen == link.subprotocol


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418])
async def test_a_4xx_is_a_refusal_with_its_headers(csms: ScriptedCsms, status: int) -> None:
    csms.handshake = Handshake(
        status=status,
        headers=(
            ("WWW-Authenticate", 'Basic realm="x"'),
            ("Retry-After", "7"),
            ("Set-Cookie", "a"),
        ),
        body=b"who are you",
    )
    with pytest.raises(CsmsRefusedError) as refusal:
        await dial(csms)

    assert status == refusal.value.status
    assert {"WWW-Authenticate": 'Basic realm="x"', "Retry-After": "7"} == refusal.value.headers


@pytest.mark.parametrize("status", [200, 429, 500, 503])
async def test_other_answers_are_an_outage(csms: ScriptedCsms, status: int) -> None:
    csms.handshake = Handshake(status=status, headers=(("Retry-After", "7"),))

    assert 7.0 == (await failure(csms)).retry_after


async def test_nobody_listening_is_an_outage(csms: ScriptedCsms) -> None:
    await csms.stop()

    assert (await failure(csms)).retry_after is None


async def test_an_unknown_host_is_an_outage() -> None:
    dialer = CsmsDialer(CsmsSettings(), max_frame=0)
    for url in ("ws://csms.invalid", "nonsense", "ws://" + 70 * "x" + ".invalid"):
        with pytest.raises(CsmsUnreachableError):
            await dialer.dial(CsmsTarget(url=url), HELLO)


@pytest.mark.parametrize(
    "url",
    [
        "ws://exa\u202emple/",
        "ws://" + "ä" * 70,
        "ws://ex..ample/",
        "ws://%41:1/",
        "ws://exa\x00mple",
        "ws://127.0.0.1:1/p\x01q",
        "ws://127.0.0.1:1\\@evil.invalid/",
        "ws://u:\ud800@127.0.0.1:1/",
        "ws://127.0.0.1:1/\ud800",
        "nonsense",
    ],
)
async def test_an_address_that_cannot_be_is_an_outage(url: str) -> None:
    """An old database may hold any; the charger is served alone (never give up)."""
    dialer = CsmsDialer(CsmsSettings(dial_timeout=2.0), max_frame=1000)
    with pytest.raises(CsmsUnreachableError):
        await dialer.dial(CsmsTarget(url=url), HELLO)


async def test_a_csms_that_never_answers_is_an_outage(csms: ScriptedCsms) -> None:
    csms.handshake = Handshake(silent=True)

    assert "timed out" in str(await failure(csms, dial_timeout=0.05))


async def test_a_redirect_on_the_same_host_is_followed(csms: ScriptedCsms) -> None:
    for location in ("/other/CP1?x=1", f"{csms.url}/CP1", f"http://127.0.0.1:{csms.port}/CP1"):
        csms.plan(Handshake(status=307, headers=(("Location", location),)))
        link = await dial(csms)
        link.abort()
        await link.wait_closed()

    assert "/other/CP1?x=1" == csms.requests[1].path


@pytest.mark.parametrize(
    "location", ["ws://127.0.0.1:1/CP1", "wss://127.0.0.1/CP1", "ws://localhost/CP1", "ftp://x", ""]
)
async def test_a_redirect_elsewhere_is_a_bad_gateway(csms: ScriptedCsms, location: str) -> None:
    headers = (("Location", location),) if location else ()
    csms.handshake = Handshake(status=302, headers=headers)
    with pytest.raises(CsmsRefusedError) as refusal:
        await dial(csms)

    assert 502 == refusal.value.status
    assert 1 == csms.tcp_connections


async def test_the_environments_proxy_is_ignored(
    csms: ScriptedCsms, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    link = await dial(csms)
    link.abort()
    await link.wait_closed()

    assert 1 == len(csms.requests)


async def test_a_configured_proxy_is_used(csms: ScriptedCsms) -> None:
    asked: list[bytes] = []

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        far_writer.write(await reader.readuntil(b"\r\n\r\n"))
        writer.write(await far_reader.readuntil(b"\r\n\r\n"))
        await reader.read()
        for one in (writer, far_writer):
            one.close()
            with contextlib.suppress(OSError):
                await one.wait_closed()

    server = await asyncio.start_server(tunnel, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    link = await dial(csms, proxy=f"http://127.0.0.1:{port}")
    link.abort()
    await link.wait_closed()
    await (await csms.next_connection()).wait_ended()
    server.close()
    await server.wait_closed()

    assert asked[0].startswith(f"CONNECT 127.0.0.1:{csms.port} HTTP/1.1".encode())
    assert "/CP1" == csms.requests[0].path


async def test_compression_is_offered_only_when_asked_for(csms: ScriptedCsms) -> None:
    csms.handshake = Handshake(compression=True)
    plain = await dial(csms)
    packed = await dial(csms, compression=True)
    inbox = Inbox(packed)
    await csms.next_connection()
    peer = await csms.next_connection()
    packed.send(500 * "a")
    await peer.send_text(500 * "b")

    assert 500 * "a" == await peer.receive()
    assert 500 * "b" == await inbox.next()
    offers = [request.header("Sec-WebSocket-Extensions") for request in csms.requests]
    assert offers[0] is None
    assert "permessage-deflate" in str(offers[1])
    for link in (plain, packed):
        link.abort()
        await link.wait_closed()


class Certificates:
    """A throwaway CA and a CSMS's certificate of it."""

    def __init__(self, folder: Path, name: str) -> None:
        authority = trustme.CA()
        leaf = authority.issue_cert(name)
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(self.server)
        self.file = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.file))
        pem = leaf.cert_chain_pems[0].bytes().decode()
        self.pin = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


async def test_tls_verifies_chain_and_name(tmp_path: Path) -> None:
    """No switch turns this off."""
    right, wrong = Certificates(tmp_path, "127.0.0.1"), Certificates(tmp_path, "csms.example")
    async with ScriptedCsms(ssl_context=wrong.server) as csms:
        assert "certificate verify failed" in str(await failure(csms, ca_file=wrong.file))
    async with ScriptedCsms(ssl_context=right.server) as csms:
        assert "certificate verify failed" in str(await failure(csms))
        assert [] == csms.requests


async def test_a_ca_file_and_a_pin_let_the_right_csms_in(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path, "127.0.0.1")
    pins = [None, certificates.pin, ":".join(certificates.pin[i : i + 2] for i in range(0, 64, 2))]
    async with ScriptedCsms(ssl_context=certificates.server) as csms:
        for pin in pins:
            link = await dial(csms, ca_file=certificates.file, pin_sha256=pin)
            link.abort()
            await link.wait_closed()

        assert 3 == len(csms.requests)


async def test_a_wrong_pin_ends_the_dial_before_anything_is_said(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path, "127.0.0.1")
    async with ScriptedCsms(ssl_context=certificates.server) as csms:
        error = await failure(csms, ca_file=certificates.file, pin_sha256=64 * "0")

        assert "not the pinned one" in str(error)
        assert [] == csms.requests


def test_a_ca_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"csms\.ca_file.*missing\.pem"):
        CsmsDialer(CsmsSettings(ca_file=tmp_path / "missing.pem"), max_frame=0)


async def test_old_tls_is_refused(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path, "127.0.0.1")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        certificates.server.maximum_version = ssl.TLSVersion.TLSv1_1
    async with ScriptedCsms(ssl_context=certificates.server) as csms:
        await failure(csms, ca_file=certificates.file)
