"""The answers of the proxy in the CSMS's place: onto the wire, into the record and the journal."""

from collections.abc import Callable, Iterable
from datetime import datetime

from oye_proxy.ocppj.boot import BootState, boot_state_of
from oye_proxy.ocppj.commands import Command, Peer, Record, Send
from oye_proxy.ocppj.frames import Call, MalformedError, MessageId, SendFrame, parse
from oye_proxy.ocppj.journal.memory import BOOT
from oye_proxy.ocppj.own_answers import OwnAnswers
from oye_proxy.ocppj.stand_in import StandIn, Taken
from oye_proxy.ocppj.upward import Upward
from oye_proxy.ocppj.versions import OcppVersion


class Answering:
    """
    Answers the messages of one connection of a charger, now or when the journal has them on disk.

    `boot_state` is what the charger was told about its last boot; `for_csms` whether there is a
    CSMS that shall hear what was answered.
    """

    def __init__(
        self,
        version: OcppVersion,
        *,
        stand_in: StandIn,
        own_answers: OwnAnswers,
        wall: Callable[[float], datetime],
    ) -> None:
        self.boot_state = BootState.UNKNOWN
        self.for_csms = False
        self._version = version
        self._stand_in = stand_in
        self._own_answers = own_answers
        self._wall = wall

    def forget(self) -> None:
        """A CSMS answers from now on: what is repeated is for it to know again."""
        self._stand_in.forget_answers()

    def call(
        self, call: Call, now: float, *, arrived: float, uncertain: bool = False
    ) -> list[Command]:
        """Answer a CALL; `uncertain`: the CSMS may have it."""
        taken = self._stand_in.take(
            self._version,
            call,
            self._wall(arrived),
            uncertain=uncertain,
            for_csms=self.for_csms,
        )
        return self._tell(taken, now)

    def held(self, messages: Iterable[Upward], now: float) -> list[Command]:
        """Answer messages that were held for a CSMS; they were recorded when they came."""
        commands: list[Command] = []
        for message in messages:
            commands += self._one_held(message, now)
        return commands

    def malformed(self, error: MalformedError) -> list[Command]:
        """Answer what is no frame."""
        return _answered(self._stand_in.answer_malformed(self._version, error))

    def unknown_type(self, message_id: MessageId) -> list[Command]:
        """Answer a type that the version does not have; types 5 and 6 exist since OCPP 2.1."""
        return _answered(self._stand_in.answer_unknown_type(self._version, message_id))

    def kept(self, sequence: int, now: float) -> list[Command]:
        """An entry is on disk: the charger gets its answer."""
        return self._tell(self._stand_in.kept(sequence), now)

    def failed(self, sequence: int, now: float) -> list[Command]:
        """An entry is not on disk: the charger keeps its message."""
        return self._tell(self._stand_in.failed(self._version, sequence), now)

    def _one_held(self, message: Upward, now: float) -> list[Command]:
        match message.frame:
            case Call() as call:
                was_sent = message.sent_at is not None
                return self.call(call, now, arrived=message.at, uncertain=was_sent)
            case SendFrame() as frame:
                return self.unknown_type(frame.message_id)
            case MalformedError() as error:
                return self.malformed(error)
            case None:
                return []

    def _tell(self, taken: Taken, now: float) -> list[Command]:
        """Give the answers, and tell the journal."""
        commands = list(taken.commands)
        for call, answer in taken.answers:
            if call.action == BOOT:
                self.boot_state = boot_state_of(answer)
            commands += self._own_answers.give(Peer.CHARGER, call, answer, now)
        return commands


def _answered(text: str | None) -> list[Command]:
    if text is None:
        return []
    return [
        Send(Peer.CHARGER, text),
        Record(source=Peer.PROXY, target=Peer.CHARGER, data=text, frame=parse(text)),
    ]
