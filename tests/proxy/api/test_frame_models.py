import msgspec
import pytest

from oye_proxy.api.frame_models import MAX_ROWS, LogsQuery, LogsSearch


def test_a_query_of_the_node_proxy_may_say_more() -> None:
    assert LogsQuery() == msgspec.convert({"_": "1700000000"}, LogsQuery)
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({"_": "1700000000"}, LogsSearch)


@pytest.mark.parametrize("limit", [0, MAX_ROWS + 1])
def test_an_answer_has_a_bounded_number_of_rows(limit: int) -> None:
    assert MAX_ROWS == msgspec.convert({"limit": MAX_ROWS}, LogsSearch).limit
    with pytest.raises(msgspec.ValidationError, match="limit"):
        msgspec.convert({"limit": limit}, LogsSearch)
