"""The cache of id tags as rows: each under the charger that used it, gone with that charger."""

from collections.abc import Iterable

from oye_proxy.ocppj.id_tag_cache import CachedTag, ForgottenTag, IdTagCache, IdTagStatus
from oye_proxy.storage.tags import OWNER, TagRow, TagStore


class IdTagRecords:
    """Keeps the cache on disk."""

    def __init__(self, store: TagStore, cache: IdTagCache) -> None:
        self._store = store
        self._cache = cache
        self._changed: dict[tuple[str, str, str], TagRow] = {}
        self._gone: set[tuple[str, str, str]] = set()

    async def load(self) -> None:
        """Fill the cache from the store; of a tag that several chargers used the newest counts."""
        rows = await self._store.all()
        self._cache.load(_newest(row for row in rows if row.charge_point_id != OWNER))

    def collect(self, charge_point_id: str) -> None:
        """Note what the cache learned from a frame of this charger."""
        for change in self._cache.take_changes():
            key = (charge_point_id, change.id_tag, change.id_tag_type or "")
            if isinstance(change, ForgottenTag):
                self._changed.pop(key, None)
                self._gone.add(key)
            else:
                self._gone.discard(key)
                self._changed[key] = _row(charge_point_id, change)

    @property
    def waiting(self) -> bool:
        """Whether there is something to write."""
        return bool(self._changed or self._gone)

    async def write(self) -> None:
        """Write what was collected."""
        changed, self._changed = self._changed, {}
        gone, self._gone = self._gone, set()
        try:
            await self._store.save(changed.values())
            for charge_point_id, id_tag, id_tag_type in gone:
                await self._store.delete(charge_point_id, id_tag, id_tag_type)
        except BaseException:
            self._changed = changed | self._changed
            self._gone |= gone
            raise


def _newest(rows: Iterable[TagRow]) -> list[CachedTag]:
    newest: dict[tuple[str, str], TagRow] = {}
    for row in rows:
        known = newest.get((row.id_tag, row.id_tag_type))
        if known is None or known.updated_at < row.updated_at:
            newest[row.id_tag, row.id_tag_type] = row
    return [
        CachedTag(
            id_tag=row.id_tag,
            id_tag_type=row.id_tag_type or None,
            status=IdTagStatus(row.status),
            parent_id_tag=row.group_id,
            parent_id_tag_type=row.group_type,
            expiry=row.expires_at,
            accepted_at=row.updated_at,
        )
        for row in newest.values()
    ]


def _row(charge_point_id: str, tag: CachedTag) -> TagRow:
    return TagRow(
        charge_point_id=charge_point_id,
        id_tag=tag.id_tag,
        id_tag_type=tag.id_tag_type or "",
        status=tag.status.value,
        group_id=tag.parent_id_tag,
        group_type=tag.parent_id_tag_type,
        expires_at=tag.expiry,
        updated_at=tag.accepted_at,
    )
