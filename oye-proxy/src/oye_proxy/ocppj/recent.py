"""A mapping and a list that forget their oldest entry when they are full."""

from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Values by key, at most `limit` of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: dict[str, T] = {}

    def __setitem__(self, key: str, value: T) -> None:
        self._values.pop(key, None)
        if len(self._values) >= self._limit:
            del self._values[next(iter(self._values))]
        self._values[key] = value

    @property
    def newest(self) -> T | None:
        """The value that was set last."""
        return next(reversed(self._values.values()), None)

    def get(self, key: str) -> T | None:
        """Return the value."""
        return self._values.get(key)

    def pop(self, key: str) -> T | None:
        """Return the value and forget it."""
        return self._values.pop(key, None)

    def values(self) -> list[T]:
        """Return all values, the oldest first."""
        return list(self._values.values())

    def take_all(self) -> list[T]:
        """Return all values, the oldest first, and forget them."""
        values = self.values()
        self._values.clear()
        return values


class Latest(list[T]):
    """
    The last `limit` values that were appended, the oldest first.

    There are thousands of empty ones: each takes a tenth of the room of a deque.
    """

    __slots__ = ("_limit",)

    def __init__(self, limit: int, values: Iterable[T] = ()) -> None:
        super().__init__(values)
        self._limit = limit
        del self[:-limit]

    def append(self, value: T) -> None:
        """Add a value, and forget the oldest one when there are too many."""
        super().append(value)
        del self[: -self._limit]
