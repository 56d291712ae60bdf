"""
What the CSMS said about id tags, kept for the time when it cannot be asked (C16 3.5.1, P2 C10).

The proxy has one cache, shared by its chargers: knowledge is per tag. Tags compare without regard
to case (C16 3.9; in 2.x an idToken is an identifierString) and, in 2.x, with their type. A 1.6 tag
has no type.
"""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias

from msgspec import Struct

from oye_proxy.ocppj import timestamps
from oye_proxy.ocppj.versions import OcppVersion

CACHED_TAGS: Final = 10_000
LIFE: Final = timedelta(days=30)

# 2.1 allows the longest (Q2, IdTokenType); what is longer is not worth remembering.
TAG_LENGTH: Final = 255
TAG_TYPE_LENGTH: Final = 20


class IdTagStatus(StrEnum):
    """AuthorizationStatus of C16 7.2 and AuthorizationStatusEnumType of P2/Q2."""

    ACCEPTED = "Accepted"
    BLOCKED = "Blocked"
    CONCURRENT_TX = "ConcurrentTx"
    EXPIRED = "Expired"
    INVALID = "Invalid"
    NO_CREDIT = "NoCredit"
    NOT_ALLOWED_TYPE_EVSE = "NotAllowedTypeEVSE"
    NOT_AT_THIS_LOCATION = "NotAtThisLocation"
    NOT_AT_THIS_TIME = "NotAtThisTime"
    UNKNOWN = "Unknown"


class IdTag(Struct, frozen=True):
    """Who wants to charge: 1.6 idTag, or 2.x idToken and its type."""

    text: str
    type: str | None = None

    @property
    def key(self) -> "TagKey":
        """What tags compare by."""
        return self.text.casefold(), self.type.casefold() if self.type is not None else None

    @classmethod
    def of(cls, version: OcppVersion, payload: Any) -> "IdTag | None":
        """Read `idTag` (1.6) or `idToken` (2.x) of a payload; None when there is none to read."""
        if not isinstance(payload, dict):
            return None
        if version.is_1_6:
            text = payload.get("idTag")
            return cls(text) if isinstance(text, str) else None
        return cls.of_token(payload.get("idToken"))

    @classmethod
    def of_token(cls, token: Any) -> "IdTag | None":
        """Read a 2.x IdTokenType; the type may be unreadable, the token not."""
        if not isinstance(token, dict) or not isinstance(token.get("idToken"), str):
            return None
        kind = token.get("type")
        return cls(token["idToken"], kind if isinstance(kind, str) else None)


TagKey: TypeAlias = tuple[str, str | None]


class CachedTag(Struct, frozen=True, kw_only=True):
    """
    The last word of the CSMS on a tag.

    `accepted_at` is when it was last accepted, of a refused tag when it was refused.
    `parent_id_tag` is 1.6's parent or 2.x's group.
    """

    id_tag: str
    id_tag_type: str | None = None
    status: IdTagStatus
    parent_id_tag: str | None = None
    parent_id_tag_type: str | None = None
    expiry: datetime | None = None
    accepted_at: datetime

    @property
    def key(self) -> TagKey:
        """What tags compare by."""
        return IdTag(self.id_tag, self.id_tag_type).key

    @property
    def ends(self) -> datetime:
        """When the CSMS's word loses its worth."""
        return self.expiry or self.accepted_at + LIFE


class ForgottenTag(Struct, frozen=True):
    """A tag that left the cache."""

    id_tag: str
    id_tag_type: str | None


