"""Changes written together make the same rows as one by one, with few statements."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from tests.proxy.storage.conftest import statements

from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange
from oye_proxy.ocppj.transaction_samples import Sample
from oye_proxy.storage.database import Database
from oye_proxy.storage.samples import SampleStore
from oye_proxy.storage.transaction_rows import TransactionRow
from oye_proxy.storage.transactions import TransactionQuery, TransactionStore

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
Change = tuple[str, TransactionChange]


def start(transaction_id: str, at: datetime = AT) -> TransactionChange:
    return TransactionChange(
        kind=ChangeKind.START,
        at=at,
        transaction_id=transaction_id,
        started_at=at,
        evse_id=1,
        meter_start_wh=0.0,
    )


def update(transaction_id: str, at: datetime, register_wh: float) -> TransactionChange:
    return TransactionChange(
        kind=ChangeKind.UPDATE,
        at=at,
        transaction_id=transaction_id,
        evse_id=1,
        register_wh=register_wh,
        samples=(Sample(at, "Energy.Active.Import.Register", register_wh),),
    )


def stop(transaction_id: str, at: datetime) -> TransactionChange:
    return TransactionChange(
        kind=ChangeKind.STOP, at=at, transaction_id=transaction_id, stopped_at=at
    )


def any_story(seed: int, chargers: Sequence[str]) -> list[Change]:
    """What happens to three transactions of each charger, most of it updates."""
    chance = random.Random(seed)  # noqa: S311 - a story, no secret
    story: list[Change] = []
    for second in range(15):
        at = AT + timedelta(seconds=second)
        transaction_id = chance.choice("123")
        change = chance.choice(
            [
                start(transaction_id, at),
                stop(transaction_id, at),
                *[update(transaction_id, at, 10.0 * second)] * 6,
            ]
        )
        story.append((chance.choice(chargers), change))
    return story


async def written(database: Database, charge_point_id: str) -> list[tuple[TransactionRow, int]]:
    """Return what is stored of a charger, in order: each row, and how many samples it has."""
    found = await TransactionStore(database).search(
        TransactionQuery(charge_point_id=charge_point_id)
    )
    samples = SampleStore(database)
    return [
        (replace(row, id=None, charge_point_id=""), (await samples.of(row.id or 0)).total)
        for row in found
    ]


async def test_together_is_the_same_as_one_by_one(database: Database) -> None:
    store = TransactionStore(database)
    for seed in range(20):
        alone, together = [f"alone {seed}", "other"], [f"together {seed}", "another"]
        for change in any_story(seed, alone):
            await store.write([change])
        await store.write(any_story(seed, together))

        assert await written(database, alone[0]) == await written(database, together[0])


async def test_updates_of_many_transactions_take_few_statements(database: Database) -> None:
    store = TransactionStore(database)
    names = [f"CP{number}" for number in range(20)]
    await store.write([(name, start("7")) for name in names])
    with statements(database) as told:
        await store.write([(name, update("7", AT + timedelta(seconds=1), 5.0)) for name in names])

    assert ["SELECT", "UPDATE", "INSERT"] == [word for word in told if word != "BEGIN"]
    assert [5.0] * 20 == [row.energy_wh for row in await store.search(TransactionQuery())]
