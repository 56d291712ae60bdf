"""The messages are one union, told apart by `type`."""

from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest

from oye_proxy.api.live_messages import ClientMessage, GapMessage, IssuesMessage, LiveMessage

NAMES = {"snapshot", "charger", "charger_removed", "issues", "event", "frame", "gap", "error"}


def test_every_message_has_its_name() -> None:
    tags = [message.__struct_config__.tag for message in get_args(LiveMessage)]

    assert NAMES == set(tags)
    assert len(NAMES) == len(tags)


@pytest.mark.parametrize(
    "message",
    [
        IssuesMessage(seq=1, issues=()),
        GapMessage(
            seq=2,
            dropped=3,
            first_time=datetime(2026, 1, 1, tzinfo=UTC),
            last_time=datetime(2026, 1, 2, tzinfo=UTC),
        ),
    ],
)
def test_type_and_number_lead_back_to_the_message(message: LiveMessage) -> None:
    assert message == msgspec.json.decode(msgspec.json.encode(message), type=LiveMessage)


@pytest.mark.parametrize(
    "text", [b'{"subscribe":"all"}', b'{"filter":1}', b'{"subscibe":"frames"}']
)
def test_a_client_message_that_is_not_described_is_refused(text: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=ClientMessage)
