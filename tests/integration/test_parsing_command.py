"""The answer to a command."""

import pytest
from custom_components.oye.parsing_base import InvalidAnswerError
from custom_components.oye.parsing_command import parse_command_result


def test_the_result_of_a_command_is_read() -> None:
    result = parse_command_result(
        {
            "status": "sent",
            "messageId": "m",
            "queued": True,
            "accepted": False,
            "response": {"status": "Rejected"},
            "followUps": [{"seqNo": 0}],
            "complete": False,
            "warnings": ["slow"],
        }
    )
    bare = parse_command_result({"status": "sent"})

    assert (False, {"status": "Rejected"}, ({"seqNo": 0},), False) == (
        result.accepted,
        result.response,
        result.follow_ups,
        result.complete,
    )
    assert (None, None, ()) == (bare.accepted, bare.complete, bare.warnings)
    with pytest.raises(InvalidAnswerError):
        parse_command_result({})
