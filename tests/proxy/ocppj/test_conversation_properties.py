"""What holds for every conversation, whatever charger, CSMS and owner do, and when."""

import itertools
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from oye_proxy.errors import ChargerNotAcceptedError, TooManyRequestsError
from oye_proxy.ocppj.arbiter import QUEUE_LIMIT, Rank
from oye_proxy.ocppj.authorization import AuthorizationPolicy, Authorizer
from oye_proxy.ocppj.commands import (
    Command,
    Drop,
    Fetch,
    InjectionState,
    Keep,
    Peer,
    Progress,
    Record,
    Send,
    Settle,
)
from oye_proxy.ocppj.conversation import Conversation, Timing
from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    MalformedError,
    MessageId,
    SendFrame,
    parse,
)
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.journal.entries import Entry, EntryState, JournalClass
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.ocppj.versions import OcppVersion

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
TIMING = Timing(
    call_timeout=30, csms_hold=10, injection_wait=20, standalone_after=10, pending_limit=5
)
FRAMES = Call | CallResult | CallError | CallResultError | SendFrame
FINAL = {
    InjectionState.ANSWERED,
    InjectionState.REFUSED,
    InjectionState.TIMED_OUT,
    InjectionState.ABORTED,
}


def a_conversation(version: OcppVersion, memory: InjectionMemory) -> Conversation:
    ids = iter(range(1_000_000_000, 1_000_100_000))
    numbers = itertools.count(1)
    return Conversation(
        version=version,
        responder=Responder(Authorizer(IdTagCache(), AuthorizationPolicy()), lambda: next(ids)),
        journal=Journal(),
        memory=memory,
        wall=lambda now: START + timedelta(seconds=now),
        new_id=lambda: str(uuid.UUID(int=next(numbers))),
        timing=TIMING,
    )


JSON_TEXTS = st.recursive(
    st.sampled_from(["null", "true", "2", "3", "4", "5", "6", '"a"', '""', '"\\ud800"', "-1e9"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6).map(lambda items: "[" + ",".join(items) + "]"),
        inner.map(lambda item: '{"k":' + item + ',"k":1}'),
    ),
)
SOUP = st.text(alphabet='[]{}",:\\ 0123456789abct\n-', max_size=60)
# Messages whose id may be no JSON: escapes that are none, control characters, odd numbers.
IDS = st.one_of(
    st.text(alphabet='\\ud80qn"/\t\n\x00aé', max_size=9).map('"{}"'.format),
    st.text(alphabet="0123456789.eE+-", max_size=9),
)
AFTER_THE_ID = st.sampled_from(
    [',"Heartbeat",{}]', ',"Heartbeat",{', ',"BootNotification",{"a":]', ",7,{}]", ",{}]", "]", ""]
)
ODD_IDS = st.builds("[{},{}{}".format, st.sampled_from("222234569"), IDS, AFTER_THE_ID)
TEXTS = st.one_of(st.text(), JSON_TEXTS, SOUP, SOUP.map(lambda soup: f'[3,"{soup}'), ODD_IDS)


class TestAnyMessage:
    @given(TEXTS)
    def test_a_text_is_a_frame_or_malformed_and_nothing_else(self, text: str) -> None:
        try:
            frame = parse(text)
        except MalformedError:
            return

        assert isinstance(frame, FRAMES)
        assert text == frame.text

    @given(st.one_of(TEXTS, st.binary(), TEXTS.map(str.encode)), st.sampled_from(OcppVersion))
    def test_in_relay_it_is_forwarded_as_it_is(
        self, data: str | bytes, version: OcppVersion
    ) -> None:
        conversation = a_conversation(version, InjectionMemory())
        conversation.csms_opened(0)

        assert Send(Peer.CSMS, data) in conversation.receive(Peer.CHARGER, data, 1)
        assert Send(Peer.CHARGER, data) in conversation.receive(Peer.CSMS, data, 1)

    @given(st.one_of(TEXTS, st.binary(), TEXTS.map(str.encode)), st.sampled_from(OcppVersion))
    def test_without_a_csms_it_is_answered_or_kept(
        self, data: str | bytes, version: OcppVersion
    ) -> None:
        commands = a_conversation(version, InjectionMemory()).receive(Peer.CHARGER, data, 1)

        assert [] == [command for command in commands if command == Send(Peer.CSMS, data)]
        assert [data] == [
            command.data
            for command in commands
            if isinstance(command, Record) and command.source is Peer.CHARGER
        ]
        assert [] == [text for text in _texts_to_the_charger(commands) if not _is_frame(text)]

    @given(st.one_of(TEXTS, ODD_IDS), st.sampled_from(OcppVersion))
    def test_what_was_held_is_answered_when_the_csms_stays_away(
        self, text: str, version: OcppVersion
    ) -> None:
        conversation = a_conversation(version, InjectionMemory())
        conversation.csms_opened(0)
        conversation.csms_lost(1)
        conversation.receive(Peer.CHARGER, text, 2)

        commands = conversation.tick(1 + TIMING.standalone_after)

        assert Link.STANDALONE is conversation.link
        assert [] == [text for text in _texts_to_the_charger(commands) if not _is_frame(text)]


