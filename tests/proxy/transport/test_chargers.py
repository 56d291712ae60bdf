import asyncio
import logging
from typing import Any

import pytest
from msgspec.structs import replace
from tests.proxy.transport.conftest import Starter, refused

from oye_proxy.errors import AdmissionError
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import OnCsmsLoss, OnCsmsRefusal
from oye_proxy.simulator.scripted import (
    Handshake,
    ScriptedCsms,
)
from oye_proxy.tasks import spawn
from oye_proxy.transport.ports import CsmsTarget, LinkChange, LinkReason

# The order of the handshake (3.1)


async def test_no_101_before_the_csms_agreed_and_nothing_is_lost(
    proxy: Any, csms: ScriptedCsms
) -> None:
    """Boot and status in the handshake's own packet wait for a CSMS that answers late."""
    csms.hold()
    proxy.admit(csms.url)
    early = ['[2,"1","BootNotification",{}]', '[2,"2","StatusNotification",{}]']
    connecting = spawn(proxy.connect(early_texts=early), name="charger")
    await csms.next_request()
    await asyncio.sleep(0)

    assert not connecting.done()
    csms.release()
    async with await connecting:
        peer = await csms.next_connection()

        assert early == [await peer.receive(), await peer.receive()]


async def test_early_frames_wait_for_the_stand_in_as_well(proxy: Any) -> None:
    early = ["one", "two"]
    async with await proxy.connect(early_texts=early) as charger:
        assert early == [await charger.receive(), await charger.receive()]


@pytest.mark.parametrize("offered", [["ocpp2.0.1", "ocpp1.6"], ["ocpp1.6"], ["soap"], []])
@pytest.mark.parametrize("chosen", ["*", None])
async def test_the_csmss_subprotocol_is_mirrored(
    proxy: Any, csms: ScriptedCsms, offered: list[str], chosen: str | None
) -> None:
    csms.handshake = Handshake(subprotocol=chosen)
    proxy.admit(csms.url)
    async with await proxy.connect(subprotocols=offered) as charger:
        assert offered == csms.requests[0].subprotocols
        assert (offered[0] if offered and chosen else None) == charger.subprotocol


async def test_an_unknown_subprotocol_is_relayed_without_a_version(
    proxy: Any, csms: ScriptedCsms
) -> None:
    proxy.admit(csms.url)
    async with await proxy.connect(subprotocols=["ocpp1.5"]):
        assert proxy.house.attached[0].version is None


async def test_the_second_choice_of_the_csms_decides_the_version(
    proxy: Any, csms: ScriptedCsms
) -> None:
    csms.handshake = Handshake(subprotocol="ocpp1.6")
    proxy.admit(csms.url)
    async with await proxy.connect(subprotocols=["ocpp2.0.1", "ocpp1.6"]) as charger:
        assert "ocpp1.6" == charger.subprotocol
        assert OcppVersion.V1_6 is proxy.house.attached[0].version


async def test_the_answer_tells_nothing_about_us(proxy: Any) -> None:
    async with await proxy.connect() as charger:
        assert "OYE" == charger.response_headers["server"]
        assert {
            "connection",
            "date",
            "sec-websocket-accept",
            "sec-websocket-protocol",
            "server",
            "upgrade",
        } == set(charger.response_headers)


@pytest.mark.parametrize("path", ["/ocpp/CP%2F1", "/ocpp/1.6/M%C3%BCnchen", "/x/ocpp/a;b=c@d"])
async def test_the_raw_id_goes_upstream(proxy: Any, csms: ScriptedCsms, path: str) -> None:
    proxy.admit(csms.url + "/base?key=1")
    async with await proxy.connect(path + "?secret=2"):
        raw_id = path.rsplit("/", 1)[1]

        assert f"/base/{raw_id}?key=1" == csms.requests[0].path


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_refusal_of_the_csms_is_mirrored(
    proxy: Any, csms: ScriptedCsms, status: int
) -> None:
    """A decision, not an outage: no standalone."""
    headers = (("WWW-Authenticate", 'Basic realm="csms"'), ("Retry-After", "77"))
    csms.handshake = Handshake(status=status, headers=headers, body=b"private")
    proxy.admit(csms.url)

    refusal = await refused(proxy)

    assert (status, b"") == (refusal.status, refusal.body)
    assert 'Basic realm="csms"' == refusal.headers["www-authenticate"]
    assert "77" == refusal.headers["retry-after"]
    assert [] == proxy.house.attached


