"""Who answered: the CALLs that the proxy answered in place of their addressee."""

from oye_proxy.ocppj.commands import Peer
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

    def given(self, peer: Peer, key: str, now: float) -> None:
        """Note that we answered a CALL of this peer."""
        self._given[peer][key] = now

    def not_given(self, peer: Peer, key: str) -> None:
        """Note that the addressee answered: an id that was used before is used again."""
        self._given[peer].pop(key)

    def include(self, peer: Peer, key: str, now: float) -> bool:
        """Tell whether the last answer that this peer got under this id was ours."""
        at = self._given[peer].get(key)
        return at is not None and now - at <= OWN_ANSWERS_SECONDS
