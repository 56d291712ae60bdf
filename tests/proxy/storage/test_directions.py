import pytest

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import Frame, MessageId, build_call, build_error, build_result
from oye_proxy.ocppj.journal.replay import REPLAY
from oye_proxy.storage.directions import Direction, direction_of, peer_of

CALL = build_call("1", "Reset", {})
RESULT = build_result(MessageId.of("1"), {})
ERROR = build_error(MessageId.of("1"), "NotSupported")


@pytest.mark.parametrize(
    ("source", "target", "frame", "injection", "direction", "peer"),
    [
        (Peer.CHARGER, Peer.CSMS, CALL, None, Direction.UPSTREAM, Peer.CHARGER),
        (Peer.CHARGER, Peer.CSMS, RESULT, None, Direction.UPSTREAM, Peer.CHARGER),
        (Peer.CHARGER, Peer.PROXY, CALL, None, Direction.UPSTREAM, Peer.CHARGER),
        (Peer.CHARGER, Peer.CSMS, None, None, Direction.UPSTREAM, Peer.CHARGER),
        (Peer.CHARGER, Peer.PROXY, RESULT, "1", Direction.INJECTION_RESPONSE, Peer.CHARGER),
        (Peer.CHARGER, Peer.PROXY, CALL, "1", Direction.INJECTION_RESPONSE, Peer.CHARGER),
        (Peer.CHARGER, Peer.PROXY, None, "1", Direction.INJECTION_RESPONSE, Peer.CHARGER),
        (Peer.CSMS, Peer.CHARGER, CALL, None, Direction.DOWNSTREAM, Peer.CSMS),
        (Peer.CSMS, Peer.CHARGER, None, None, Direction.DOWNSTREAM, Peer.CSMS),
        (Peer.PROXY, Peer.CHARGER, CALL, "1", Direction.INJECTION_REQUEST, Peer.CHARGER),
        (Peer.PROXY, Peer.CHARGER, RESULT, None, Direction.PROXY_RESPONSE, Peer.CHARGER),
        (Peer.PROXY, Peer.CHARGER, ERROR, None, Direction.PROXY_RESPONSE, Peer.CHARGER),
        (Peer.PROXY, Peer.CHARGER, RESULT, "1", Direction.PROXY_RESPONSE, Peer.CHARGER),
        (Peer.PROXY, Peer.CSMS, ERROR, None, Direction.PROXY_RESPONSE, Peer.CSMS),
    ],
)
def test_each_way_has_its_name(
    source: Peer,
    target: Peer,
    frame: Frame | None,
    injection: str | None,
    direction: Direction,
    peer: Peer,
) -> None:
    """The names are those of the Node oye-proxy."""
    record = Record(source=source, target=target, data="", frame=frame, injection=injection)

    assert direction == direction_of(record)
    assert peer == peer_of(record)


@pytest.mark.parametrize(
    ("source", "target", "frame", "note", "direction"),
    [
        (Peer.PROXY, Peer.CSMS, CALL, REPLAY, Direction.REPLAY_REQUEST),
        (Peer.CSMS, Peer.PROXY, RESULT, REPLAY, Direction.REPLAY_RESPONSE),
        (Peer.PROXY, Peer.CSMS, CALL, "transaction_id", Direction.UPSTREAM),
        (Peer.CSMS, Peer.PROXY, CALL, "rewritten", Direction.DOWNSTREAM),
    ],
)
def test_replays_are_told_from_what_passes(
    source: Peer, target: Peer, frame: Frame, note: str, direction: Direction
) -> None:
    record = Record(source=source, target=target, data="", frame=frame, note=note)

    assert direction == direction_of(record)
