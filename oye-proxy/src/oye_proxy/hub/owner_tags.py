"""The owner's own list of id tags: who may always charge, and who never."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from oye_proxy.errors import ConflictError, InvalidRequestError
from oye_proxy.ocppj.id_tag_cache import IdTagStatus
from oye_proxy.storage.tags import OWNER, TagRow, TagStore

MAX_TAGS: Final = 10_000
MAX_LENGTH: Final = 255
MAX_NAME_LENGTH: Final = 64

_FULL: Final = f"The list holds at most {MAX_TAGS} tags"
# Whoever else writes has its turn in between.
_SAVED_AT_ONCE: Final = 500


class TagVerdict(StrEnum):
    """What the owner says of a tag."""

    ACCEPTED = "accepted"
    BLOCKED = "blocked"


class OwnerTag(Struct, frozen=True, kw_only=True):
    """One tag of the list, as it was written; `name` says whose it is."""

    id_tag: str
    verdict: TagVerdict
    updated_at: datetime
    name: str | None = None


class WantedTag(Struct, frozen=True, kw_only=True):
    """What is to be said of a tag; without a name it has none."""

    id_tag: str
    verdict: TagVerdict
    name: str | None = None


Listener = Callable[[], None]


class OwnerTags:
    """The list: one owner, every change stored, then told. Tags are one whatever their case."""

    def __init__(self, store: TagStore) -> None:
        self._store = store
        self._tags: dict[str, OwnerTag] = {}
        self._changing = asyncio.Lock()
        self._listeners: list[Listener] = []

    async def load(self) -> None:
        """Read what is stored."""
        rows = await self._store.owners()
        self._tags = {row.id_tag.casefold(): _tag(row) for row in rows}

    @property
    def tags(self) -> tuple[OwnerTag, ...]:
        """The list, sorted."""
        return tuple(self._tags[key] for key in sorted(self._tags))

    def with_verdict(self, verdict: TagVerdict) -> frozenset[str]:
        """Return the tags of which the owner says this."""
        return frozenset(tag.id_tag for tag in self._tags.values() if tag.verdict is verdict)

    def name_of(self, id_tag: str) -> str | None:
        """Return the name of a tag, None when it has none."""
        known = self._tags.get(id_tag.casefold())
        return None if known is None else known.name

    async def put(
        self,
        id_tag: str,
        verdict: TagVerdict,
        now: datetime,
        *,
        name: str | UnsetType | None = UNSET,
    ) -> OwnerTag:
        """
        Add a tag, or change what is said of it; raise InvalidRequestError, ConflictError.

        A `name` that is not given stays as it is, None takes it away.
        """
        _check(id_tag)
        name = _checked_name(name)
        key = id_tag.casefold()
        async with self._changing:
            known = self._tags.get(key)
            if known is None and len(self._tags) >= MAX_TAGS:
                raise ConflictError(_FULL)
            if name is UNSET:
                name = None if known is None else known.name
            await self._save([WantedTag(id_tag=id_tag, verdict=verdict, name=name)], now)
            tag = self._tags[key]
        self._tell()
        return tag

    def checked(self, wanted: Sequence[WantedTag]) -> tuple[WantedTag, ...]:
        """Return what `put_all` takes; raise InvalidRequestError for what it could not."""
        for tag in wanted:
            _check(tag.id_tag)
        keys = {tag.id_tag.casefold() for tag in wanted}
        if len(keys) < len(wanted):
            raise InvalidRequestError("An id tag is there twice; upper and lower case are the same")
        if len(keys | self._tags.keys()) > MAX_TAGS:
            raise InvalidRequestError(_FULL)
        return tuple(replace(tag, name=_checked_name(tag.name)) for tag in wanted)

    async def put_all(self, wanted: Sequence[WantedTag], now: datetime) -> None:
        """Add tags, or change what is said of them; raise InvalidRequestError before any is."""
        wanted = self.checked(wanted)
        if not wanted:
            return
        async with self._changing:
            for first in range(0, len(wanted), _SAVED_AT_ONCE):
                await self._save(wanted[first : first + _SAVED_AT_ONCE], now)
        self._tell()

    async def remove(self, id_tag: str) -> bool:
        """Take a tag off the list; return whether it was there."""
        key = id_tag.casefold()
        async with self._changing:
            known = self._tags.get(key)
            if known is None:
                return False
            await self._store.delete(OWNER, known.id_tag)
            del self._tags[key]
        self._tell()
        return True

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def _save(self, wanted: Sequence[WantedTag], now: datetime) -> None:
        """Store the tags, each as it was written first."""
        tags = {
            key: OwnerTag(
                id_tag=self._tags[key].id_tag if key in self._tags else tag.id_tag,
                verdict=tag.verdict,
                updated_at=now,
                name=tag.name,
            )
            for tag in wanted
            for key in (tag.id_tag.casefold(),)
        }
        await self._store.save([_row(tag) for tag in tags.values()])
        self._tags |= tags

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def _check(id_tag: str) -> None:
    if not 0 < len(id_tag) <= MAX_LENGTH or id_tag != id_tag.strip() or not id_tag.isprintable():
        raise InvalidRequestError(
            f"An id tag has 1 to {MAX_LENGTH} visible characters, none of them a blank at its ends"
        )


def _checked_name(name: str | UnsetType | None) -> str | UnsetType | None:
    if not isinstance(name, str):
        return name
    name = name.strip()
    if len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise InvalidRequestError(f"A tag's name has at most {MAX_NAME_LENGTH} visible characters")
    return name or None


_STATUSES: Final = {
    TagVerdict.ACCEPTED: IdTagStatus.ACCEPTED,
    TagVerdict.BLOCKED: IdTagStatus.BLOCKED,
}


def _row(tag: OwnerTag) -> TagRow:
    return TagRow(
        charge_point_id=OWNER,
        id_tag=tag.id_tag,
        status=_STATUSES[tag.verdict].value,
        updated_at=tag.updated_at,
        name=tag.name,
    )


def _tag(row: TagRow) -> OwnerTag:
    accepted = row.status == IdTagStatus.ACCEPTED
    return OwnerTag(
        id_tag=row.id_tag,
        verdict=TagVerdict.ACCEPTED if accepted else TagVerdict.BLOCKED,
        updated_at=row.updated_at,
        name=row.name,
    )
