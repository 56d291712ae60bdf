"""What the hub learns from each frame that passed: facts, id tags, charging profiles."""

import logging
from datetime import datetime

from oye_proxy.hub.chargers import Charger
from oye_proxy.ocppj.acceptance import accepted
from oye_proxy.ocppj.charger_settings import (
    SETTING_ACTIONS,
    Setting,
    call_timeout_of,
    late_ping,
    reported_settings,
    told_settings,
)
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.facts import Event
from oye_proxy.ocppj.frames import Call, CallError, CallResult
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.preflight import NOT_OFFERED
from oye_proxy.ocppj.security_profile import TELLING_ACTIONS, told_profile
from oye_proxy.ocppj.versions import OcppVersion

_logger = logging.getLogger(__name__)

# An answer to one of these is worth a second look.
_TAG_ACTIONS = frozenset(
    {"Authorize", "StartTransaction", "StopTransaction", "TransactionEvent", "SendLocalList"}
)
_START_ACTIONS = frozenset({"RemoteStartTransaction", "RequestStartTransaction"})
_PROFILE_ACTIONS = _START_ACTIONS | {"SetChargingProfile", "ClearChargingProfile"}
_LEARNED_ACTIONS = _TAG_ACTIONS | _PROFILE_ACTIONS | TELLING_ACTIONS | SETTING_ACTIONS

# Each frame comes by here, and looking up a member in its enumeration takes its time.
_CHARGER, _PROXY = Peer.CHARGER, Peer.PROXY


def learn(
    charger: Charger, record: Record, version: OcppVersion, tags: IdTagCache, now: datetime
) -> list[Event]:
    """Read one record; return the news that it holds."""
    frame, call, source = record.frame, record.call, record.source
    if isinstance(frame, CallResult):
        if source is _CHARGER and call is not None:
            # New firmware may have what the old one had not.
            charger.not_offered.pop(call.action)
        if call is not None and call.action in _LEARNED_ACTIONS:
            _learn_from_answer(charger, record, call, frame, version, tags, now)
    elif isinstance(frame, Call):
        if source is _PROXY:
            _learn_from_own_call(charger, frame, now)
        elif source is _CHARGER and frame.action == "NotifyReport":
            _learn_settings(charger, reported_settings(frame.payload))
    elif isinstance(frame, CallError) and source is _CHARGER and call is not None:
        _learn_refusal(charger, call, frame)
    return charger.facts.observe(record, version, now)


def _learn_refusal(charger: Charger, call: Call, refusal: CallError) -> None:
    """A charger says which actions it does not have."""
    if refusal.code in NOT_OFFERED:
        charger.not_offered[call.action] = refusal.code


def _learn_from_own_call(charger: Charger, call: Call, now: datetime) -> None:
    """A charger may ask about the tag of a remote start that we sent (C16 5.11, F02.FR.09)."""
    if call.action not in _START_ACTIONS or not isinstance(call.payload, dict):
        return
    token = call.payload.get("idToken")
    tag = token.get("idToken") if isinstance(token, dict) else call.payload.get("idTag")
    if isinstance(tag, str):
        charger.responder.authorizer.note_remote_start(tag, now)


def _learn_from_answer(
    charger: Charger,
    record: Record,
    call: Call,
    answer: CallResult,
    version: OcppVersion,
    tags: IdTagCache,
    now: datetime,
) -> None:
    # What the proxy itself answered in standalone is no word of the CSMS.
    if call.action in _TAG_ACTIONS and record.source is not Peer.PROXY:
        tags.learn_from(version, call.action, call.payload, answer.payload, now)
    if call.action in TELLING_ACTIONS and record.source is Peer.CHARGER:
        told = told_profile(version, call.action, call.payload, answer.payload)
        charger.security_profile = charger.security_profile if told is None else told
    if call.action in SETTING_ACTIONS and record.source is Peer.CHARGER:
        _learn_settings(charger, told_settings(version, call.action, call.payload, answer.payload))
    if call.action in _PROFILE_ACTIONS and record.source is Peer.CHARGER:
        # What a clear names is gone, whether it was there or not.
        gone = call.action == "ClearChargingProfile"
        if gone or accepted(version, call.action, answer.payload):
            charger.profiles.observe_accepted(
                version, call.action, call.payload, ours=record.injection is not None
            )


def _learn_settings(charger: Charger, told: dict[Setting, int]) -> None:
    if not told:
        return
    charger.settings |= told
    seconds = call_timeout_of(told)
    if seconds is not None and charger.conversation is not None:
        charger.conversation.set_call_timeout(seconds)
    late = late_ping(charger.settings)
    if late is not None and late not in charger.late_pings:
        charger.late_pings.append(late)
        ping, gives_up = late
        _logger.warning(
            "%s may lose messages when its connection breaks: it looks at the connection every "
            "%s s only, but gives a message up after %s s. A shorter WebSocketPingInterval in its "
            "settings helps; the proxy leaves them alone",
            charger.charge_point_id,
            ping,
            gives_up,
        )
