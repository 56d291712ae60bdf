"""
What the CSMS hears of transactions, whatever breaks, and in whatever order.

A charger tells of its transactions one message at a time and repeats what was not accepted. Link,
disk, proxy and charger fail at random. When all is well again, the CSMS has heard every message,
in order, each under the id that it gave to its transaction.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from msgspec import Struct
from tests.proxy.ocppj.lives import (
    DOWN,
    UP,
    Life,
    Wire,
    boot,
    booted,
    error,
    event,
    heartbeat,
    meter,
    result,
    start,
    started,
    stop,
)

from oye_proxy.ocppj.commands import Peer, Record, Settle
from oye_proxy.ocppj.frames import Call, CallError, CallResult, parse
from oye_proxy.ocppj.journal.entries import EntryState
from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.versions import OcppVersion

FIRST_CSMS_ID = 42
ROUNDS = 400


class Message(Struct):
    """What the charger tells of a transaction; its number tells it from all others."""

    number: int
    transaction: int
    kind: str


class Charger:
    """Tells its messages in order; a 1.6 transaction has the id that its start was given."""

    def __init__(self, version: OcppVersion) -> None:
        self.version = version
        self.said: list[Message] = []
        self.accepted = 0
        self.waits_for: str | None = None
        self.ids: dict[int, object] = {}
        self._transactions = 0
        self._messages = 0

    def begin(self) -> None:
        self._transactions += 1
        for kind in ("Started", "Updated", "Ended"):
            self.said.append(Message(len(self.said), self._transactions, kind))

    def next_text(self) -> str | None:
        """Say the next message, or the last one again, under a fresh id."""
        if self.waits_for is not None or self.accepted == len(self.said):
            return None
        self.waits_for = self.fresh_id()
        return self._text(self.waits_for, self.said[self.accepted])

    def fresh_id(self) -> str:
        self._messages += 1
        return f"m{self._messages}"

    def earlier_id(self, ago: int) -> str | None:
        """Return an id that was used and is not waited for."""
        number = self._messages - ago
        return f"m{number}" if number > 0 else None

    def hear(self, answer: CallResult | CallError) -> None:
        if answer.message_id.key != self.waits_for:
            return
        self.waits_for = None
        if isinstance(answer, CallError):
            return
        message = self.said[self.accepted]
        if message.kind == "Started" and self.version.is_1_6:
            self.ids[message.transaction] = answer.payload["transactionId"]
        self.accepted += 1

    def _text(self, message_id: str, message: Message) -> str:
        minutes, seconds = divmod(message.number, 60)
        at = f"10:{minutes:02}:{seconds:02}"
        if not self.version.is_1_6:
            return event(message_id, message.number, message.kind, f"tx-{message.transaction}")
        transaction_id = self.ids.get(message.transaction)
        match message.kind:
            case "Started":
                return start(message_id, at=at, connector=message.transaction)
            case "Updated":
                return meter(message_id, transaction_id, at=at)  # type: ignore[arg-type]
            case _:
                return stop(message_id, transaction_id, at=at)  # type: ignore[arg-type]


class Ledger:
    """A CSMS that knows a message again by its content, and gives each transaction one id."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.ids: dict[str, int] = {}
        self.erred: set[str] = set()

    def hear(self, call: Call) -> str:
        """Take a message and return its answer."""
        message_id = call.message_id.key
        payload = call.payload
        if call.action == "BootNotification":
            return booted(message_id)
        if call.action == "Heartbeat":
            return result(message_id)
        content = _content(call)
        if content not in self.heard:
            self.heard.append(content)
        if call.action != "StartTransaction":
            return result(message_id)
        number = self.ids.setdefault(payload["timestamp"], FIRST_CSMS_ID + len(self.ids))
        return started(message_id, number)

    def err(self, call: Call) -> str | None:
        """Refuse a message, once; None when it was refused before."""
        content = _content(call)
        if content in self.erred or call.action == "Heartbeat":
            return None
        self.erred.add(content)
        return error(call.message_id.key)


