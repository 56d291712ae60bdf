"""Typed commands: the right CALL for the charger's version, checked, attributed, answered."""

from typing import Any

import pytest
from tests.proxy.features.conftest import WAIT, Manners, Site, sent

from oye_proxy.errors import (
    ChargerNotConnectedError,
    ChargerUnknownError,
    ConfirmationRequiredError,
    ConflictError,
    InvalidRequestError,
    NotSupportedError,
    TooManyRequestsError,
)
from oye_proxy.hub.injections import Origin
from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.ocppj.intents.requests import (
    GetConfigurationRequest,
    LimitRequest,
    ReportRequest,
    ResetRequest,
    ResetType,
    StartRequest,
    StopRequest,
)

AUTOMATION = Origin("solar", "automation")
BOOT_2 = {
    "reason": "PowerUp",
    "chargingStation": {"model": "Test", "vendorName": "OYE"},
}


async def test_a_start_bears_the_default_tag(site: Site) -> None:
    charger = await site.charger()
    injection = await site.run(StartRequest(connector_id=1))

    assert (await injection.outcome(WAIT)).accepted
    assert [{"idTag": "ADMIN_TAG", "connectorId": 1}] == sent(charger, "RemoteStartTransaction")
    assert injection.message_id == charger.calls[-1].message_id.text


async def test_a_start_of_2_x_bears_a_fresh_remote_start_id(site: Site) -> None:
    charger = await site.world.connect(subprotocols=("ocpp2.0.1",))
    charger.responder = Manners().answer
    await charger.send_call("BootNotification", BOOT_2)
    await site.done(StartRequest(connector_id=1, id_tag="CARD"))

    assert [
        {
            "idToken": {"idToken": "CARD", "type": "Central"},
            "remoteStartId": 7,
            "evseId": 1,
        }
    ] == sent(charger, "RequestStartTransaction")


async def test_the_tag_of_a_start_is_accepted_in_standalone(site: Site) -> None:
    """AuthorizeRemoteTxRequests makes the charger ask first (C16 5.11)."""
    charger = await site.charger()
    before = await charger.send_call("Authorize", {"idTag": "GUEST"})
    await site.done(StartRequest(connector_id=1, id_tag="GUEST"))
    after = await charger.send_call("Authorize", {"idTag": "guest"})

    assert "Invalid" == before.payload["idTagInfo"]["status"]
    assert "Accepted" == after.payload["idTagInfo"]["status"]


async def test_the_tag_of_a_raw_start_is_accepted_too(site: Site) -> None:
    charger = await site.charger()
    await site.world.hub.inject(
        "CP1", "RemoteStartTransaction", {"idTag": "GUEST"}, origin=Origin("admin")
    )
    answer = await charger.send_call("Authorize", {"idTag": "GUEST"})

    assert "Accepted" == answer.payload["idTagInfo"]["status"]


@pytest.mark.parametrize(
    ("origin", "started_by"),
    [(Origin("admin"), StartedBy.OWNER), (AUTOMATION, StartedBy.AUTOMATION)],
)
async def test_a_transaction_tells_whose_wish_it_was(
    site: Site, origin: Origin, started_by: StartedBy
) -> None:
    """Attribution by the remote start before it."""
    charger = await site.charger()
    await site.done(StartRequest(connector_id=1, id_tag="CARD"), origin)
    await site.start_transaction(charger)
    transaction = site.state.connectors[0].transaction

    assert transaction is not None
    assert started_by == transaction.started_by


async def test_a_stop_names_the_transaction_that_the_charger_knows(site: Site) -> None:
    charger = await site.charger()
    transaction_id = await site.start_transaction(charger, connector_id=2)
    await site.done(StopRequest(connector_id=2))

    assert [{"transactionId": transaction_id}] == sent(charger, "RemoteStopTransaction")
    with pytest.raises(ConflictError, match="connector 1"):
        await site.run(StopRequest(connector_id=1))


async def test_a_command_that_does_harm_needs_confirmation_and_passes_once_a_minute(
    site: Site,
) -> None:
    charger = await site.charger()
    hard = ResetRequest(type=ResetType.HARD)
    with pytest.raises(ConfirmationRequiredError) as refusal:
        await site.run(hard)
    await (await site.run(hard, confirm=True)).outcome(WAIT)
    with pytest.raises(TooManyRequestsError):
        await site.run(hard, confirm=True)

    assert "danger" == refusal.value.guard
    assert [{"type": "Hard"}] == sent(charger, "Reset")


async def test_what_a_version_does_not_have_is_refused(site: Site) -> None:
    await site.charger()
    with pytest.raises(NotSupportedError):
        await site.run(ReportRequest())


async def test_an_unknown_charger_is_told_from_one_that_is_away(site: Site) -> None:
    with pytest.raises(ChargerUnknownError):
        await site.run(GetConfigurationRequest())
    charger = await site.charger()
    await site.world.hub.disconnect("CP1", "for a test")
    await charger.wait_ended()
    with pytest.raises(ChargerNotConnectedError):
        await site.run(GetConfigurationRequest())


async def test_a_charger_of_an_unknown_version_takes_no_typed_commands(site: Site) -> None:
    bridge: Any = site.world.bridge("CP9", version=None)
    bridge.start(None)
    try:
        with pytest.raises(NotSupportedError):
            await site.run(GetConfigurationRequest(), charge_point_id="CP9")
    finally:
        await bridge.close(1001, "")


async def test_a_session_limit_needs_its_connector_where_there_are_several(site: Site) -> None:
    charger = await site.charger()
    await site.start_transaction(charger, connector_id=1)
    await site.start_transaction(charger, connector_id=2)
    with pytest.raises(InvalidRequestError, match="connectorId"):
        await site.run(LimitRequest(limit_a=10))
