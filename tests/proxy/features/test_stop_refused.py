"""A start that the returned CSMS refuses is ended, where the owner wants that (docs/OCPP.md)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.proxy.features.conftest import Site, csms_answer, sent
from tests.proxy.hub.conftest import until

from oye_proxy.features.stop_refused import StopRefused
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms

STOP = "RemoteStopTransaction"
CSMS_ID = 4711


@pytest.fixture(autouse=True)
async def feature(site: Site) -> AsyncIterator[StopRefused]:
    one = StopRefused(site.world.hub, site.commands)
    one.start()
    yield one
    await one.stop()


async def start_while_the_csms_is_away(site: Site) -> tuple[ScriptedCharger, int]:
    await site.world.state.update(csms_url="ws://127.0.0.1:1/ocpp", forwarding=True)
    charger = await site.charger()
    return charger, await site.start_transaction(charger)


def answering(status: str) -> Any:
    def answer(call: Any) -> Any:
        if call.action == "StartTransaction":
            return {"transactionId": CSMS_ID, "idTagInfo": {"status": status}}
        return csms_answer(call)

    return answer


async def test_a_start_whose_tag_is_refused_is_stopped_by_the_id_that_the_charger_knows(
    site: Site, csms: ScriptedCsms
) -> None:
    charger, local_id = await start_while_the_csms_is_away(site)
    csms.responder = answering("Invalid")

    await site.follow(csms)
    await until(lambda: bool(sent(charger, STOP)))

    assert [{"transactionId": local_id}] == sent(charger, STOP)


async def test_a_start_that_is_accepted_goes_on(site: Site, csms: ScriptedCsms) -> None:
    charger, local_id = await start_while_the_csms_is_away(site)
    csms.responder = answering("Accepted")

    await site.follow(csms)
    peer = await csms.next_connection()
    await until(lambda: site.state.journal_pending == 0)
    await site.stop_transaction(charger, local_id)

    assert [] == sent(charger, STOP)
    assert [CSMS_ID] == [
        call.payload["transactionId"] for call in peer.calls if call.action == "StopTransaction"
    ]
