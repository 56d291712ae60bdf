"""What must be true in the end: what chargers made beside what the ledger has."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from tests.e2e.ledger import (
    OFFLINE,
    LedgerMessage,
    LedgerViolation,
    Line,
    Note,
    Repetition,
    read_ledger,
)
from tests.e2e.persistent_charger import Message, PersistentCharger

from oye_proxy.ocppj.frames import Call, parse

FIRST_LOCAL_ID = 1_000_000_000
_MAY_CHANGE = re.compile(rf'"transactionId":-?\d+|{OFFLINE}')


class Told(Struct, frozen=True):
    """A message as charger and ledger must agree on it: transactions are counted, not named."""

    message_id: str
    action: str
    transaction: int
    payload_text: str


class Reckoning:
    """The ledger beside what the chargers made."""

    def __init__(self, chargers: Sequence[PersistentCharger], ledger: Path) -> None:
        self.lines: list[Line] = read_ledger(ledger)
        self._chargers = chargers

    def differences(self) -> list[str]:
        """Return all that is not as it must be; nothing, if every promise was kept."""
        found = [
            f"{line.charge_point_id}: {line.what}"
            for line in self.lines
            if isinstance(line, LedgerViolation)
        ]
        for charger in self._chargers:
            of_charger = [
                *charger.faults,
                *self._losses(charger),
                *self._wrong_ids(charger),
                *self._lost_marks(charger),
                *self._renamed(charger),
            ]
            found += [f"{charger.charge_point_id}: {each}" for each in of_charger]
        return found

    def figures(self) -> dict[str, int]:
        """Return what happened, in numbers."""
        made = [each for charger in self._chargers for each in charger.made]
        starts = [each for charger in self._chargers for each in _starts(charger)]
        notes = Counter(line.kind for line in self.lines if isinstance(line, Note))
        return {
            "transactions": len({id(each.transaction) for each in made}),
            "messages": len(made),
            "messages sent by chargers": sum(each.sendings for each in made),
            "messages in the ledger": sum(isinstance(line, LedgerMessage) for line in self.lines),
            "repetitions under the same id": sum(each.same_id for each in self._repetitions()),
            "repetitions under a new id": sum(not each.same_id for each in self._repetitions()),
            "1.6 transactions begun without the CSMS": sum(
                (each.transaction.given_id or 0) >= FIRST_LOCAL_ID for each in starts
            ),
            "refusals that chargers saw": sum(each.refusals for each in self._chargers),
            "refusals of the CSMS": notes["refused"],
            "boots that the CSMS saw": notes["boot"],
            "starts of the CSMS": notes["start"],
            "connections of chargers": sum(each.connections for each in self._chargers),
        }

    def _losses(self, charger: PersistentCharger) -> list[str]:
        """Compare what was made with what is kept: once, in order, with equal texts."""
        made = [_told(charger, each.text, each.transaction.number) for each in charger.made]
        numbers: dict[str | None, int] = {}
        kept = [
            _told(charger, each.text, numbers.setdefault(each.transaction_id, len(numbers) + 1))
            for each in self._messages(charger)
        ]
        if made == kept:
            return []
        lost = [f"lost: {each}" for each in made if each not in kept]
        new = [f"made by nobody: {each}" for each in kept if each not in made]
        return [*lost, *new] or ["the order is another one"]

    def _wrong_ids(self, charger: PersistentCharger) -> list[str]:
        """Find ids of the CSMS that the charger was told otherwise."""
        starts = [each for each in self._messages(charger) if each.action == "StartTransaction"]
        known = zip(_starts(charger), starts, strict=False)
        pairs = [(mine.transaction.given_id, yours.transaction_id) for mine, yours in known]
        return [
            f"transaction {yours} is {mine} to the charger"
            for mine, yours in pairs
            if mine is None or (mine < FIRST_LOCAL_ID and str(mine) != yours)
        ]

    def _lost_marks(self, charger: PersistentCharger) -> list[str]:
        """Find events that were offline to the charger and are not to the CSMS."""
        return [
            f"not offline any more: {yours.text}"
            for mine, yours in zip(charger.made, self._messages(charger), strict=False)
            if "offline" in mine.payload and not yours.payload.get("offline")
        ]

    def _renamed(self, charger: PersistentCharger) -> list[str]:
        """Find repetitions under ids that their charger did not give."""
        return [
            f"repeated as {line.message_id}"
            for line in self._repetitions()
            if line.charge_point_id == charger.charge_point_id
            and not line.same_id
            and not charger.fresh_ids
        ]

    def _messages(self, charger: PersistentCharger) -> list[LedgerMessage]:
        return [
            line
            for line in self.lines
            if isinstance(line, LedgerMessage) and line.charge_point_id == charger.charge_point_id
        ]

    def _repetitions(self) -> list[Repetition]:
        return [line for line in self.lines if isinstance(line, Repetition)]


def _told(charger: PersistentCharger, text: str, transaction: int) -> Told:
    call = parse(text)
    assert isinstance(call, Call)
    message_id = "" if charger.fresh_ids else call.message_id.token
    return Told(message_id, call.action, transaction, _MAY_CHANGE.sub("", call.payload_text))


def _starts(charger: PersistentCharger) -> list[Message]:
    return [each for each in charger.made if each.action == "StartTransaction"]
