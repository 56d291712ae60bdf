"""The limit in force over the time of a transaction, as its samples tell it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.proxy.features.conftest import Manners, Site, cap, session
from tests.proxy.hub.conftest import World

from oye_proxy.features.limit_history import LOOK_AGAIN, LOOKS_A_ROUND, LimitHistory
from oye_proxy.features.transaction_records import TransactionRecords
from oye_proxy.hub.events import ChargerChanged
from oye_proxy.ocppj.transaction_changes import TransactionChange
from oye_proxy.ocppj.transaction_samples import EFFECTIVE_LIMIT
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.transactions import TransactionStore


class Notes:
    """Keeps what is told, as the records would."""

    def __init__(self) -> None:
        self.told: list[tuple[str, TransactionChange]] = []

    def note(self, charge_point_id: str, change: TransactionChange) -> None:
        self.told.append((charge_point_id, change))

    @property
    def limits(self) -> list[tuple[float, str]]:
        return [(one.value, one.context) for _, change in self.told for one in change.samples]


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
async def history(site: Site, notes: Notes) -> AsyncIterator[LimitHistory]:
    feature = LimitHistory(site.world.hub, notes, lambda: site.world.now)
    feature.start()
    yield feature
    await feature.stop()


async def test_each_limit_is_told_once_with_whose_it_is(
    site: Site, notes: Notes, history: LimitHistory
) -> None:
    manners = Manners()
    charger = await site.charger(manners)
    history.look()
    transaction_id = await site.start_transaction(charger)
    history.look()
    assert [] == notes.limits

    manners.composite_limit = 10.0
    await site.done(session(10))
    await site.idle(charger)
    history.look()
    history.look()
    assert [(10.0, "owner")] == notes.limits
    told, change = notes.told[0]
    assert ("CP1", str(transaction_id), EFFECTIVE_LIMIT, "A") == (
        told,
        change.transaction_id,
        change.samples[0].measurand,
        change.samples[0].unit,
    )

    manners.composite_limit = 6.0
    await site.done(session(6))
    await site.idle(charger)
    history.look()
    assert [(10.0, "owner"), (6.0, "owner")] == notes.limits


async def test_what_held_already_is_told_of_a_transaction_that_ran_before(
    site: Site, notes: Notes
) -> None:
    """After a restart the last word may be of another day."""
    charger = await site.charger()
    await site.start_transaction(charger)
    later = LimitHistory(site.world.hub, notes, lambda: site.world.now)
    later.start()
    site.world.hub.limits_changed("CP1")
    later.look()
    await later.stop()

    assert [(0.0, "no_limit")] == notes.limits


async def test_nothing_is_told_without_a_transaction(
    site: Site, notes: Notes, history: LimitHistory
) -> None:
    charger = await site.charger()
    await site.done(cap(10))
    await site.idle(charger)
    history.look()
    transaction_id = await site.start_transaction(charger)
    await site.stop_transaction(charger, transaction_id)
    history.look()

    assert [] == notes.limits


async def test_a_charger_that_charges_is_looked_at_again_without_any_news(
    site: Site, notes: Notes, history: LimitHistory
) -> None:
    """A schedule of the CSMS or of the owner changes the limit by the clock alone."""
    charger = await site.charger()
    history.look()
    await site.start_transaction(charger)
    history.look()
    await site.done(cap(8))
    await site.idle(charger)
    history._due.clear()
    history.look()
    assert [] == notes.limits

    site.world.now += LOOK_AGAIN
    history.look()
    assert [(8.0, "owner")] == notes.limits


async def test_few_are_looked_at_at_once_and_a_deleted_one_is_forgotten(
    world: World, notes: Notes
) -> None:
    history = LimitHistory(world.hub, notes, lambda: world.now)
    for number in range(2 * LOOKS_A_ROUND):
        history._notice(ChargerChanged(f"CP{number}"))
    history.look()

    assert LOOKS_A_ROUND == len(history._due)
    history.look()
    assert 0 == len(history._due)


async def test_the_records_keep_it(site: Site) -> None:
    world = site.world
    records = TransactionRecords(
        world.hub,
        TransactionStore(world.database),
        world.keeper,
        sample_interval=timedelta(seconds=1),
    )
    history = LimitHistory(world.hub, records, lambda: world.now)
    records.start()
    history.start()
    charger = await site.charger()
    history.look()
    await site.start_transaction(charger)
    await site.done(session(10))
    await site.idle(charger)
    history.look()
    await history.stop()
    await records.stop()
    await world.settle()
    samples = (await SampleStore(world.database).of(1)).samples

    assert [(EFFECTIVE_LIMIT, 10.0, "owner")] == [
        (one.measurand, one.value, one.context) for one in samples
    ]