async def test_a_redirect_elsewhere_is_a_bad_gateway(proxy: Any, csms: ScriptedCsms) -> None:
    csms.handshake = Handshake(status=302, headers=(("Location", "ws://127.0.0.1:1/"),))
    proxy.admit(csms.url)

    assert 502 == (await refused(proxy)).status


@pytest.mark.parametrize(
    ("status", "line", "change"),
    [
        (
            403,
            "CP1 is refused: its CSMS answers HTTP 403",
            LinkChange(reason=LinkReason.REFUSED, status=403),
        ),
        (
            500,
            "chargers are sent away for now: {url}: HTTP 500",
            LinkChange(reason=LinkReason.UNREACHABLE, detail="{url}: HTTP 500"),
        ),
    ],
)
async def test_why_chargers_are_turned_away_is_told_each_time_and_logged_once(
    start_proxy: Starter,
    csms: ScriptedCsms,
    caplog: pytest.LogCaptureFixture,
    status: int,
    line: str,
    change: LinkChange,
) -> None:
    """They come again and again."""
    proxy = await start_proxy(csms={"on_loss": OnCsmsLoss.CLOSE})
    csms.handshake = Handshake(status=status)
    proxy.admit(csms.url)
    await refused(proxy)
    await refused(proxy)

    told = replace(change, detail=change.detail.format(url=csms.url))
    assert [("CP1", told)] * 2 == proxy.house.turned_away_with
    assert [line.format(url=csms.url)] == [
        record.getMessage() for record in caplog.records if record.levelno == logging.WARNING
    ]


async def test_the_owner_may_choose_to_stand_in_after_a_refusal(
    start_proxy: Starter, csms: ScriptedCsms
) -> None:
    proxy = await start_proxy(
        csms={"on_refusal": OnCsmsRefusal.STANDALONE, "reconnect_delay": 100.0}
    )
    csms.handshake = Handshake(status=403)
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        await charger.send_text("alone")

        assert "alone" == await charger.receive()
        assert ("refused", 403) == (proxy.house.changes[0].reason, proxy.house.changes[0].status)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_outage_is_stood_in_for(
    start_proxy: Starter, csms: ScriptedCsms, status: int
) -> None:
    proxy = await start_proxy(csms={"reconnect_delay": 100.0})
    csms.handshake = Handshake(status=status)
    proxy.admit(csms.url)
    async with await proxy.connect(subprotocols=["x", "ocpp2.1", "ocpp1.6"]) as charger:
        await charger.send_text("alone")

        assert "ocpp2.1" == charger.subprotocol
        assert "alone" == await charger.receive()
        change = proxy.house.changes[0]
        assert ("unreachable", 1, 100.0) == (change.reason, change.attempt, change.next_delay)


async def test_an_outage_may_be_passed_on(start_proxy: Starter, csms: ScriptedCsms) -> None:
    proxy = await start_proxy(csms={"on_loss": OnCsmsLoss.CLOSE, "dial_timeout": 0.05})
    for handshake in (Handshake(status=500), Handshake(silent=True)):
        csms.handshake = handshake
        proxy.admit(csms.url)
        refusal = await refused(proxy)

        assert (503, "45") == (refusal.status, refusal.headers["retry-after"])
    await csms.stop()

    assert 503 == (await refused(proxy)).status


# Without a CSMS


