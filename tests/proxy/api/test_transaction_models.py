from datetime import UTC, datetime

import msgspec
import pytest

from oye_proxy.api.transaction_models import TransactionsSearch


def test_a_search_begins_at_a_time_of_a_zone() -> None:
    search = msgspec.convert({"from": "2026-11-21T10:00:00Z"}, TransactionsSearch)

    assert datetime(2026, 11, 21, 10, tzinfo=UTC) == search.from_
    with pytest.raises(msgspec.ValidationError, match="timezone"):
        msgspec.convert({"from": "2026-11-21T10:00:00"}, TransactionsSearch)


@pytest.mark.parametrize(
    "asked", [{"limit": 201}, {"before": -1}, {"state": "lost"}, {"idTag": ""}]
)
def test_a_search_is_bounded(asked: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(asked, TransactionsSearch)