def _texts_to_the_charger(commands: list[Command]) -> list[str]:
    return [str(send.data) for send in _sends(commands) if send.to is Peer.CHARGER]


def _is_frame(text: str) -> bool:
    """Tell whether a strict reader takes this text for a frame."""
    return isinstance(json.loads(text), list) and isinstance(parse(text), FRAMES)


def _result(token: str) -> str:
    return f'[3,{token},{{"status":"Accepted"}}]'


# How a charger may answer; the argument is the id's token.
ANSWERS: dict[str, Callable[[str], str | bytes]] = {
    "result": _result,
    "no payload": lambda token: f"[3,{token}]",
    "error": lambda token: f'[4,{token},"InternalError","",{{}}]',
    "objection": lambda token: f'[5,{token},"FormatViolation","",{{}}]',
    "upper case": lambda token: f"[3,{token.upper()},{{}}]",
    "binary": lambda token: _result(token).encode(),
    "broken": lambda token: f'[3,{token},{{"status":]',
    "cut": lambda token: f"[3,{token},",
    "cut id": lambda token: f"[3,{token}"[:20],
    "noise before": lambda token: f"AT+OK\r\n{_result(token)}",
    "noise after": lambda token: f"{_result(token)}\r\nOK",
    "text type": lambda token: f'["3",{token},{{}}]',
    "unknown type": lambda token: f"[9,{token},{{}}]",
}
CHARGER_ACTIONS = [
    "BootNotification",
    "Heartbeat",
    "MeterValues",
    "StartTransaction",
    "StatusNotification",
    "TransactionEvent",
    "Nonsense",
]
NUMBERS = st.integers(0, 10_000)


