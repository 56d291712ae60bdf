"""What may be asked of exchanges."""

import msgspec
import pytest

from oye_proxy.api.exchange_models import ExchangesSearch


def test_nothing_asked_is_the_newest_page_of_all() -> None:
    assert ExchangesSearch(filter="", before=None, limit=200) == msgspec.json.decode(
        b"{}", type=ExchangesSearch
    )


@pytest.mark.parametrize(
    "body", [b'{"limit":0}', b'{"limit":201}', b'{"before":-1}', b'{"filter":7}', b'{"q":"a"}']
)
def test_what_is_out_of_bounds_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=ExchangesSearch)
