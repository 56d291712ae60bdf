"""Which frames belong together: a CALL and what answers it, told by direction and message id."""

from typing import Final, Protocol, TypeAlias

from oye_proxy.ocppj.commands import Peer
from oye_proxy.ocppj.frames import MessageType
from oye_proxy.storage.directions import Direction

PairKey: TypeAlias = tuple[str, str, str | None]


class Paired(Protocol):
    """What of a frame tells with which others it belongs."""

    @property
    def charge_point_id(self) -> str:
        """The charger's id."""

    @property
    def direction(self) -> str:
        """Which way it went."""

    @property
    def message_type(self) -> int | None:
        """The type number, None for a text that is no frame."""

    @property
    def message_id(self) -> str | None:
        """The message id."""

    @property
    def action(self) -> str | None:
        """The action; an answer has that of its CALL, if there was one."""

    @property
    def peer(self) -> str | None:
        """On whose socket it was."""


def is_request(frame: Paired) -> bool:
    """Say whether a frame begins an exchange."""
    return frame.message_type in _REQUESTS


def is_answer(frame: Paired) -> bool:
    """Say whether a frame answers a CALL that passed; one that answers nothing stands alone."""
    return not is_request(frame) and frame.message_type is not None and frame.action is not None


def pair_key(frame: Paired) -> PairKey:
    """Return what a CALL and its answer have in common, and no other open exchange."""
    asker = _asker_of_request(frame) if is_request(frame) else _asker_of_answer(frame)
    return frame.charge_point_id, asker, frame.message_id


def sender_of(frame: Paired) -> Peer:
    """Say who sent a frame."""
    match frame.direction:
        case Direction.UPSTREAM:
            return Peer.PROXY if frame.peer == Peer.CSMS else Peer.CHARGER
        case Direction.INJECTION_RESPONSE:
            return Peer.CHARGER
        case Direction.DOWNSTREAM | Direction.REPLAY_RESPONSE:
            return Peer.CSMS
        case _:
            return Peer.PROXY


def receiver_of(frame: Paired) -> Peer:
    """Say for whom a frame was."""
    match frame.direction:
        case Direction.UPSTREAM | Direction.REPLAY_REQUEST:
            return Peer.CSMS
        case Direction.DOWNSTREAM | Direction.INJECTION_REQUEST:
            return Peer.CHARGER
        case Direction.PROXY_RESPONSE:
            return Peer.CSMS if frame.peer == Peer.CSMS else Peer.CHARGER
        case _:
            return Peer.PROXY


_REQUESTS: Final = {MessageType.CALL.value, MessageType.SEND.value}
_CHARGER, _CSMS = Peer.CHARGER.value, Peer.CSMS.value
_INJECTION, _REPLAY = "injection", "replay"


def _asker_of_request(frame: Paired) -> str:
    match frame.direction:
        case Direction.DOWNSTREAM:
            return _CSMS
        case Direction.INJECTION_REQUEST:
            return _INJECTION
        case Direction.REPLAY_REQUEST:
            return _REPLAY
        case _:
            return _CHARGER


def _asker_of_answer(frame: Paired) -> str:
    match frame.direction:
        case Direction.UPSTREAM:
            return _CSMS
        case Direction.INJECTION_RESPONSE:
            return _INJECTION
        case Direction.REPLAY_RESPONSE:
            return _REPLAY
        case Direction.PROXY_RESPONSE:
            return _CSMS if frame.peer == _CSMS else _CHARGER
        case _:
            return _CHARGER
