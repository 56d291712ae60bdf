"""What a proxy knows when it starts, and what it was not told well."""

from pathlib import Path

import pytest
from tests.proxy.app.conftest import connect, settings

from oye_proxy.app import running
from oye_proxy.errors import SettingsError
from oye_proxy.ocppj.frames import CallResult
from oye_proxy.settings import CsmsSettings

START = {
    "connectorId": 1,
    "idTag": "04E91C5A123456",
    "timestamp": "2026-11-22T10:00:00Z",
}


async def test_an_address_that_is_none_is_a_wrong_setting(tmp_path: Path) -> None:
    wrong = settings(tmp_path, csms=CsmsSettings(url="http://csms.example"))
    with pytest.raises(SettingsError, match=r"csms\.url: .*ws://"):
        async with running(wrong):
            pass


async def test_no_transaction_id_comes_again_in_the_next_life(tmp_path: Path) -> None:
    ids = []
    for meter_start in (0, 5000):
        async with running(settings(tmp_path)) as proxy, await connect(proxy) as charger:
            answer = await charger.send_call(
                "StartTransaction", {**START, "meterStart": meter_start}
            )
            assert isinstance(answer, CallResult)
            ids.append(answer.payload["transactionId"])

    assert ids[0] < ids[1]
