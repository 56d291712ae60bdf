from datetime import UTC, datetime, timedelta

from oye_proxy.ocppj.transaction_changes import ChangeKind, TransactionChange, merged
from oye_proxy.ocppj.transaction_samples import Sample

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_updates_become_one() -> None:
    older = TransactionChange(
        kind=ChangeKind.UPDATE,
        at=NOW,
        transaction_id="7",
        register_wh=1.0,
        reason="kept",
        gap=True,
        samples=(Sample(NOW, "Voltage", 230.0),),
    )
    newer = TransactionChange(
        kind=ChangeKind.UPDATE,
        at=NOW + HOUR,
        transaction_id="7",
        register_wh=2.0,
        samples=(Sample(NOW + HOUR, "Voltage", 231.0),),
    )

    assert TransactionChange(
        kind=ChangeKind.UPDATE,
        at=NOW + HOUR,
        transaction_id="7",
        register_wh=2.0,
        reason="kept",
        gap=True,
        samples=older.samples + newer.samples,
    ) == merged(older, newer)
