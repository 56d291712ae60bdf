"""The direction names of the API and the store, and the socket that a frame was on."""

from enum import StrEnum

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import Call, SendFrame
from oye_proxy.ocppj.journal.replay import REPLAY


class Direction(StrEnum):
    """Which way a frame went, in the words of the Node oye-proxy; replays are OYE's own."""

    UPSTREAM = "UPSTREAM"
    DOWNSTREAM = "DOWNSTREAM"
    INJECTION_REQUEST = "INJECTION_REQUEST"
    INJECTION_RESPONSE = "INJECTION_RESPONSE"
    PROXY_RESPONSE = "PROXY_RESPONSE"
    REPLAY_REQUEST = "REPLAY_REQUEST"
    REPLAY_RESPONSE = "REPLAY_RESPONSE"


def direction_of(record: Record) -> Direction:
    """Name a frame's way; a swallowed follow-up CALL is an INJECTION_RESPONSE."""
    source = record.source
    if source is _CHARGER:
        return _UPSTREAM if record.injection is None else _INJECTION_RESPONSE
    if source is _CSMS:
        return _DOWNSTREAM if record.note != REPLAY else _REPLAY_RESPONSE
    if not isinstance(record.frame, _REQUESTS):
        return _PROXY_RESPONSE
    if record.target is _CHARGER:
        return _INJECTION_REQUEST
    return _REPLAY_REQUEST if record.note == REPLAY else _UPSTREAM


def peer_of(record: Record) -> Peer:
    """Say on whose socket the frame was: the sender's, or the receiver's of a frame of ours."""
    return record.target if record.source is _PROXY else record.source


# Each frame comes by here, and looking up a member in its enumeration takes longer than all else.
_CHARGER, _CSMS, _PROXY = Peer.CHARGER, Peer.CSMS, Peer.PROXY
_UPSTREAM, _DOWNSTREAM = Direction.UPSTREAM, Direction.DOWNSTREAM
_INJECTION_REQUEST = Direction.INJECTION_REQUEST
_INJECTION_RESPONSE = Direction.INJECTION_RESPONSE
_PROXY_RESPONSE = Direction.PROXY_RESPONSE
_REPLAY_REQUEST, _REPLAY_RESPONSE = Direction.REPLAY_REQUEST, Direction.REPLAY_RESPONSE
_REQUESTS = (Call, SendFrame)
