"""The exchanges that pass before one live client: which of them its filter lets through."""

from typing import Final

from msgspec import Struct

from oye_proxy.api.exchange_models import ExchangeSummary
from oye_proxy.api.exchange_summaries import octets, summary_of, traits_of
from oye_proxy.api.frame_filter import FrameFilter
from oye_proxy.storage.exchanges import StoredExchange
from oye_proxy.storage.frame_rows import NewFrame, as_seen
from oye_proxy.storage.pairing import PairKey, is_answer, is_request, pair_key

OPEN_EXCHANGES: Final = 1000
OPEN_BYTES: Final = 4 * 1024 * 1024


class _Open(Struct):
    """A CALL whose answers may still come, and whether the client was told of it."""

    exchange: StoredExchange
    size: int
    told: bool = False


class LiveExchanges:
    """
    Pairs what passes; time and memory are bounded, the oldest CALL is forgotten first.

    An exchange is told when it begins to match, and again with its answer.
    """

    def __init__(self) -> None:
        self._open: dict[PairKey, _Open] = {}
        self._size = 0

    def take(self, frame: NewFrame, wanted: FrameFilter) -> ExchangeSummary | None:
        """Return the exchange that the client shall see now, None when there is none."""
        seen = as_seen(frame)
        if is_request(frame):
            entry = _Open(StoredExchange(seen), len(octets(seen)))
            self._remember(pair_key(frame), entry)
        elif not is_answer(frame):
            alone = StoredExchange(seen)
            return summary_of(alone) if wanted.matches(traits_of(alone)) else None
        else:
            known = self._open.get(pair_key(frame))
            if known is None:
                return None
            entry = known
            entry.exchange = StoredExchange(entry.exchange.request, (*entry.exchange.answers, seen))
            self._grow(entry, len(octets(seen)))
        if not entry.told and not wanted.matches(traits_of(entry.exchange)):
            return None
        entry.told = True
        return summary_of(entry.exchange)

    def forget(self) -> None:
        """Forget all of them."""
        self._open.clear()
        self._size = 0

    def _remember(self, key: PairKey, entry: _Open) -> None:
        earlier = self._open.pop(key, None)
        self._open[key] = entry
        self._size += entry.size - (0 if earlier is None else earlier.size)
        self._make_room()

    def _grow(self, entry: _Open, size: int) -> None:
        entry.size += size
        self._size += size
        self._make_room()

    def _make_room(self) -> None:
        while self._open and (len(self._open) > OPEN_EXCHANGES or self._size > OPEN_BYTES):
            oldest = next(iter(self._open))
            self._size -= self._open.pop(oldest).size
