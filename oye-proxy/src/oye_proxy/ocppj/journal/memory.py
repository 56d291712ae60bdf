"""What the journal of a charger remembers beside its entries, over a restart as well."""

from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.journal.entries import Entry, JournalClass
from oye_proxy.ocppj.recent import Recent
from oye_proxy.ocppj.versions import OcppVersion

BOOT: Final = "BootNotification"
OWED_TRANSACTIONS: Final = 256


class JournalMemory:
    """
    The last BootNotification, and the transactions whose rest the CSMS shall hear.

    `boot` may be one that the CSMS knows: it may ask for it again.
    """

    def __init__(self) -> None:
        self.boot: Entry | None = None
        self._owed: Recent[str] = Recent(OWED_TRANSACTIONS)

    def note_boot(self, version: OcppVersion, call: Call, arrived_at: datetime) -> None:
        """Remember a BootNotification that is no entry of the journal."""
        self.boot = Entry(
            sequence=0,
            journal_class=JournalClass.LATEST,
            version=version,
            action=BOOT,
            message_id=call.message_id.token,
            text=call.text,
            answer="",
            arrived_at=arrived_at,
            digest="",
            key=BOOT,
        )

    def owe(self, transaction_id: str) -> None:
        """Remember that the CSMS knows of a transaction, so that it hears the rest."""
        if self._owed.get(transaction_id) is None:
            self._owed[transaction_id] = transaction_id

    def owes(self, transaction_id: str | None) -> bool:
        """Tell whether the CSMS knows of a transaction."""
        return transaction_id is not None and self._owed.get(transaction_id) is not None

    # Over a restart

    def dump(self) -> bytes:
        """Return it as JSON."""
        return msgspec.json.encode(_Dump(boot=self.boot, owed=tuple(self._owed.values())))

    def restore(self, data: bytes) -> None:
        """Take what an earlier life knew; what this one knows already is newer."""
        try:
            earlier = msgspec.json.decode(data, type=_Dump)
        except (ValueError, RecursionError):
            return
        self.boot = self.boot or earlier.boot
        for transaction_id in (*earlier.owed, *self._owed.take_all()):
            self.owe(transaction_id)


class _Dump(Struct, frozen=True):
    boot: Entry | None = None
    owed: tuple[str, ...] = ()
