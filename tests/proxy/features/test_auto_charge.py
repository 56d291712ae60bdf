"""Automatic charging (docs/OCPP.md, Without a CSMS)."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from tests.proxy.features.conftest import Manners, Site, sent

from oye_proxy.features.auto_charge import AutoCharge
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.ocppj.timestamps import to_text
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms
from oye_proxy.tasks import cancel

START = "RemoteStartTransaction"

Starter = Callable[..., Awaitable[AutoCharge]]


@pytest.fixture
async def auto(site: Site) -> AsyncIterator[AutoCharge]:
    """Switch automatic charging on; its delays are those that a test can wait for: none."""
    await site.world.state.update(auto_charge=True)
    feature = AutoCharge(
        site.world.hub,
        site.world.state,
        site.commands,
        wall=lambda: site.world.now,
        start_after=0,
        retry_after=0,
    )
    feature.start()
    yield feature
    await feature.stop()


async def status(site: Site, charger: ScriptedCharger, word: str, connector_id: int = 1) -> None:
    report = {
        "connectorId": connector_id,
        "errorCode": "NoError",
        "status": word,
        "timestamp": to_text(site.world.now),
    }
    await charger.send_call("StatusNotification", report)


async def done(auto: AutoCharge) -> None:
    """Wait until every start that is under way is answered."""
    for task in list(auto._served.values()):
        if task is not None:
            await task


async def test_plugging_in_starts_with_the_default_tag(site: Site, auto: AutoCharge) -> None:
    charger = await site.charger()
    await status(site, charger, "Preparing", connector_id=2)
    await done(auto)
    await site.start_transaction(charger, connector_id=2)

    assert [{"connectorId": 2, "idTag": "ADMIN_TAG"}] == sent(charger, START)


async def test_the_start_follows_the_answer_of_the_message(site: Site, auto: AutoCharge) -> None:
    charger = await site.charger()
    charger.responder = None
    await status(site, charger, "Preparing")
    call = await charger.receive_call(START)
    await charger.answer(call, {"status": "Accepted"})
    await done(auto)

    assert call.text == charger.messages[-1]


async def test_the_transaction_is_attributed_to_automation(site: Site, auto: AutoCharge) -> None:
    charger = await site.charger()
    await site.world.state.update(default_id_tag="CARD")
    await status(site, charger, "Preparing")
    await done(auto)
    await site.start_transaction(charger)
    transaction = site.state.connectors[0].transaction

    assert transaction is not None
    assert StartedBy.AUTOMATION == transaction.started_by


async def test_one_start_per_plug_in(site: Site, auto: AutoCharge) -> None:
    charger = await site.charger()
    await status(site, charger, "Preparing")
    await done(auto)
    await status(site, charger, "Preparing")
    await done(auto)
    await status(site, charger, "Available")
    await status(site, charger, "Preparing")
    await done(auto)

    assert 2 == len(sent(charger, START))


async def test_no_start_after_a_stop_on_the_same_plug_in(site: Site, auto: AutoCharge) -> None:
    charger = await site.charger()
    transaction_id = await site.start_transaction(charger)
    await status(site, charger, "Charging")
    await site.stop_transaction(charger, transaction_id)
    for word in ("Finishing", "Preparing"):
        await status(site, charger, word)
    await done(auto)

    assert [] == sent(charger, START)


async def test_a_transaction_that_was_not_announced_counts(site: Site, auto: AutoCharge) -> None:
    charger = await site.charger()
    transaction_id = await site.start_transaction(charger)
    await site.stop_transaction(charger, transaction_id)
    await status(site, charger, "Preparing")
    await done(auto)

    assert [] == sent(charger, START)


async def test_a_refused_start_is_tried_once_more(site: Site, auto: AutoCharge) -> None:
    manners = Manners()
    manners.statuses[START] = "Rejected"
    charger = await site.charger(manners)
    await status(site, charger, "Preparing")
    await done(auto)

    assert 2 == len(sent(charger, START))


async def test_a_start_that_meets_a_transaction_is_not_repeated(
    site: Site, auto: AutoCharge
) -> None:
    charger = await site.charger()
    charger.responder = None
    await status(site, charger, "Preparing")
    call = await charger.receive_call(START)
    await site.start_transaction(charger)
    await charger.answer(call, {"status": "Rejected"})
    await done(auto)

    assert 1 == len(sent(charger, START))


async def test_switched_off_nothing_starts(site: Site, auto: AutoCharge) -> None:
    charger = await site.charger()
    await site.world.state.update(auto_charge=False)
    await status(site, charger, "Preparing")

    assert {} == auto._served
    assert [] == sent(charger, START)


async def test_switched_on_again_the_next_plug_in_is_a_first_one(
    site: Site, auto: AutoCharge
) -> None:
    charger = await site.charger()
    await status(site, charger, "Preparing")
    await done(auto)
    await site.world.state.update(auto_charge=False)
    await status(site, charger, "Available")
    await site.world.state.update(auto_charge=True)
    await status(site, charger, "Preparing")
    await done(auto)

    assert 2 == len(sent(charger, START))


async def test_a_csms_that_is_there_decides(
    site: Site, auto: AutoCharge, csms: ScriptedCsms
) -> None:
    await site.follow(csms)
    csms.responder = lambda call: (
        {"status": "Accepted", "currentTime": "2026-11-21T10:00:00Z", "interval": 300}
        if call.action == "BootNotification"
        else {}
    )
    charger = await site.charger()
    await status(site, charger, "Preparing")

    assert {} == auto._served


async def test_unplugging_ends_an_attempt(site: Site, auto: AutoCharge) -> None:
    charger = await site.charger()
    charger.responder = None
    await status(site, charger, "Preparing")
    await charger.receive_call(START)
    (task,) = auto._served.values()
    await status(site, charger, "Available")
    await cancel(task)

    assert task is not None
    assert task.cancelled()
    assert {} == auto._served


async def test_a_deleted_charger_is_forgotten(site: Site, auto: AutoCharge) -> None:
    charger = await site.charger()
    await status(site, charger, "Preparing")
    await done(auto)
    await site.world.hub.forget("CP1")
    await charger.wait_ended()

    assert {} == auto._served


@pytest.mark.parametrize(("id_token", "starts"), [(None, 1), ("CARD", 0)])
async def test_a_transaction_of_2_x_may_begin_before_it_is_authorized(
    site: Site, auto: AutoCharge, id_token: str | None, starts: int
) -> None:
    """TxStartPoint EVConnected (P2 E01); the remote start then belongs to it (F02)."""
    charger = await site.world.connect(subprotocols=("ocpp2.0.1",))
    charger.responder = Manners().answer
    station = {"model": "Test", "vendorName": "OYE"}
    await charger.send_call("BootNotification", {"reason": "PowerUp", "chargingStation": station})
    event = {
        "eventType": "Started",
        "timestamp": to_text(site.world.now),
        "triggerReason": "CablePluggedIn",
        "seqNo": 0,
        "transactionInfo": {"transactionId": "T-1", "chargingState": "EVConnected"},
        "evse": {"id": 1, "connectorId": 1},
    }
    if id_token is not None:
        event["idToken"] = {"idToken": id_token, "type": "ISO14443"}
    await charger.send_call("TransactionEvent", event)
    await done(auto)

    assert starts == len(sent(charger, "RequestStartTransaction"))


async def test_2_x_starts_when_the_cable_comes(site: Site, auto: AutoCharge) -> None:
    charger = await site.world.connect(subprotocols=("ocpp2.1",))
    charger.responder = Manners().answer
    report = {
        "timestamp": to_text(site.world.now),
        "connectorStatus": "Occupied",
        "evseId": 1,
        "connectorId": 1,
    }
    await charger.send_call("StatusNotification", report)
    await done(auto)
    (start,) = sent(charger, "RequestStartTransaction")

    assert {"idToken": "ADMIN_TAG", "type": "Central"} == start["idToken"]


@pytest.mark.parametrize("owner_status", [OwnerStatus.MAINTENANCE, OwnerStatus.ACTIVE])
async def test_nothing_charges_by_itself_during_maintenance(
    site: Site, auto: AutoCharge, owner_status: OwnerStatus
) -> None:
    charger = await site.charger()
    await site.world.hub.policies.set_owner_status("CP1", owner_status)
    await status(site, charger, "Preparing")
    await done(auto)

    assert (owner_status is OwnerStatus.ACTIVE) is bool(sent(charger, START))
