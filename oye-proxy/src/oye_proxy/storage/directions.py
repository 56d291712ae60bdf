"""The direction names of the API and the store, and the socket that a frame was on."""

from enum import StrEnum

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import Call, SendFrame


class Direction(StrEnum):
    """Which way a frame went, in the words of the Node oye-proxy."""

    UPSTREAM = "UPSTREAM"
    DOWNSTREAM = "DOWNSTREAM"
    INJECTION_REQUEST = "INJECTION_REQUEST"
    INJECTION_RESPONSE = "INJECTION_RESPONSE"
    PROXY_RESPONSE = "PROXY_RESPONSE"


def direction_of(record: Record) -> Direction:
    """Name a frame's way; a swallowed follow-up CALL is an INJECTION_RESPONSE."""
    match record.source:
        case Peer.CHARGER if record.injection is not None:
            return Direction.INJECTION_RESPONSE
        case Peer.CHARGER:
            return Direction.UPSTREAM
        case Peer.CSMS:
            return Direction.DOWNSTREAM
        case Peer.PROXY if isinstance(record.frame, Call | SendFrame):
            return Direction.INJECTION_REQUEST
        case Peer.PROXY:
            return Direction.PROXY_RESPONSE


def peer_of(record: Record) -> Peer:
    """Say on whose socket the frame was: the sender's, or the receiver's of a frame of ours."""
    return record.target if record.source is Peer.PROXY else record.source
