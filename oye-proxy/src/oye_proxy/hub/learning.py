"""What the hub learns from each frame that passed: facts, id tags, charging profiles."""

from datetime import datetime

from oye_proxy.hub.chargers import Charger
from oye_proxy.ocppj.acceptance import accepted
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.facts import Event
from oye_proxy.ocppj.frames import CallResult
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.versions import OcppVersion

# An answer to one of these is worth a second look.
_TAG_ACTIONS = frozenset(
    {"Authorize", "StartTransaction", "StopTransaction", "TransactionEvent", "SendLocalList"}
)
_PROFILE_ACTIONS = frozenset(
    {
        "SetChargingProfile",
        "ClearChargingProfile",
        "RemoteStartTransaction",
        "RequestStartTransaction",
    }
)


def learn(
    charger: Charger, record: Record, version: OcppVersion, tags: IdTagCache, now: datetime
) -> list[Event]:
    """Read one record; return the news that it holds."""
    if isinstance(record.frame, CallResult) and record.call is not None:
        _learn_from_answer(charger, record, record.frame, version, tags, now)
    return charger.facts.observe(record, version, now)


def _learn_from_answer(
    charger: Charger,
    record: Record,
    answer: CallResult,
    version: OcppVersion,
    tags: IdTagCache,
    now: datetime,
) -> None:
    call = record.call
    if call is None:
        return
    # What the proxy itself answered in standalone is no word of the CSMS.
    if call.action in _TAG_ACTIONS and record.source is not Peer.PROXY:
        tags.learn_from(version, call.action, call.payload, answer.payload, now)
    if call.action in _PROFILE_ACTIONS and record.source is Peer.CHARGER:
        # What a clear names is gone, whether it was there or not.
        gone = call.action == "ClearChargingProfile"
        if gone or accepted(version, call.action, answer.payload):
            charger.profiles.observe_accepted(
                version, call.action, call.payload, ours=record.injection is not None
            )
