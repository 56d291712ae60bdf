"""Whatever a peer writes into its frames: what the proxy writes around it is a frame again."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.proxy.ocppj.conversations import a_conversation, sent

from oye_proxy.errors import RewriteError
from oye_proxy.ocppj.actions import CHARGER_ACTIONS
from oye_proxy.ocppj.commands import Command, Keep, Peer
from oye_proxy.ocppj.frames import Call, MalformedError, build_call, parse
from oye_proxy.ocppj.rewrite import messages_in_queue, offline, with_message_id
from oye_proxy.ocppj.versions import OcppVersion

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(['"', "\\", "\x00", "\x7f", "\u2028", "😀", '","Reset",{}]', "#7", "-1"]),
)
# Each text as a strict writer writes it, with escapes and without.
STRINGS = st.builds(
    lambda text, is_ascii: json.dumps(text, ensure_ascii=is_ascii), TEXTS, st.booleans()
)
NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["-0", "1e999", "1E-999", "0.10", "9" * 5000]),
)
IDS = st.one_of(STRINGS.filter('""'.__ne__), NUMBERS)
NAMES = st.sampled_from(
    [
        "certificateStatusRequests",
        "connectorId",
        "eventType",
        "idTag",
        "idToken",
        "status",
        "transactionId",
        "transactionInfo",
        "type",
        "vatNumber",
    ]
).map(json.dumps)
VALUES = st.recursive(
    st.one_of(STRINGS, NUMBERS, st.sampled_from(["null", "true", "{}", "[]"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]"),
        st.dictionaries(NAMES | STRINGS, inner, max_size=4).map(
            lambda members: "{" + ",".join(map(":".join, members.items())) + "}"
        ),
    ),
    max_leaves=8,
)
PAYLOADS = st.dictionaries(NAMES, VALUES, max_size=6).map(
    lambda members: "{" + ",".join(map(":".join, members.items())) + "}"
)
VERSIONS = st.sampled_from(OcppVersion)


def _call(token: str, action: str, payload: str) -> str:
    return f'[2, {token} ,"{action}" , {payload}]'


def _told(commands: list[Command], peer: Peer) -> list[str]:
    """Return what goes to a peer; each of it is JSON to a strict reader and a frame to ours."""
    texts = [str(data) for to, data in sent(commands) if to is peer]
    for text in texts:
        assert isinstance(_strictly(text), list)
        parse(text)
    return texts


def _strictly(text: str) -> Any:
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _disk(commands: list[Command]) -> list[int]:
    return [command.entry.sequence for command in commands if isinstance(command, Keep)]


class TestAnswers:
    @given(VERSIONS, st.data(), IDS, VALUES | PAYLOADS)
    def test_a_call_is_answered_under_its_own_token(
        self, version: OcppVersion, data: st.DataObject, token: str, payload: str
    ) -> None:
        """Now, when the journal has it on disk, and when it is repeated."""
        action = data.draw(st.sampled_from(sorted(CHARGER_ACTIONS[version])))
        conversation = a_conversation(version=version, relay=False)
        conversation.csms_lost(0)
        text = _call(token, action, payload)

        commands = conversation.receive(Peer.CHARGER, text, 1)
        for sequence in _disk(commands):
            commands += conversation.journal_kept(sequence, 2)
        answers = _told(commands, Peer.CHARGER)

        assert [token] == [parse(answer).message_id.token for answer in answers]
        assert answers == _told(conversation.receive(Peer.CHARGER, text, 3), Peer.CHARGER)

    @given(VERSIONS, IDS, VALUES)
    def test_what_is_refused_is_refused_under_its_own_token(
        self, version: OcppVersion, token: str, action: str
    ) -> None:
        """An action of any JSON: unknown, or no text at all."""
        conversation = a_conversation(version=version, relay=False)

        commands = conversation.receive(Peer.CHARGER, f"[2,{token},{action},{{}}]", 1)

        answers = _told(commands, Peer.CHARGER)
        assert [token] == [parse(answer).message_id.token for answer in answers]


class TestReplay:
    @given(VERSIONS, IDS, PAYLOADS, st.booleans())
    def test_what_waited_goes_up_as_a_frame_and_its_answer_is_taken(
        self,
        version: OcppVersion,
        token: str,
        payload: str,
        is_status: bool,  # noqa: FBT001
    ) -> None:
        started = "StartTransaction" if version.is_1_6 else "TransactionEvent"
        action = "StatusNotification" if is_status else started
        conversation = a_conversation(version=version, relay=False)
        conversation.csms_lost(0)
        for sequence in _disk(conversation.receive(Peer.CHARGER, _call(token, action, payload), 1)):
            conversation.journal_kept(sequence, 2)

        replayed = _told(conversation.csms_opened(3), Peer.CSMS)

        for text in replayed:
            frame = parse(text)
            assert isinstance(frame, Call)
            assert action == frame.action
            answer = f'[3,{frame.message_id.token},{{"transactionId":7}}]'
            assert [] == _told(conversation.receive(Peer.CSMS, answer, 4), Peer.CHARGER)

    @given(IDS, STRINGS | NUMBERS, st.integers(-(2**31), 2**31 - 1))
    def test_a_message_with_the_other_id_of_its_transaction_is_a_frame(
        self, token: str, meter: str, csms_id: int
    ) -> None:
        conversation = a_conversation(relay=False)
        conversation.csms_lost(0)
        start = _call('"s"', "StartTransaction", '{"connectorId":1,"idTag":"T","meterStart":0}')
        commands = conversation.receive(Peer.CHARGER, start, 1)
        (sequence,) = _disk(commands)
        (answer,) = _told(conversation.journal_kept(sequence, 2), Peer.CHARGER)
        local_id = parse(answer).payload["transactionId"]
        (replayed,) = _told(conversation.csms_opened(3), Peer.CSMS)
        told = f'[3,{parse(replayed).message_id.token},{{"transactionId":{csms_id}}}]'
        _told(conversation.receive(Peer.CSMS, told, 4), Peer.CHARGER)

        def stop(transaction_id: int) -> str:
            payload = f'{{"meterStop":{meter},"transactionId":{transaction_id}}}'
            return _call(token, "StopTransaction", payload)

        commands = conversation.receive(Peer.CHARGER, stop(local_id), 5)

        assert [stop(csms_id)] == _told(commands, Peer.CSMS)


class TestRewriting:
    @given(st.builds(_call, IDS, st.just("TransactionEvent"), VALUES | PAYLOADS), TEXTS)
    def test_a_frame_stays_a_frame_whatever_stands_in_it(self, text: str, other_id: str) -> None:
        for change in (offline, messages_in_queue, lambda one: with_message_id(one, other_id)):
            try:
                changed = change(text)
            except RewriteError:
                continue
            try:
                parse(changed)
            except MalformedError:
                assert not other_id  # an empty id is none


class TestInjections:
    @given(TEXTS.filter(bool), TEXTS, VALUES | PAYLOADS)
    def test_a_command_of_the_owner_stays_in_its_place(
        self, message_id: str, action: str, payload: str
    ) -> None:
        call = build_call(message_id, action, parse(f'[3,"x",{payload}]').payload)

        frame = parse(call.text)
        assert isinstance(frame, Call)
        assert (call.message_id, call.action) == (frame.message_id, frame.action)
        assert ["2", message_id, action] == _strictly(call.text)[:3]
