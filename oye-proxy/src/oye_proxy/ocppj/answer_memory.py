"""The answers given to a charger, for a CALL that arrives a second time."""

from collections import OrderedDict
from hashlib import blake2b
from typing import Final, TypeAlias

from oye_proxy.ocppj.frames import Call

ANSWERS: Final = 16


class AnswerMemory:
    """
    The last answers of one conversation, oldest out first.

    A CALL is a repetition only if its id and its text are the same (J16-E 3.1, P4-E 4.6): an id
    alone proves nothing, as some chargers count from 1 after each start. For the same reason the
    memory is emptied when the charger connects anew.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[_Key, str] = OrderedDict()

    def recall(self, call: Call) -> str | None:
        """Return the text that answered this very CALL before, None if it is a new one."""
        return self._answers.get(_key(call))

    def remember(self, call: Call, answer: str) -> None:
        """Keep the text of the answer to a CALL, result or error."""
        self._answers[_key(call)] = answer
        while len(self._answers) > ANSWERS:
            self._answers.popitem(last=False)

    def clear(self) -> None:
        """Forget all: the charger has connected anew."""
        self._answers.clear()


_Key: TypeAlias = tuple[str, bytes]


def _key(call: Call) -> _Key:
    digest = blake2b(call.text.encode(errors="surrogatepass"), digest_size=16).digest()
    return call.message_id.key, digest
