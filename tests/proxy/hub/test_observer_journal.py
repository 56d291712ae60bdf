"""What is kept of a conversation is on disk in order, and nothing of it is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.proxy.hub.conftest import (
    START,
    Live,
    World,
    charger_of,
    locked,
    relayed,
    until,
)
from tests.proxy.ocppj.lives import meter, start

from oye_proxy.ocppj.commands import (
    Drop,
    Fetch,
    Keep,
    KeepLink,
    Settle,
)
from oye_proxy.ocppj.journal.entries import (
    Entry,
    EntryState,
    JournalClass,
    Settlement,
    TransactionLink,
)
from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.scripted import Handshake, ScriptedCsms
from oye_proxy.storage.journal import JournalQuery

START_TEXT = start("s")


def an_event(sequence: int) -> Entry:
    return Entry(
        sequence=sequence,
        journal_class=JournalClass.EVENT,
        version=OcppVersion.V1_6,
        action="SecurityEventNotification",
        message_id='"e"',
        text=f'[2,"e","SecurityEventNotification",{{"n":{sequence}}}]',
        answer='[3,"e",{}]',
        arrived_at=START,
        digest=str(sequence),
    )


@asynccontextmanager
async def broken_journal(world: World) -> AsyncIterator[None]:
    """Let every commit of a journal fail."""
    async with world.database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE journal RENAME TO lost_journal")
    yield
    async with world.database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE lost_journal RENAME TO journal")


class TestJournal:
    """What the proxy answers for an absent CSMS is on disk first, and told when it is back."""

    async def test_a_transaction_is_answered_after_the_commit(self, world: World) -> None:
        """C16 3.7.1; nothing else waits for the disk."""
        async with await world.connect() as charger:
            async with locked(world):
                await charger.send_text(START_TEXT)
                await charger.send_text('[2,"h","Heartbeat",{}]')
                first = await charger.receive()
            second = await charger.receive()
            stored = await world.journal.search(JournalQuery(charge_point_id="CP1"))

        assert str(first).startswith('[3,"h"')
        assert str(second).startswith('[3,"s",{"transactionId":1000000000')
        assert [START_TEXT] == [row.entry.text for row in stored]

    async def test_without_a_database_the_charger_keeps_its_message(self, world: World) -> None:
        """And when it works again, the repetition is accepted."""
        async with await world.connect() as charger:
            async with broken_journal(world):
                await charger.send_text(START_TEXT)
                refused = await charger.receive()
            await until(lambda: not world.journals.waiting)
            await charger.send_text(START_TEXT.replace('"s"', '"t"'))
            accepted = await charger.receive()

        assert str(refused).startswith('[4,"s","InternalError"')
        assert str(accepted).startswith('[3,"t",{"transactionId":')
        assert world.troubles[-1] is None

    async def test_a_charger_that_reconnects_meanwhile_is_answered_once_it_is_on_disk(
        self, world: World
    ) -> None:
        async with locked(world):
            async with await world.connect() as charger:
                await charger.send_text(START_TEXT)
                await until(lambda: world.journals.waiting > 0)
            await until(lambda: world.hub.connected == 0)
            charger = await world.connect()
            await charger.send_text(START_TEXT.replace('"s"', '"t"'))
            await charger.send_text('[2,"h","Heartbeat",{}]')
            first = await charger.receive()
        async with charger:
            second = await charger.receive()

        assert str(first).startswith('[3,"h"')
        assert str(second).startswith('[3,"t",{"transactionId":1000000000')
        assert 1 == len(await world.journal.search(JournalQuery(charge_point_id="CP1")))

    async def test_what_is_written_after_its_charger_left_is_in_the_journal(
        self, live: Live, csms: ScriptedCsms
    ) -> None:
        world = await live(standalone_after=0.0)
        charger, link = await relayed(world, csms)
        async with charger:
            csms.handshake = Handshake(silent=True)
            await link.abort()
            await until(lambda: world.hub.charger("CP1").link is Link.STANDALONE)
            async with locked(world):
                await charger.send_text(START_TEXT)
                await until(lambda: world.journals.waiting > 0)
                await charger.abort()
                await until(lambda: world.hub.connected == 0)
            await until(lambda: not world.journals.waiting)
            await until(lambda: charger_of(world).journal.queue.head is not None)

        assert 1 == charger_of(world).journal.pending

    async def test_a_csms_that_is_back_hears_hundreds_of_messages_in_order(
        self, live: Live, csms: ScriptedCsms
    ) -> None:
        """They are read from the disk, a window after the other, over a restart too."""
        world = await live(standalone_after=0.0)
        charger, link = await relayed(world, csms)
        async with charger:
            csms.handshake = Handshake(silent=True)
            await link.abort()
            await until(lambda: world.hub.charger("CP1").link is Link.STANDALONE)
            for number in range(150):
                await charger.send_text(meter(f"m{number}", number))
                await charger.receive()
        await until(lambda: not world.journals.waiting)
        second = await live(standalone_after=0.0)
        csms.handshake = Handshake()
        heard = []
        async with await second.connect():
            link = await csms.next_connection()
            for _ in range(150):
                call = await link.answer_next({}, "MeterValues")
                heard.append(call.message_id.key)
            await until(lambda: second.hub.charger("CP1").link is Link.CONNECTED)
        await until(lambda: not second.journals.waiting)

        assert [f"m{number}" for number in range(150)] == heard
        assert 0 == await second.journal.count_pending("CP1")

    async def test_what_is_fetched_after_the_charger_left_is_there_for_the_next_connection(
        self, live: Live, csms: ScriptedCsms
    ) -> None:
        world = await live(standalone_after=0.0)
        charger, link = await relayed(world, csms)
        async with charger:
            csms.handshake = Handshake(silent=True)
            await link.abort()
            await until(lambda: world.hub.charger("CP1").link is Link.STANDALONE)
            await charger.send_text(START_TEXT)
            await charger.receive()
        second = await live()
        bridge = second.bridge()
        bridge.start(None)
        journal = charger_of(second).journal
        after = journal.queue.wanted()
        assert after is not None
        second.hub.observe(bridge, Fetch(after), START)
        await bridge.close(1000, "")
        await until(lambda: journal.queue.head is not None)

        assert journal.queue.head is not None
        assert START_TEXT == journal.queue.head.text

    async def test_states_and_surplus_are_written_without_anybody_waiting(
        self, world: World
    ) -> None:
        bridge = world.bridge()
        bridge.start(None)
        for number in (1, 2):
            world.hub.observe(bridge, Keep(an_event(number)), START)
        world.hub.observe(bridge, Drop((1,)), START)
        world.hub.observe(bridge, KeepLink(TransactionLink(local_id=7, csms_id=8)), START)
        done = Settlement(sequence=2, state=EntryState.REFUSED, at=START, attempts=3)
        world.hub.observe(bridge, Settle(done), START)
        await bridge.close(1000, "")
        await until(lambda: not world.journals.waiting)
        stored = await world.journal.search(JournalQuery(charge_point_id="CP1"))

        assert [(2, EntryState.REFUSED, 3)] == [
            (row.entry.sequence, row.entry.state, row.entry.attempts) for row in stored
        ]
        assert {"CP1": [TransactionLink(local_id=7, csms_id=8)]} == await world.journal.links()
