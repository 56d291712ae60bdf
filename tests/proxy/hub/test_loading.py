"""Chargers of earlier lives: rows become entries, injections are remembered by their age."""

from datetime import timedelta

import pytest
from tests.proxy.hub.conftest import START, Live, World
from tests.proxy.ocppj.lives import start

from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.loading import load_chargers, load_forgotten, load_journals
from oye_proxy.ocppj.commands import InjectionState
from oye_proxy.ocppj.frames import MessageId, build_call, build_result
from oye_proxy.ocppj.journal.entries import (
    Entry,
    EntryState,
    JournalClass,
    Settlement,
    TransactionLink,
)
from oye_proxy.ocppj.journal.journal import Answered, Journal, Stock
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.storage.chargers import ChargerRow
from oye_proxy.storage.injections import InjectionRow
from oye_proxy.storage.journal import JournalBatch, JournalQuery


def charger_row(**columns: object) -> ChargerRow:
    given = {"charge_point_id": "CP1", "status": "OFFLINE", "last_seen": START}
    return ChargerRow(**(given | columns))  # type: ignore[arg-type]  # the tests' own columns


def injection_row(message_id: str, payload: str) -> InjectionRow:
    return InjectionRow(
        message_id=message_id,
        charge_point_id="CP1",
        action="GetBaseReport",
        payload=payload,
        user="admin",
        kind="owner",
        state=InjectionState.SENT,
        created_at=START - timedelta(minutes=5),
    )


def an_entry(sequence: int, journal_class: JournalClass) -> Entry:
    return Entry(
        sequence=sequence,
        journal_class=journal_class,
        version=OcppVersion.V1_6,
        action="StopTransaction",
        message_id=f'"{sequence}"',
        text=f'[2,"{sequence}","StopTransaction",{{"transactionId":7}}]',
        answer=f'[3,"{sequence}",{{}}]',
        arrived_at=START,
        digest=str(sequence),
        key="StatusNotification/1" if journal_class is JournalClass.LATEST else "",
        transaction_id="7",
    )


def load(world: World, row: ChargerRow, *injections: InjectionRow) -> Charger:
    return load_chargers(world.maker, [row], injections, {}, START, 1000.0)["CP1"]


async def test_an_empty_row_is_a_charger_with_defaults(world: World) -> None:
    charger = load(world, charger_row())

    assert (None, None, True, ()) == (
        charger.name,
        charger.wished_mode,
        charger.approved,
        charger.credential_hashes,
    )
    assert (START, None) == (charger.last_seen, charger.bridge)


async def test_columns_are_read(world: World) -> None:
    charger = load(
        world,
        charger_row(
            name="Garage",
            mode="monitor",
            approved=False,
            credential_hash="old new",
            remote_ip="192.0.2.7",
            remote_port=4711,
        ),
    )

    assert ("Garage", Mode.MONITOR, False) == (charger.name, charger.wished_mode, charger.approved)
    assert ("old", "new") == charger.credential_hashes
    assert ("192.0.2.7", 4711) == (charger.remote_address, charger.remote_port)


@pytest.mark.parametrize(
    ("columns", "confirmed"),
    [
        ({}, False),
        ({"approved": False}, False),
        ({"approved": True}, True),
        ({"name": "Garage"}, True),
        ({"mode": "forward"}, True),
        ({"max_power": 16.0}, True),
        ({"credential_hash": "hash"}, True),
    ],
)
async def test_confirmed_is_who_was_confirmed(
    world: World, columns: dict[str, object], *, confirmed: bool
) -> None:
    assert confirmed is load(world, charger_row(**columns)).confirmed


async def test_injections_are_remembered_by_id_age_and_request(world: World) -> None:
    rows = [
        injection_row("m-1", '{"requestId":1700000001}'),
        injection_row("m-2", '{"requestId":"odd"}'),
        injection_row("m-3", '["odd"]'),
    ]
    charger = load(world, charger_row(), *rows)
    found = [charger.memory.find(MessageId.of(row.message_id)) for row in rows]

    assert [(700.0, 1_700_000_001), (700.0, None), (700.0, None)] == [
        (call.at, call.request_id) for call in found if call is not None
    ]