def _content(call: Call) -> str:
    """Return what a message tells, whatever its own id and the word offline say."""
    return call.payload_text.replace('"offline":true,', "")


class LossMachine(RuleBasedStateMachine):
    """Everything may fail; the charger and the CSMS keep their manners."""

    version: OcppVersion

    def __init__(self) -> None:
        super().__init__()
        self.charger = Charger(self.version)
        self.ledger = Ledger()
        self.life = Life(self.version, patient=True)
        self.is_open = False
        self.on_the_wire: list[Call] = []
        self.acknowledged: set[str] = set()
        self.seen = 0
        self._opened()

    @rule(steps=st.integers(1, 8))
    def all_goes_well(self, steps: int) -> None:
        for _ in range(steps):
            self.charger_tells()
            self._took(self.life.write_all())
            while self.on_the_wire:
                self.csms_answers(1)
                self._took(self.life.write_all())

    @precondition(lambda self: self.is_open)
    @rule(seconds=st.sampled_from([1, 10]), steps=st.integers(0, 6))
    def the_csms_is_away(self, seconds: int, steps: int) -> None:
        """For a moment, in which the charger's messages are held, or for longer."""
        self.link_is_lost(0)
        self._took(self.life.passes(seconds))
        self.all_goes_well(steps)
        self._opened()

    # The charger

    @rule()
    def charger_tells(self) -> None:
        if self.charger.accepted == len(self.charger.said):
            self.charger.begin()
        text = self.charger.next_text()
        if text is not None:
            self._took(self.life.charger(text))

    @rule()
    def another_transaction_waits_to_be_told(self) -> None:
        self.charger.begin()

    @rule()
    def charger_gives_up_waiting(self) -> None:
        self.charger.waits_for = None

    @rule(ago=st.integers(1, 5))
    def charger_says_something_else(self, ago: int) -> None:
        """Its id may be that of an earlier message: some count from 1 after each start."""
        message_id = self.charger.earlier_id(ago)
        if message_id is not None:
            self._took(self.life.charger(heartbeat(message_id)))

    @rule()
    def charger_boots(self) -> None:
        """It starts anew, and repeats what was not accepted."""
        self._took(self.life.reconnect())
        self._connection_ended()
        self._took(self.life.charger(boot(self.charger.fresh_id())))

    @rule()
    def charger_reconnects(self) -> None:
        self._took(self.life.reconnect())
        self._connection_ended()

    # The CSMS and its link

    @precondition(lambda self: not self.is_open)
    @rule()
    def link_opens(self) -> None:
        self._opened()

    @precondition(lambda self: self.is_open)
    @rule(heard=st.integers(0, 3))
    def link_is_lost(self, heard: int) -> None:
        """Some of what was on its way was heard, and its answers are lost."""
        self._csms_hears_the_last(heard)
        self._took(self.life.lost())

    @precondition(lambda self: self.on_the_wire)
    @rule(times=st.integers(1, 4))
    def csms_answers(self, times: int) -> None:
        for _ in range(times):
            if self.on_the_wire:
                self._took(self.life.csms(self.ledger.hear(self.on_the_wire.pop(0))))

    @precondition(lambda self: self.on_the_wire)
    @rule()
    def csms_hears_and_says_nothing(self) -> None:
        self.ledger.hear(self.on_the_wire.pop(0))

    @precondition(lambda self: self.on_the_wire)
    @rule()
    def csms_refuses(self) -> None:
        answer = self.ledger.err(self.on_the_wire[0])
        if answer is not None:
            del self.on_the_wire[0]
            self._took(self.life.csms(answer))

    # Disk, proxy, time

    @rule(times=st.integers(1, 6), works=st.sampled_from([True, True, True, False]))
    def disk_works(self, times: int, works: bool) -> None:  # noqa: FBT001
        """A disk that fails does so for messages that wait for it; all else is tried again."""
        for _ in range(times):
            if self.life.waiting:
                self._took(self.life.write(works=works or not self.life.may_fail))

    @rule(heard=st.integers(0, 3))
    def proxy_is_killed(self, heard: int) -> None:
        """What is not on disk is gone, and so are all connections."""
        self._csms_hears_the_last(heard)
        self.life.restart()
        self.acknowledged.clear()
        self._connection_ended()

    @rule(seconds=st.sampled_from([1, 10, 31, 61]))
    def time_passes(self, seconds: int) -> None:
        self._took(self.life.passes(seconds))

    # What must hold

    def teardown(self) -> None:
        """When all is well, all is told."""
        for _ in range(ROUNDS):
            if not self.is_open:
                self._opened()
            self._took(self.life.write_all())
            while self.on_the_wire:
                self.csms_answers(1)
            if self.charger.accepted < len(self.charger.said):
                self.charger.waits_for = None
                self.charger_tells()
            if self._is_all_told():
                break
            self._took(self.life.passes(61))

        assert self._is_all_told()
        assert self._expected() == self.ledger.heard
        assert {EntryState.ACKNOWLEDGED} >= set(self.life.disk.states().values())

    def _is_all_told(self) -> bool:
        charger = self.charger
        return (
            charger.accepted == len(charger.said)
            and not self.on_the_wire
            and not self.life.waiting
            and self.life.link is Link.CONNECTED
        )

    def _expected(self) -> list[str]:
        """Return what the CSMS must have heard: every message, in order, under its own ids."""
        teller = Charger(self.version)
        teller.said = self.charger.said
        expected = []
        for message in teller.said:
            call = parse(teller._text("m", message))
            assert isinstance(call, Call)
            if message.kind == "Started" and self.version.is_1_6:
                teller.ids[message.transaction] = self.ledger.ids[call.payload["timestamp"]]
            expected.append(call.payload_text)
        return expected

    # How it is done

    def _opened(self) -> None:
        self.is_open = True
        self._took(self.life.opened())

    def _connection_ended(self) -> None:
        """The charger is back at once; the link to the CSMS is not yet."""
        self.charger.waits_for = None
        self._link_ended()
        self._took(self.life.lost())

    def _link_ended(self) -> None:
        self.is_open = False
        self.on_the_wire.clear()

    def _csms_hears_the_last(self, count: int) -> None:
        for call in self.on_the_wire[:count]:
            self.ledger.hear(call)
        self._link_ended()

    def _took(self, wire: Wire) -> None:
        self._check_replays()
        for peer, data in wire:
            frame = parse(data if isinstance(data, str) else data.decode())
            if peer is UP:
                assert self.is_open
                assert isinstance(frame, Call)
                self.on_the_wire.append(frame)
            elif isinstance(frame, CallResult | CallError):
                assert peer is DOWN
                self.charger.hear(frame)

    def _check_replays(self) -> None:
        """What the CSMS acknowledged is not replayed again, unless the proxy died in between."""
        commands = self.life.commands
        told: Call | None = None
        for command in commands[self.seen :]:
            match command:
                case Record(source=Peer.PROXY, target=Peer.CSMS, note="replay", data=str(text)):
                    again = parse(text)
                    assert isinstance(again, Call)
                    assert _content(again) not in self.acknowledged
                case Record(source=Peer.CSMS, note="replay", call=Call() as told):
                    pass
                case Settle(settlement=settled) if settled.state is EntryState.ACKNOWLEDGED:
                    heard = told if settled.sent is None else parse(settled.sent)
                    assert isinstance(heard, Call)
                    if heard.action != "BootNotification":
                        self.acknowledged.add(_content(heard))
                case _:
                    pass
        self.seen = len(commands)


SETTINGS = settings(stateful_step_count=50, suppress_health_check=[HealthCheck.filter_too_much])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("version", OcppVersion)
def test_nothing_is_lost_whatever_happens(version: OcppVersion) -> None:
    class Machine(LossMachine):
        pass

    Machine.version = version
    run_state_machine_as_test(Machine, settings=SETTINGS)
