import msgspec
import pytest

from oye_proxy.api.intent_models import ModeRequest, ModeSet
from oye_proxy.ocppj.modes import Mode


def test_a_mode_is_one_of_those_that_exist() -> None:
    assert ModeRequest(mode=Mode.MONITOR) == msgspec.convert({"mode": "monitor"}, ModeRequest)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"mode": "off"}, ModeRequest)


def test_the_answer_looks_like_that_of_a_command() -> None:
    expected = {"status": "done", "accepted": True, "mode": "forward"}

    assert expected == msgspec.to_builtins(ModeSet(mode=Mode.FORWARD))