async def test_what_unknown_chargers_were_sent_is_remembered(world: World) -> None:
    row = injection_row("m-1", '{"requestId":1700000001}')
    forgotten = load_forgotten(world.maker, {"CP1"}, [row], START, 1000.0)
    other = load_forgotten(world.maker, (), [row], START, 1000.0)

    assert {} == forgotten
    call = other["CP1"].find(MessageId.of("m-1"))
    assert call is not None
    assert (700.0, 1_700_000_001) == (call.at, call.request_id)


async def test_a_journal_whose_charger_has_no_row_yet_goes_on(world: World) -> None:
    """A power cut came in between; a sequence that is given twice would lose a message."""
    journal = Journal(Stock(last_sequence=7, transactions=2))
    [charger] = load_chargers(world.maker, [], [], {"CP1": journal}, START, 1000.0).values()

    assert ("CP1", journal, 2) == (
        charger.charge_point_id,
        charger.journal,
        charger.journal.pending,
    )
    assert charger.approved


class TestJournals:
    """A restart keeps the journal: what waits, what must be known again, both ids."""

    async def test_a_charger_without_entries_has_none(self, world: World) -> None:
        assert {} == await load_journals(world.journal)

    async def test_what_waits_is_counted_and_told_in_order(self, world: World) -> None:
        acknowledged = an_entry(1, JournalClass.TRANSACTION)
        entries = [
            acknowledged,
            an_entry(2, JournalClass.TRANSACTION),
            an_entry(3, JournalClass.EVENT),
            an_entry(4, JournalClass.LATEST),
        ]
        await world.journal.commit(
            JournalBatch(
                entries=[("CP1", entry) for entry in entries],
                links=[("CP1", TransactionLink(local_id=7, csms_id=8))],
                settlements=[
                    (
                        "CP1",
                        Settlement(sequence=1, state=EntryState.ACKNOWLEDGED, at=START, attempts=1),
                    )
                ],
            )
        )
        journal = (await load_journals(world.journal))["CP1"]
        after = journal.queue.wanted()
        assert after is not None
        journal.fetched(await world.journal.pending("CP1", after=after))

        assert (2, [4]) == (
            journal.pending,
            [entry.sequence for entry in journal.states],
        )
        assert entries[1] == journal.queue.head
        assert TransactionLink(local_id=7, csms_id=8) == journal.map.live(7)

    async def test_a_repetition_is_known_though_it_was_acknowledged(self, world: World) -> None:
        call = build_call("a", "StopTransaction", {"transactionId": 7})
        taken = Journal().take(OcppVersion.V1_6, call, build_result(call.message_id, {}), START)
        assert taken is not None
        done = Settlement(sequence=1, state=EntryState.ACKNOWLEDGED, at=START, attempts=1)
        await world.journal.commit(
            JournalBatch(entries=[("CP1", taken)], settlements=[("CP1", done)])
        )
        journal = (await load_journals(world.journal))["CP1"]

        assert journal.is_empty
        assert Answered(payload="{}", sequence=1) == journal.answered(OcppVersion.V1_6, call)

    async def test_chargers_have_their_own(self, world: World) -> None:
        await world.journal.commit(
            JournalBatch(
                entries=[
                    ("CP1", an_entry(1, JournalClass.TRANSACTION)),
                    ("CP2", an_entry(9, JournalClass.EVENT)),
                ]
            )
        )
        journals = await load_journals(world.journal)

        assert {"CP1": 1, "CP2": 1} == {key: each.pending for key, each in journals.items()}

    async def test_they_are_given_to_their_chargers(self, live: Live) -> None:
        """Sequences go on where they were: none is used twice."""
        world = await live()
        async with await world.connect() as charger:
            await charger.send_text(start("s"))
            await charger.receive()
        second = await live()
        async with await second.connect() as charger:
            await charger.send_text(start("t", connector=2))
            await charger.receive()
        stored = await second.journal.search(JournalQuery(charge_point_id="CP1"))

        assert [2, 1] == [row.entry.sequence for row in stored]
