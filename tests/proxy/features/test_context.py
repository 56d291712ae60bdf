"""What intents and limits are told of a charger."""

from tests.proxy.features.conftest import Site

from oye_proxy.features.context import intent_context, transactions_of
from oye_proxy.ocppj.facts import ChargerFacts, ConnectorFacts, TransactionFacts


async def test_the_context_is_the_charger_as_it_is(site: Site) -> None:
    charger = await site.charger()
    transaction_id = await site.start_transaction(charger, connector_id=2)
    held = site.world.hub.find("CP1")
    context = intent_context(held, site.world.now, id_tag="TAG", fresh_id=9)

    assert ("TAG", 9) == (context.id_tag, context.remote_start_id)
    assert (1, 2) == context.connector_ids
    assert {2: str(transaction_id)} == dict(context.transactions)
    assert tuple(held.profiles) == context.profiles


def test_transactions_are_found_by_connector() -> None:
    running = TransactionFacts(transaction_id="42")
    connectors = [ConnectorFacts(evse_id=1), ConnectorFacts(evse_id=3, transaction=running)]

    assert {3: "42"} == transactions_of(ChargerFacts(connectors=connectors))
