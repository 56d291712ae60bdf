"""Who answered: the CALLs that the proxy answered in place of their addressee."""

from oye_proxy.ocppj.commands import Command, Peer, Record, Send
from oye_proxy.ocppj.frames import Call, CallError, CallResult
from oye_proxy.ocppj.recent import Recent

OWN_ANSWERS = 256
OWN_ANSWERS_SECONDS = 300.0


class OwnAnswers:
    """
    The ids of the answers that we gave, per peer that got them, for five minutes.

    A CALLRESULTERROR bears the id of the CALLRESULT that it objects to and goes to whoever sent
    it (Q4 4.1.4).
    """

    def __init__(self) -> None:
        self._given: dict[Peer, Recent[float]] = {peer: Recent(OWN_ANSWERS) for peer in Peer}

    def give(
        self, peer: Peer, call: Call, answer: CallResult | CallError, now: float
    ) -> list[Command]:
        """Answer a peer's CALL in place of its addressee."""
        self._given[peer][answer.message_id.key] = now
        return [
            Send(peer, answer.text),
            Record(source=Peer.PROXY, target=peer, data=answer.text, frame=answer, call=call),
        ]

    def not_given(self, peer: Peer, key: str) -> None:
        """Note that the addressee answered: an id that was used before is used again."""
        self._given[peer].pop(key)

    def include(self, peer: Peer, key: str, now: float) -> bool:
        """Tell whether the last answer that this peer got under this id was ours."""
        at = self._given[peer].get(key)
        return at is not None and now - at <= OWN_ANSWERS_SECONDS
