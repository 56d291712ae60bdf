"""What a simulated charger knows of id tags: its cache and its local list (C16 3.5, P2 C and D)."""

from collections.abc import Iterable

CACHE_TAGS = 100
ACCEPTED = "Accepted"


class TagBook:
    """Tags and their status; tags are case-insensitive (C16 3.9)."""

    def __init__(self) -> None:
        self.cache: dict[str, str] = {}
        self.local_list: dict[str, str] = {}
        self.list_version = 0

    def learn(self, id_tag: str, status: str) -> None:
        """Keep what the CSMS said of a tag; the oldest ones give way."""
        self.cache[id_tag.lower()] = status
        while len(self.cache) > CACHE_TAGS:
            del self.cache[next(iter(self.cache))]

    def is_accepted(self, id_tag: str) -> bool:
        """Whether a tag may charge while the CSMS is away; the list goes before the cache."""
        known = self.local_list.get(id_tag.lower()) or self.cache.get(id_tag.lower())
        return known == ACCEPTED

    def update_list(
        self, version: int, entries: Iterable[tuple[str, str | None]], *, full: bool
    ) -> str:
        """Answer SendLocalList: replace the list, or change the entries given; None removes."""
        if full:
            self.local_list.clear()
        elif version <= self.list_version:
            return "VersionMismatch"
        for id_tag, status in entries:
            if status is None:
                self.local_list.pop(id_tag.lower(), None)
            else:
                self.local_list[id_tag.lower()] = status
        self.list_version = version
        return ACCEPTED


def same_tag(one: str, other: str) -> bool:
    """Compare tags; they are case-insensitive (C16 3.9)."""
    return one.lower() == other.lower()
