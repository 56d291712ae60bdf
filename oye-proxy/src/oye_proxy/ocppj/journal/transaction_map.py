"""
The two ids of a 1.6 transaction that began while the CSMS was away (docs/OCPP.md).

The charger knows it by the local id that we gave, the CSMS by the id that it gave when it heard of
the start. MeterValues and StopTransaction are rewritten on their way up, what the CSMS commands on
its way down; DataTransfer never, as nobody knows what its numbers mean. In 2.x the charger makes
the ids, and nothing needs a map (E01.FR.08).
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from oye_proxy.ocppj import rewrite
from oye_proxy.ocppj.frames import Call, CallResult
from oye_proxy.ocppj.journal.classes import transaction_number
from oye_proxy.ocppj.journal.entries import TransactionLink

# C16-E 3.18: the id of a transaction whose start the CSMS refused.
REFUSED: Final = -1

# For how long a transaction that ended is known, for what its charger says late.
LINK_LIFE: Final = timedelta(days=30)


class TransactionMap:
    """
    The links of one charger; it outlives the connection and, through the store, a restart.

    A link stays for `LINK_LIFE` after its stop. What changes a link returns it, to be stored.
    """

    def __init__(self, links: Iterable[TransactionLink] = ()) -> None:
        self._links: dict[int, TransactionLink] = {}
        self._open: dict[int | None, TransactionLink] = {}
        for link in links:
            self._keep(link)

    def __len__(self) -> int:
        """Count the links; an empty map rewrites nothing."""
        return len(self._links)

    # What is known of a transaction

    def live(self, local_id: int) -> TransactionLink | None:
        """Return the link of a local id; None when the id is none of ours, or forgotten."""
        return self._links.get(local_id)

    def opened(self, local_id: int) -> TransactionLink:
        """Note that the charger was given this id; a repetition changes nothing."""
        return self._keep(self._links.get(local_id) or TransactionLink(local_id=local_id))

    def learned(self, local_id: int, csms_id: int) -> TransactionLink:
        """Note the id that the CSMS gave to the transaction."""
        return self._keep(replace(self.opened(local_id), csms_id=csms_id))

    def refused(self, local_id: int) -> TransactionLink:
        """Note that the CSMS refused the start: the rest of it goes up with -1 (C16-E 3.18)."""
        return self.learned(local_id, REFUSED)

    def closed(self, local_id: int, at: datetime) -> TransactionLink | None:
        """Note that the CSMS acknowledged the stop; None when the id is none of ours."""
        link = self._links.get(local_id)
        if link is None:
            return None
        self._forget_closed(at - LINK_LIFE)
        return self._keep(replace(link, closed_at=at))

    # Frames on their way; each may raise RewriteError: the frame then goes on as it is

    def up(self, call: Call) -> str | None:
        """Return the text of a charger's CALL with the CSMS's id; None: it goes on as it is."""
        if not self._links or call.action not in _UP:
            return None
        value = _value_in(call.payload_text, _NAME)
        number = transaction_number(value)
        link = None if number is None else self._links.get(number)
        if link is None or link.csms_id is None:
            return None
        return _replaced(call.text, (*rewrite.PAYLOAD, *_NAME), value, link.csms_id)

    def down(self, call: Call) -> str | None:
        """Return the text of the CSMS's CALL with the charger's id; None: it goes on as it is."""
        if not self._open or call.action not in _DOWN:
            return None
        names = _DOWN[call.action]
        value = _value_in(call.payload_text, names)
        number = transaction_number(value)
        link = None if number is None else self._open.get(number)
        if link is None:
            return None
        return _replaced(call.text, (*rewrite.PAYLOAD, *names), value, link.local_id)

    def answered_start(
        self, answer: CallResult, fresh: Callable[[], int]
    ) -> tuple[str, TransactionLink] | None:
        """
        Return what the charger gets for a start whose answer has an id that means another one.

        An id that equals one of our local ids is hidden behind a `fresh` one. An id that the CSMS
        gave to an open transaction says that it knew the start again: the charger gets the id that
        this transaction has here already. None: the answer goes on as it is.
        """
        value = _value_in(answer.payload_text, _NAME) if self._links else None
        csms_id = transaction_number(value)
        if csms_id is None:
            return None
        link = self._open.get(csms_id)
        if link is None and csms_id in self._links:
            link = TransactionLink(local_id=fresh(), csms_id=csms_id)
        if link is None:
            return None
        text = _replaced(answer.text, (*rewrite.ANSWER_PAYLOAD, *_NAME), value, link.local_id)
        return text, self._keep(link)

    # Inside

    def _forget_closed(self, before: datetime) -> None:
        """Forget the transactions whose stop was acknowledged before a moment."""
        for link in tuple(self._links.values()):
            if link.closed_at is not None and link.closed_at < before:
                del self._links[link.local_id]

    def _keep(self, link: TransactionLink) -> TransactionLink:
        """Take a link as it is now; the CSMS's id leads to it while the transaction is open."""
        before = self._links.get(link.local_id)
        if before is not None and self._open.get(before.csms_id) is before:
            del self._open[before.csms_id]
        self._links[link.local_id] = link
        if link.csms_id not in {None, REFUSED} and link.closed_at is None:
            self._open[link.csms_id] = link
        return link


_NAME: Final = ("transactionId",)
_UP: Final = frozenset({"MeterValues", "StopTransaction"})
_DOWN: Final = {
    "RemoteStopTransaction": _NAME,
    "SetChargingProfile": ("csChargingProfiles", *_NAME),
    "RemoteStartTransaction": ("chargingProfile", *_NAME),
}

_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _value_in(payload_text: str, names: tuple[str, ...]) -> Any:
    """Return a value of the payload without a look at the rest; None when it cannot be read."""
    value: str | msgspec.Raw = payload_text
    try:
        for name in names:
            members = _members.decode(value)
            if name not in members:
                return None
            value = members[name]
        return msgspec.json.decode(value)
    except (ValueError, RecursionError):
        return None


def _replaced(text: str, path: rewrite.Path, value: Any, number: int) -> str:
    """Write the other id as the one that it replaces was written: a text stays a text."""
    return rewrite.replace(text, path, f'"{number}"' if isinstance(value, str) else str(number))