class ConversationMachine(RuleBasedStateMachine):
    """Two peers and an owner without manners, and what must hold all the same."""

    version: OcppVersion

    def __init__(self) -> None:
        super().__init__()
        self.memory = InjectionMemory()
        self.conversation = a_conversation(self.version, self.memory)
        self.now = 0.0
        self.made = 0
        self.charger_said: set[str | bytes] = set()
        self.csms_said: set[str | bytes] = set()
        self.calls_up: list[str] = []
        self.calls_down: list[str] = []
        self.waiting: dict[str, float] = {}
        self.overflowed = False
        self.unanswered: dict[str, tuple[Rank, float]] = {}
        self.steps: dict[str, list[InjectionState]] = {}
        self.own_request_ids: set[int] = set()
        self.writing: list[Entry] = []
        self.disk: dict[int, Entry] = {}
        self.fetching: int | None = None
        self.replayed: list[str] = []
        self.transactions: set[str] = set()
        self.kept: set[str] = set()

    # What the world does

    @initialize(connected=st.booleans())
    def connect(self, connected: bool) -> None:  # noqa: FBT001
        if connected:
            self._do(self.conversation.csms_opened(self.now))

    @rule(action=st.sampled_from(CHARGER_ACTIONS), numeric=st.booleans(), binary=st.booleans())
    def charger_calls(self, action: str, numeric: bool, binary: bool) -> None:  # noqa: FBT001
        token = self._new_token("A", numeric)
        self.calls_up.append(token)
        text = f'[2, {token},"{action}",{{"n":1.0e0,"i":{self.made},"idTag":"T"}}]'
        if _is_of_a_transaction(self.version, action):
            self.transactions.add(token)
        self._charger_says(text.encode() if binary else text)

    @rule(which=NUMBERS)
    def charger_repeats_an_id(self, which: int) -> None:
        assume(self.calls_up)
        token = self.calls_up[which % len(self.calls_up)]
        self._charger_says(f'[2,{token},"Heartbeat",{{"again":{which}}}]')

    @rule(text=st.sampled_from(["", " ", "AT+CSQ", "[]", "{}", "[2]", '[2,"x"', '[9,"x",{}]']))
    def charger_makes_noise(self, text: str) -> None:
        self._charger_says(text)

    @rule(peer=st.sampled_from([Peer.CHARGER, Peer.CSMS]))
    def somebody_sends_type_6(self, peer: Peer) -> None:
        text = f'[6,{self._new_token("S", numeric=False)},"NotifyPeriodicEventStream",{{}}]'
        if peer is Peer.CHARGER:
            self._charger_says(text)
        elif self.conversation.link is Link.CONNECTED:
            self._csms_says(text)

    @rule(which=NUMBERS, how=st.sampled_from(sorted(ANSWERS)), times=st.integers(1, 2))
    def charger_answers(self, which: int, how: str, times: int) -> None:
        assume(self.calls_down)
        # The latest is the one that is unanswered: half of the answers are right.
        token = self.calls_down[-1 if which % 2 else which % len(self.calls_down)]
        for _ in range(times):
            self._charger_answers(token, ANSWERS[how](token))

    @rule(which=NUMBERS)
    def charger_answers_what_nobody_asked(self, which: int) -> None:
        self._charger_says(f'[3,"unknown-{which}",{{}}]')

    @rule(which=NUMBERS, last=st.booleans())
    def charger_reports(self, which: int, last: bool) -> None:  # noqa: FBT001
        """LC 6.4: the body of an injected request's answer is ours as well."""
        assume(self.own_request_ids)
        request_id = sorted(self.own_request_ids)[which % len(self.own_request_ids)]
        token = self._new_token("R", numeric=False)
        tbc = "false" if last else "true"
        text = f'[2,{token},"NotifyReport",{{"requestId":{request_id},"tbc":{tbc}}}]'

        commands = self.conversation.receive(Peer.CHARGER, text, self.now)

        assert [Send(Peer.CHARGER, f"[3,{token},{{}}]")] == _sends(commands)

    @precondition(lambda self: self.conversation.link is Link.CONNECTED)
    @rule(numeric=st.booleans(), binary=st.booleans(), times=st.sampled_from([1, 1, 1, 3, 80]))
    def csms_calls(self, numeric: bool, binary: bool, times: int) -> None:  # noqa: FBT001
        for _ in range(times):
            token = self._new_token("c", numeric)
            text = f'[2 ,{token},"GetReport",{{"requestId":{self.made}}}]'
            self.waiting[token] = self.now
            if len(self.waiting) > QUEUE_LIMIT[Rank.CSMS]:
                self.overflowed = True
            self._csms_says(text.encode() if binary else text, at_once=False)

    @precondition(lambda self: self.conversation.link is Link.CONNECTED)
    @rule(
        which=NUMBERS,
        status=st.sampled_from(["Accepted", "Pending", "Rejected"]),
        broken=st.booleans(),
    )
    def csms_answers(self, which: int, status: str, broken: bool) -> None:  # noqa: FBT001
        assume(self.calls_up)
        token = self.calls_up[-1 if which % 2 else which % len(self.calls_up)]
        assume(token not in self.replayed)
        self._csms_says(f'[3,{token},{{"status":"{status}"}}' + ("" if broken else "]"))

    @rule(status=st.sampled_from(["Accepted", "Accepted", "Rejected"]), refused=st.booleans())
    def csms_answers_a_replay(self, status: str, refused: bool) -> None:  # noqa: FBT001
        assume(self.replayed and self.conversation.link is not Link.CONNECTED)
        token = self.replayed[-1]
        text = f'[3,{token},{{"status":"{status}","transactionId":{self.made}}}]'
        if refused:
            text = f'[4,{token},"InternalError","",{{}}]'
        self.csms_said.add(text)
        self._do(self.conversation.receive(Peer.CSMS, text, self.now))

    @rule(works=st.sampled_from([True, True, False]))
    def disk_answers(self, works: bool) -> None:  # noqa: FBT001
        """The store tells in the order in which it was told."""
        if self.fetching is not None:
            after, self.fetching = self.fetching, None
            found = [entry for number, entry in sorted(self.disk.items()) if number > after]
            ordered = [entry for entry in found if entry.journal_class is not JournalClass.LATEST]
            self._do(self.conversation.journal_fetched(ordered[:2], self.now))
        for entry in self.writing[:1]:
            del self.writing[0]
            if works:
                self.disk[entry.sequence] = entry
                self.kept.add(entry.message_id)
                self._do(self.conversation.journal_kept(entry.sequence, self.now))
            else:
                self._do(self.conversation.journal_failed(entry.sequence, self.now))

    @rule(action=st.sampled_from(["ClearCache", "GetBaseReport", "RemoteStartTransaction"]))
    def owner_injects(self, action: str) -> None:
        message_id = self._uuid()
        try:
            commands = self.conversation.inject(message_id, action, {}, self.now)
        except (ChargerNotAcceptedError, TooManyRequestsError):
            return
        self.steps[message_id] = []
        self._do(commands)
        assert self.steps[message_id]

    @rule(seconds=st.sampled_from([0.0, 0.125, 5.0, 10.0, 40.0]), late=st.booleans())
    def time_passes(self, seconds: float, late: bool) -> None:  # noqa: FBT001
        """The bridge ticks when the deadline is reached; a busy one ticks late."""
        end = self.now + seconds
        while not late and (deadline := self.conversation.deadline) is not None and deadline <= end:
            assert deadline >= self.now
            self.now = deadline
            self._tick()
        self.now = end
        self._tick()

    @rule(what=st.sampled_from(["csms_opened", "csms_lost", "csms_off"]))
    def link_changes(self, what: str) -> None:
        change: Callable[[float], list[Command]] = getattr(self.conversation, what)
        self._do(change(self.now))

    # What must hold

    @invariant()
    def steps_are_settled_once(self) -> None:
        for steps in self.steps.values():
            assert [] == [step for step in steps[:-1] if step in FINAL]

    def teardown(self) -> None:
        self._do(self.conversation.charger_lost(self.now))

        self.steps_are_settled_once()
        assert set() == {key for key, steps in self.steps.items() if steps[-1] not in FINAL}
        assert {} == self.waiting
        assert [] == self.conversation.charger_lost(self.now)
        self._tick()

    # How it is checked

    def _tick(self) -> None:
        self._do(self.conversation.tick(self.now))
        deadline = self.conversation.deadline
        assert deadline is None or deadline > self.now
        assert [] == [at for at in self.waiting.values() if at + TIMING.csms_hold <= self.now]

    def _charger_says(self, data: str | bytes) -> None:
        self.charger_said.add(data)
        commands = self.conversation.receive(Peer.CHARGER, data, self.now)
        if self.conversation.link is Link.CONNECTED:
            assert Send(Peer.CSMS, data) in commands
        self._do(commands)

    def _charger_answers(self, token: str, data: str | bytes) -> None:
        """The model ends the turn for every text that could be meant as the answer."""
        self.unanswered.pop(token, None)
        if token.strip('"') not in self.steps:
            self._charger_says(data)
            return
        commands = self.conversation.receive(Peer.CHARGER, data, self.now)
        assert Peer.CSMS not in [send.to for send in _sends(commands)]
        self._do(commands)

    def _csms_says(self, data: str | bytes, *, at_once: bool = True) -> None:
        self.csms_said.add(data)
        commands = self.conversation.receive(Peer.CSMS, data, self.now)
        if at_once:
            assert [Send(Peer.CHARGER, data)] == _sends(commands)
        self._do(commands)

    def _do(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case Send(to=Peer.CSMS, data=data):
                    self._sent_up(data)
                case Send(data=data):
                    self._sent_down(data)
                case Progress(message_id=message_id, state=state):
                    self.steps[message_id].append(state)
                case Record(source=Peer.PROXY, target=Peer.CSMS, frame=Call() as call):
                    self.replayed.append(call.message_id.token)
                case Keep(entry=entry) if entry.journal_class is JournalClass.TRANSACTION:
                    self.writing.append(entry)
                case Keep(entry=entry):
                    self.disk[entry.sequence] = entry
                case Drop(sequences=sequences):
                    self.disk = {
                        number: entry
                        for number, entry in self.disk.items()
                        if number not in sequences
                    }
                case Settle(settlement=settlement) if settlement.state is not EntryState.PENDING:
                    self.disk.pop(settlement.sequence, None)
                case Fetch(after=after):
                    self.fetching = after
                case Record(note="discarded", source=Peer.CSMS, frame=Call() as call):
                    del self.waiting[call.message_id.token]
                case _:
                    pass

    def _sent_up(self, data: str | bytes) -> None:
        """The exact text of the charger, or what it said before in a replay; no injection's."""
        text = data if isinstance(data, str) else data.decode()
        assert data in self.charger_said or '"n":1.0e0' in text
        assert [] == [key for key in self.steps if key[:8] in text.lower()]
        assert [] == [key for key in self.own_request_ids if str(key) in text]

    def _sent_down(self, data: str | bytes) -> None:
        text = data if isinstance(data, str) else data.decode()
        try:
            frame = parse(text)
        except MalformedError:
            assert data in self.csms_said
            return
        if not isinstance(frame, Call):
            own_answer = isinstance(frame, CallResult | CallError)
            assert data in self.csms_said or (own_answer and self._asked(frame.message_id))
            if isinstance(frame, CallResult) and data not in self.csms_said:
                self._check_the_disk(frame)
            return
        self.unanswered = {
            token: turn for token, turn in self.unanswered.items() if turn[1] > self.now
        }
        if frame.message_id.key in self.steps:
            assert {} == self.unanswered
            self._note_request_id(frame.payload)
            rank = Rank.OWNER
        else:
            assert data in self.csms_said
            waited = self.now - self.waiting.pop(frame.message_id.token)
            forced = waited >= TIMING.csms_hold or self.overflowed
            assert forced or not self.unanswered
            rank = Rank.CSMS
        self.calls_down.append(frame.message_id.token)
        self.unanswered[frame.message_id.token] = (rank, self.now + TIMING.call_timeout)

    def _asked(self, message_id: MessageId) -> bool:
        """
        Whether the charger gave cause for an own answer.

        P4/Q4 4.2.3: `-1` answers what had no readable id; P4 4.4: 2.0.1 refuses unknown types.
        """
        token = message_id.token
        unknown_type = self.version is OcppVersion.V2_0_1 and (
            token in self.calls_down or message_id.key.startswith("S-")
        )
        return token in {*self.calls_up, '"-1"', '"x"'} or unknown_type

    def _check_the_disk(self, answer: CallResult) -> None:
        """What the charger was told is accepted is on disk (C16 3.7.1, E13)."""
        token = answer.message_id.token
        if token in self.transactions and "currentTime" not in answer.text:
            assert token in self.kept

    def _note_request_id(self, payload: Any) -> None:
        if "requestId" in payload:
            self.own_request_ids.add(payload["requestId"])

    def _new_token(self, prefix: str, numeric: bool) -> str:  # noqa: FBT001
        self.made += 1
        return str(self.made) if numeric else f'"{prefix}-{self.made}"'

    def _uuid(self) -> str:
        self.made += 1
        return f"{self.made:04d}face-0000-4000-8000-00000000abcd"


def _is_of_a_transaction(version: OcppVersion, action: str) -> bool:
    return action == ("StartTransaction" if version.is_1_6 else "TransactionEvent")


def _sends(commands: list[Command]) -> list[Send]:
    return [command for command in commands if isinstance(command, Send)]


# Most rules need a state that many others undo.
SETTINGS = settings(stateful_step_count=40, suppress_health_check=[HealthCheck.filter_too_much])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("version", OcppVersion)
def test_the_promises_hold_whatever_happens(version: OcppVersion) -> None:
    class Machine(ConversationMachine):
        pass

    Machine.version = version
    run_state_machine_as_test(Machine, settings=SETTINGS)
