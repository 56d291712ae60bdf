import msgspec
import pytest

from oye_proxy.api.injection_models import MAX_WAIT, Sent, WaitQuery


def test_what_is_not_told_is_absent() -> None:
    assert b'{"status":"sent","messageId":"m-1"}' == msgspec.json.encode(Sent(message_id="m-1"))


@pytest.mark.parametrize("wait", [0.5, MAX_WAIT + 1])
def test_nobody_waits_for_ever(wait: float) -> None:
    assert MAX_WAIT == msgspec.convert({"wait": MAX_WAIT}, WaitQuery).wait
    with pytest.raises(msgspec.ValidationError, match="wait"):
        msgspec.convert({"wait": wait}, WaitQuery)