@pytest.mark.parametrize(
    ("offered", "expected", "version"),
    [
        (["ocpp2.0.1", "ocpp1.6"], "ocpp2.0.1", OcppVersion.V2_0_1),
        (["soap", "ocpp1.6j"], "ocpp1.6j", OcppVersion.V1_6),
        ([], None, OcppVersion.V2_1),
    ],
)
async def test_the_chargers_order_decides(
    proxy: Any, offered: list[str], expected: str | None, version: OcppVersion
) -> None:
    """Q4 3.1.2; without a header the URL's hint counts."""
    async with await proxy.connect("/ocpp/2.1/CP1", subprotocols=offered) as charger:
        assert (expected, version) == (charger.subprotocol, proxy.house.attached[0].version)


async def test_no_hint_and_no_header_mean_1_6(proxy: Any) -> None:
    async with await proxy.connect(subprotocols=[]):
        assert OcppVersion.V1_6 is proxy.house.attached[0].version


async def test_a_list_without_a_match_is_closed_after_the_handshake(proxy: Any) -> None:
    """J16 3.2, P4 3.2, Q4 3.3: 101 without the header, then 1002."""
    charger = await proxy.connect(subprotocols=["ocpp1.5", "soap"])

    assert charger.subprotocol is None
    assert 1002 == await charger.wait_ended()
    assert [] == proxy.house.attached


# Local refusals


async def test_path_scans_are_logged_once_per_address(
    proxy: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert 404 == (await refused(proxy, "/.env/ocpp/CP1")).status

    assert 1 == len([record for record in caplog.records if "scan" in record.getMessage()])


async def test_the_directory_decides_who_comes_in(proxy: Any, csms: ScriptedCsms) -> None:
    proxy.admit(csms.url)
    proxy.house.refusal = AdmissionError(429, "Too many new chargers", retry_after=60)

    refusal = await refused(proxy, "/ocpp/1.6/A%3AB")

    assert (429, "60") == (refusal.status, refusal.headers["retry-after"])
    arrival = proxy.house.arrivals[0]
    assert ("A:B", "A%3AB", "127.0.0.1", ("ocpp1.6",), ("id_with_colon",)) == (
        arrival.charge_point_id,
        arrival.raw_id,
        arrival.remote_address,
        arrival.offered,
        arrival.warnings,
    )
    assert [] == csms.requests


async def test_handshakes_and_connections_are_bounded(
    start_proxy: Starter, csms: ScriptedCsms
) -> None:
    proxy = await start_proxy(charger={"max_handshakes": 1, "max_connections": 2})
    proxy.admit(csms.url)
    async with await proxy.connect("/ocpp/CP1"):
        csms.hold()
        waiting = spawn(proxy.connect("/ocpp/CP2"), name="charger")
        await csms.next_request()
        await csms.next_request()
        refusal = await refused(proxy, "/ocpp/CP3")
        csms.release()
        async with await waiting:
            full = await refused(proxy, "/ocpp/CP3")

    assert [(503, "45"), (503, "45")] == [
        (error.status, error.headers["retry-after"]) for error in (refusal, full)
    ]


# The end


async def test_stop_closes_every_connection_with_1001(start_proxy: Starter) -> None:
    async with ScriptedCsms() as csms:
        proxy = await start_proxy()
        proxy.admit(csms.url)
        charger = await proxy.connect()
        peer = await csms.next_connection()
        await proxy.listener.stop()

        assert (1001, 1001) == (await charger.wait_ended(), await peer.wait_ended())
        assert 503 == (await refused(proxy)).status


async def test_stop_ends_handshakes_in_progress(proxy: Any, csms: ScriptedCsms) -> None:
    csms.hold()
    proxy.admit(csms.url)
    waiting = spawn(refused(proxy), name="charger")
    await csms.next_request()
    await proxy.listener.stop()

    assert 503 == (await waiting).status


async def test_the_target_is_asked_for_at_each_handshake(proxy: Any, csms: ScriptedCsms) -> None:
    """A change of the CSMS's address counts for the next charger."""
    await (await proxy.connect()).close()
    proxy.admit(csms.url)
    async with await proxy.connect("/ocpp/CP2"):
        assert CsmsTarget(url=csms.url) == proxy.house.bridges["CP2"].target