class IdTagCache:
    """Bounded: refused tags go before accepted ones, of each kind the oldest first."""

    def __init__(self, entries: Iterable[CachedTag] = (), *, size: int = CACHED_TAGS) -> None:
        self._size = size
        self._accepted: OrderedDict[TagKey, CachedTag] = OrderedDict()
        self._refused: OrderedDict[TagKey, CachedTag] = OrderedDict()
        self._changes: OrderedDict[TagKey, CachedTag | ForgottenTag] = OrderedDict()
        self.load(entries)

    def __len__(self) -> int:
        return len(self._accepted) + len(self._refused)

    def load(self, entries: Iterable[CachedTag]) -> None:
        """Hold these entries and nothing else."""
        self._accepted.clear()
        self._refused.clear()
        for entry in sorted(entries, key=lambda entry: entry.accepted_at):
            self._keep(entry)
        self._changes.clear()

    def find(self, id_tag: IdTag, now: datetime) -> CachedTag | None:
        """Return what is known of a tag; None when it is unknown or its time is over."""
        entry = self._accepted.get(id_tag.key) or self._refused.get(id_tag.key)
        if entry is not None and entry.ends <= now:
            self._forget(entry)
            return None
        return entry

    def learn(self, version: OcppVersion, id_tag: IdTag, info: Any, now: datetime) -> None:
        """Learn from an idTagInfo or idTokenInfo; what cannot be read changes nothing."""
        entry = _entry(version, id_tag, info, now)
        if entry is not None:
            self._keep(entry)

    def learn_from(
        self, version: OcppVersion, action: str, request: Any, response: Any, now: datetime
    ) -> None:
        """Learn from an exchange that passed, in either direction; most have nothing to teach."""
        if not isinstance(request, dict) or not isinstance(response, dict):
            return
        if action in _ANSWERED_WITH_INFO:
            self._learn_item(version, request, response, now)
        elif action == "SendLocalList" and response.get("status") == "Accepted":
            entries = request.get("localAuthorizationList")
            for entry in entries if isinstance(entries, list) else ():
                self._learn_item(version, entry, entry, now)

    def take_changes(self) -> list[CachedTag | ForgottenTag]:
        """Return what changed since the last call, one change per tag, for storage to persist."""
        if not self._changes:
            return []
        changes = list(self._changes.values())
        self._changes.clear()
        return changes

    def _learn_item(self, version: OcppVersion, tagged: Any, informed: Any, now: datetime) -> None:
        id_tag = IdTag.of(version, tagged)
        if id_tag is not None:
            key = "idTagInfo" if version.is_1_6 else "idTokenInfo"
            self.learn(version, id_tag, informed.get(key), now)

    def _keep(self, entry: CachedTag) -> None:
        self._accepted.pop(entry.key, None)
        self._refused.pop(entry.key, None)
        kind = self._accepted if entry.status is IdTagStatus.ACCEPTED else self._refused
        kind[entry.key] = entry
        self._note(entry.key, entry)
        while len(self) > self._size:
            # Strangers' invented tags are refused: they must not push out a tag that charges.
            self._forget(next(iter((self._refused or self._accepted).values())))

    def _forget(self, entry: CachedTag) -> None:
        self._accepted.pop(entry.key, None)
        self._refused.pop(entry.key, None)
        self._note(entry.key, ForgottenTag(entry.id_tag, entry.id_tag_type))

    def _note(self, key: TagKey, change: CachedTag | ForgottenTag) -> None:
        self._changes.pop(key, None)
        self._changes[key] = change
        # Nobody collects while storage is in trouble; the newest knowledge is worth most.
        while len(self._changes) > 2 * self._size:
            self._changes.popitem(last=False)


_ANSWERED_WITH_INFO: Final = frozenset(
    {"Authorize", "StartTransaction", "StopTransaction", "TransactionEvent"}
)


def _entry(version: OcppVersion, id_tag: IdTag, info: Any, now: datetime) -> CachedTag | None:
    if not isinstance(info, dict) or not _is_worth_keeping(id_tag):
        return None
    status = _status(info.get("status"))
    # ConcurrentTx speaks of another transaction, not of the tag (C16 7.2).
    if status in (None, IdTagStatus.CONCURRENT_TX):
        return None
    if version.is_1_6:
        parent_text, expiry = info.get("parentIdTag"), info.get("expiryDate")
        parent = IdTag(parent_text) if isinstance(parent_text, str) else None
    else:
        parent = IdTag.of_token(info.get("groupIdToken"))
        expiry = info.get("cacheExpiryDateTime")
    if parent is not None and not _is_worth_keeping(parent):
        parent = None
    return CachedTag(
        id_tag=id_tag.text,
        id_tag_type=id_tag.type,
        status=status,
        parent_id_tag=parent.text if parent else None,
        parent_id_tag_type=parent.type if parent else None,
        expiry=timestamps.from_text(expiry),
        accepted_at=now,
    )


def _is_worth_keeping(id_tag: IdTag) -> bool:
    return 0 < len(id_tag.text) <= TAG_LENGTH and len(id_tag.type or "") <= TAG_TYPE_LENGTH


def _status(text: Any) -> IdTagStatus | None:
    """Read a status; a word that no version has is a refusal all the same."""
    if not isinstance(text, str):
        return None
    try:
        return IdTagStatus(text)
    except ValueError:
        return IdTagStatus.INVALID
