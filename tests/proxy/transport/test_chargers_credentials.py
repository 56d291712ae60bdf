"""Credentials of chargers: checked here, or passed on opaquely, never told (3.2)."""

import base64
import logging
from typing import Any

import pytest
from tests.proxy.transport.conftest import refused

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import ChargerAuth
from oye_proxy.simulator.scripted import (
    Handshake,
    HandshakeRefusedError,
    ScriptedCsms,
    basic_authorization,
)


async def test_local_credentials_are_checked_and_kept_from_the_csms(
    proxy: Any, csms: ScriptedCsms
) -> None:
    password = bytes(range(16))
    hashed = await proxy.checker.hash(password, OcppVersion.V1_6)
    proxy.admit(csms.url, ChargerAuth.LOCAL, credential_hashes=(hashed,))

    refusals = [
        await refused(proxy),
        await refused(proxy, headers=[basic_authorization("CP1", password[::-1])]),
        await refused(proxy, headers=[basic_authorization("CP2", password)]),
    ]
    async with await proxy.connect(headers=[basic_authorization("CP1", password)]):
        assert csms.requests[0].header("Authorization") is None
        assert hashed == proxy.house.attached[0].info.credential_hash

    assert [(401, 'Basic realm="OCPP"')] * 3 == [
        (refusal.status, refusal.headers["www-authenticate"]) for refusal in refusals
    ]
    assert ["CP1", "CP1", "CP1"] == [arrival.charge_point_id for arrival in proxy.house.failed]


async def test_in_local_mode_the_csms_gets_what_its_address_says(
    proxy: Any, csms: ScriptedCsms
) -> None:
    """The proxy's own credentials are the address's user info; `{id}` in it is the charger's."""
    password = bytes(range(16))
    hashed = await proxy.checker.hash(password, OcppVersion.V1_6)
    proxy.admit(
        csms.url.replace("ws://", "ws://{id}:upstream@") + "/{id}",
        ChargerAuth.LOCAL,
        credential_hashes=(hashed,),
    )

    async with await proxy.connect(headers=[basic_authorization("CP1", password)]):
        _, expected = basic_authorization("CP1", b"upstream")

        assert expected == csms.requests[0].header("Authorization")


async def test_transparent_credentials_pass_opaquely(proxy: Any, csms: ScriptedCsms) -> None:
    proxy.admit(csms.url)
    value = "Basic " + base64.b64encode(b"CP1:\x00\xff").decode()
    async with await proxy.connect(headers=[("Authorization", value), ("User-Agent", "Box/1")]):
        request = csms.requests[0]

        assert (value, "Box/1") == (request.header("Authorization"), request.header("User-Agent"))
        assert {"Origin", "X-Forwarded-For"}.isdisjoint(name for name, _ in request.headers)


async def test_nothing_secret_is_logged(
    proxy: Any, csms: ScriptedCsms, caplog: pytest.LogCaptureFixture
) -> None:
    """Authorization, user info and queries: at no level, whatever happens."""
    caplog.set_level(logging.DEBUG)
    proxy.admit(csms.url.replace("ws://", "ws://owner:hidden-1@") + "?key=hidden-2")
    csms.plan(Handshake(), Handshake(status=401), Handshake(status=500))
    headers = [basic_authorization("CP1", "hidden-3")]
    for _ in range(3):
        try:
            charger = await proxy.connect("/ocpp/CP1?token=hidden-4", headers=headers)
        except HandshakeRefusedError:
            continue
        await charger.close()
    await csms.stop()
    await (await proxy.connect("/ocpp/CP2?token=hidden-4", headers=headers)).close()

    told = [change.detail for change in proxy.house.changes]
    # The scripted ends of the test log what they see, under their library's own name.
    lines = [
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith("websockets.")
    ]
    assert any("CP1 connected" in line for line in lines)
    assert [] == [
        line
        for line in lines + told
        if "hidden" in line or base64.b64encode(b"CP1:hidden-3").decode() in line
    ]
