"""Both versions say everything that behaviour asks for."""

import inspect

import pytest

from oye_proxy.simulator.messages import ChargerMessages
from oye_proxy.simulator.messages_v2 import MessagesV2
from oye_proxy.simulator.messages_v16 import MessagesV16


@pytest.mark.parametrize("version", [MessagesV16, MessagesV2])
def test_a_version_has_every_message_with_the_same_arguments(version: type) -> None:
    for name, wanted in inspect.getmembers(ChargerMessages, inspect.isfunction):
        if not name.startswith("_"):
            has = inspect.signature(getattr(version, name))
            assert list(inspect.signature(wanted).parameters) == list(has.parameters)
