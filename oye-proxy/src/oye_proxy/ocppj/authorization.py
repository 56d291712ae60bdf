"""Who may charge while the CSMS cannot be asked (docs/OCPP.md, authorization without the CSMS)."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import force_setattr

from oye_proxy.ocppj import timestamps
from oye_proxy.ocppj.id_tag_cache import CachedTag, IdTag, IdTagCache, IdTagStatus
from oye_proxy.ocppj.versions import OcppVersion

REMOTE_START_LIFE: Final = timedelta(minutes=5)

# The owner may inject 30 CALLs a minute; the oldest start goes first.
REMOTE_STARTS: Final = 256


class AuthorizationPolicy(Struct, frozen=True, kw_only=True):
    """
    What the owner decided.

    `blocked` and `allowed` hold tags, folded here: case does not count. `offline_cache` off ignores
    what the CSMS once said. `strict_start` judges a transaction that has begun like one that asks.
    """

    blocked: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    automatic_charging: bool = False
    offline_cache: bool = True
    strict_start: bool = False

    def __post_init__(self) -> None:
        # Once, and not once for each charger that shares the policy.
        for name in ("blocked", "allowed"):
            folded = frozenset(text.casefold() for text in getattr(self, name))
            force_setattr(self, name, folded)


class Decision(Struct, frozen=True, kw_only=True):
    """The answer about a tag; parent (2.x: group) and expiry are those the CSMS once gave."""

    status: IdTagStatus
    parent_id_tag: str | None = None
    parent_id_tag_type: str | None = None
    expiry: datetime | None = None


class Authorizer:
    """Decides for one charger; the cache is the proxy's."""

    def __init__(self, cache: IdTagCache, policy: AuthorizationPolicy | None = None) -> None:
        self._cache = cache
        self._remote_starts: OrderedDict[str, datetime] = OrderedDict()
        self.set_policy(policy or AuthorizationPolicy())

    def set_policy(self, policy: AuthorizationPolicy) -> None:
        """Take the owner's new decisions into account from now on."""
        self._policy = policy

    def note_remote_start(self, id_tag: str, now: datetime) -> None:
        """Remember that we sent a remote start with this tag: the charger may ask about it."""
        tag = id_tag.casefold()
        self._remote_starts.pop(tag, None)
        self._remote_starts[tag] = now
        while len(self._remote_starts) > REMOTE_STARTS:
            self._remote_starts.popitem(last=False)

    def decide(self, version: OcppVersion, id_tag: IdTag, now: datetime) -> Decision:
        """Answer a charger that asks before it charges: the first rule that matches."""
        tag = id_tag.text.casefold()
        if tag in self._policy.blocked:
            return Decision(status=IdTagStatus.BLOCKED)
        if (
            self._was_started_remotely(tag, now)
            or tag in self._policy.allowed
            or self._policy.automatic_charging
        ):
            return Decision(status=IdTagStatus.ACCEPTED)
        known = self._known(id_tag, now)
        if known is not None and known.status is IdTagStatus.ACCEPTED:
            return Decision(
                status=IdTagStatus.ACCEPTED,
                parent_id_tag=known.parent_id_tag,
                parent_id_tag_type=known.parent_id_tag_type,
                expiry=known.expiry,
            )
        return Decision(status=IdTagStatus.INVALID if version.is_1_6 else IdTagStatus.UNKNOWN)

    def decide_started(self, version: OcppVersion, id_tag: IdTag, now: datetime) -> Decision:
        """
        Answer a charger that reports what it already began.

        Accepted unless the tag is known bad: the charger's own list may know more than we do
        (C16 3.5).
        """
        decision = self.decide(version, id_tag, now)
        if self._policy.strict_start or decision.status in _FINAL:
            return decision
        known = self._known(id_tag, now)
        return Decision(status=known.status if known is not None else IdTagStatus.ACCEPTED)

    def _was_started_remotely(self, tag: str, now: datetime) -> bool:
        started = self._remote_starts.get(tag)
        return started is not None and now - started <= REMOTE_START_LIFE

    def _known(self, id_tag: IdTag, now: datetime) -> CachedTag | None:
        return self._cache.find(id_tag, now) if self._policy.offline_cache else None


_FINAL: Final = frozenset({IdTagStatus.ACCEPTED, IdTagStatus.BLOCKED})


def id_tag_info(version: OcppVersion, decision: Decision) -> dict[str, Any]:
    """Write a decision as idTagInfo (1.6) or idTokenInfo (2.x), with what the version can say."""
    if version.is_1_6:
        status = decision.status if decision.status in _IN_1_6 else IdTagStatus.INVALID
        parent: Any = decision.parent_id_tag if _fits_1_6(decision) else None
        names = ("parentIdTag", "expiryDate")
    else:
        status = decision.status
        parent = _group(version, decision)
        names = ("groupIdToken", "cacheExpiryDateTime")
    expiry = timestamps.to_text(decision.expiry) if decision.expiry else None
    optional = zip(names, (parent, expiry), strict=True)
    return {"status": status.value} | {name: value for name, value in optional if value}


_IN_1_6: Final = frozenset(
    {
        IdTagStatus.ACCEPTED,
        IdTagStatus.BLOCKED,
        IdTagStatus.CONCURRENT_TX,
        IdTagStatus.EXPIRED,
        IdTagStatus.INVALID,
    }
)

# C16 CiString20Type; P2 and Q2 IdTokenType.
_TAG_LENGTH_1_6: Final = 20
_TAG_LENGTH_2_0_1: Final = 36
_TYPES_2_0_1: Final = frozenset(
    {
        "Central",
        "eMAID",
        "ISO14443",
        "ISO15693",
        "KeyCode",
        "Local",
        "MacAddress",
        "NoAuthorization",
    }
)


def _fits_1_6(decision: Decision) -> bool:
    return len(decision.parent_id_tag or "") <= _TAG_LENGTH_1_6


def _group(version: OcppVersion, decision: Decision) -> dict[str, str] | None:
    text, kind = decision.parent_id_tag, decision.parent_id_tag_type or "Central"
    if text is None or (
        version is OcppVersion.V2_0_1
        and (len(text) > _TAG_LENGTH_2_0_1 or kind not in _TYPES_2_0_1)
    ):
        return None
    return {"idToken": text, "type": kind}
