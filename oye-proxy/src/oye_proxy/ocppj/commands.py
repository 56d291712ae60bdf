"""What a Conversation tells its bridge to do; carried out in order, compared with `==` in tests."""

from enum import StrEnum
from typing import Any, TypeAlias

from msgspec import Struct

from oye_proxy.ocppj.frames import Call, Frame
from oye_proxy.ocppj.journal.entries import Entry, Settlement, TransactionLink


class Peer(StrEnum):
    """Who sent a frame, or gets it."""

    CHARGER = "charger"
    CSMS = "csms"
    PROXY = "proxy"


# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CHARGER, _CSMS = Peer.CHARGER, Peer.CSMS


class InjectionState(StrEnum):
    """The life of an injection; the last four are final, and each injection reaches one once."""

    QUEUED = "queued"
    SENT = "sent"
    ANSWERED = "answered"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    ABORTED = "aborted"


class NoticeName(StrEnum):
    """What a notice tells; some are news to clients under this very name."""

    CAUGHT_UP = "caught_up"
    CHARGER_NOT_ACCEPTED = "charger_not_accepted"
    CHARGER_REDIRECTED = "charger_redirected"
    COMMAND_BLOCKED = "command_blocked"
    DUPLICATE_CHARGER = "duplicate_charger"
    FRAME_RATE = "frame_rate"
    JOURNAL_FULL = "journal_full"
    PAYLOAD_TOO_LARGE = "payload_too_large"
    PENDING_OVERFLOW = "pending_overflow"
    REPLAY_REFUSED = "replay_refused"
    REWRITE_FAILED = "rewrite_failed"
    STANDS_IN = "stands_in"
    START_REFUSED = "start_refused"


class Send(Struct, frozen=True, gc=False):
    """Send this text (or, for a frame that arrived as binary, these bytes) to a peer."""

    to: Peer
    data: str | bytes


class Record(Struct, frozen=True, kw_only=True, gc=False):
    """
    One frame passed: for storage, facts and live clients.

    `frame` is None when the text is no frame. `call` is the CALL that this frame answers; `action`
    names it when the CALL is not at hand any more. `injection` is the message id of the injection
    to which the frame belongs. `late` marks an answer that came after its time-out. `note` is a
    short slug on what is odd about the frame.
    """

    source: Peer
    target: Peer
    data: str | bytes
    frame: Frame | None = None
    call: Call | None = None
    action: str | None = None
    injection: str | None = None
    late: bool = False
    note: str | None = None


class Progress(Struct, frozen=True, kw_only=True):
    """
    An injection took a step.

    `payload` is the CALLRESULT's payload; `error_code` and `description` those of a CALLERROR, or
    the reason of an abort. `follow_ups` says that the answer's body arrives in later CALLs.
    """

    message_id: str
    state: InjectionState
    payload: Any = None
    error_code: str = ""
    description: str = ""
    details: Any = None
    accepted: bool | None = None


class FollowUp(Struct, frozen=True, kw_only=True):
    """The charger sent a CALL that belongs to the body of an injection's answer (LC 6.4)."""

    message_id: str
    action: str
    payload: Any
    last: bool


class Notice(Struct, frozen=True):
    """Something happened that a person or a counter wants to know, but no frame says."""

    name: NoticeName
    data: dict[str, Any]


class Keep(Struct, frozen=True):
    """
    Put an entry into the journal.

    Of a transaction's message the conversation hears `journal_kept` when it is on disk, or
    `journal_failed`: only then the charger gets its answer.
    """

    entry: Entry


class Settle(Struct, frozen=True):
    """Note in the journal what became of an entry."""

    settlement: Settlement


class Drop(Struct, frozen=True):
    """Take entries out of the journal."""

    sequences: tuple[int, ...]


class Fetch(Struct, frozen=True):
    """Read the next pending entries after a sequence; `journal_fetched` brings them."""

    after: int


class KeepLink(Struct, frozen=True):
    """Keep the two ids of a 1.6 transaction."""

    link: TransactionLink


Journaling: TypeAlias = Keep | Settle | Drop | Fetch | KeepLink
Command: TypeAlias = Send | Record | Progress | FollowUp | Notice | Journaling


def passed(
    peer: Peer,
    data: str | bytes,
    *,
    frame: Frame | None = None,
    call: Call | None = None,
    note: str | None = None,
) -> list[Command]:
    """Forward as it is, then record."""
    target = _CSMS if peer is _CHARGER else _CHARGER
    return [
        Send(target, data),
        Record(source=peer, target=target, data=data, frame=frame, call=call, note=note),
    ]


def kept(
    peer: Peer,
    data: str | bytes,
    *,
    frame: Frame | None = None,
    call: Call | None = None,
    note: str | None = None,
) -> Record:
    """Record a frame that ends here."""
    return Record(source=peer, target=Peer.PROXY, data=data, frame=frame, call=call, note=note)
