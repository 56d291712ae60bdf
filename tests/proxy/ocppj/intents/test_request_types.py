import msgspec
import pytest

from oye_proxy.ocppj.intents.request_types import Request


def test_every_request_may_confirm_and_knows_nothing_else() -> None:
    assert msgspec.convert({"confirm": True}, Request).confirm
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"force": True}, Request)
