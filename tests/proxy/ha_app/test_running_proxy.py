"""The proxy is asked over the socket of ingress; no answer is one too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.proxy.app.conftest import settings

from oye_proxy.app import running
from oye_proxy.ha_app.report import CsmsState
from oye_proxy.ha_app.running_proxy import csms_state
from oye_proxy.settings import ApiSettings, CsmsSettings, ServerSettings


@pytest.fixture
async def socket(tmp_path: Path) -> AsyncIterator[Path]:
    """Start a proxy that forwards to a CSMS."""
    socket = tmp_path / "ingress.sock"
    server = ServerSettings(public_socket=tmp_path / "public.sock", ingress_socket=socket)
    csms = CsmsSettings(url="wss://csms.example.com/ocpp")
    async with running(settings(tmp_path, server=server, csms=csms, api=ApiSettings())):
        yield socket


async def test_the_csms_in_force_is_told(socket: Path) -> None:
    assert CsmsState("wss://csms.example.com/ocpp", forwarding=True) == await csms_state(socket)


async def test_a_proxy_that_does_not_answer_tells_nothing(tmp_path: Path) -> None:
    assert await csms_state(tmp_path / "nowhere.sock") is None
