"""
What the parsers of the proxy's JSON share.

All of them are tolerant: unknown keys are ignored, what is missing or malformed is None. What
equals a previous object is that object, so that a slice which did not change can be told by `is`.
"""

from collections.abc import Mapping


class InvalidAnswerError(Exception):
    """An answer of the proxy lacks what makes it usable."""


def kept[T](new: T, before: T | None) -> T:
    """Return the previous object when nothing of it changed."""
    return before if before is not None and new == before else new


def kept_mapping[K, V](new: Mapping[K, V], before: Mapping[K, V]) -> Mapping[K, V]:
    """Return the previous mapping when none of its values changed."""
    same = new.keys() == before.keys() and all(new[key] is before[key] for key in new)
    return before if same else new
