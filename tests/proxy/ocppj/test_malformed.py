"""Every row of the table of malformed input, standalone columns (docs/OCPP.md)."""

import json

import pytest

from oye_proxy.ocppj.frames import MalformedError, MessageId, parse
from oye_proxy.ocppj.malformed import answer_malformed, answer_unknown_type
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion
UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
DEEP = '[2,"7","Heartbeat",' + "[" * 100_000

Expected = tuple[str, str] | None
FRAMEWORK: Expected = ("-1", "RpcFrameworkError")


def _answered(version: OcppVersion, text: str) -> Expected:
    with pytest.raises(MalformedError) as raised:
        parse(text)
    answer = answer_malformed(version, raised.value)
    if answer is None:
        return None
    message_type, message_id, code, description, details = json.loads(answer)
    assert 4 == message_type
    assert {} == details
    assert 0 < len(description) <= 255
    return message_id, code


@pytest.mark.parametrize(
    ("text", "in_1_6", "in_2_0_1", "in_2_1"),
    [
        ("", None, None, None),
        (" \r\n", None, None, None),
        ("AT+CSQ", None, FRAMEWORK, FRAMEWORK),
        ('{"id": 7}', None, FRAMEWORK, FRAMEWORK),
        ('"text"', None, FRAMEWORK, FRAMEWORK),
        ("7", None, FRAMEWORK, FRAMEWORK),
        ("[]", None, FRAMEWORK, FRAMEWORK),
        (
            '[2,"7","Heartbeat",{]',
            ("7", "FormationViolation"),
            ("7", "FormatViolation"),
            ("7", "FormatViolation"),
        ),
        (
            '[2,"7","Heartbeat",{}]\x00OK',
            ("7", "FormationViolation"),
            ("7", "FormatViolation"),
            ("7", "FormatViolation"),
        ),
        (
            f'[2,"{UUID}","GetCon',
            (UUID, "FormationViolation"),
            (UUID, "FormatViolation"),
            (UUID, "FormatViolation"),
        ),
        (
            DEEP,
            ("7", "FormationViolation"),
            ("7", "FormatViolation"),
            ("7", "FormatViolation"),
        ),
        ('[2,"7', None, FRAMEWORK, FRAMEWORK),
        ('[2,"a\\qb","Heartbeat",{}]', None, FRAMEWORK, FRAMEWORK),
        ('[2,"a\tb","Heartbeat",{}]', None, FRAMEWORK, FRAMEWORK),
        ('[2,"\\ud800","Heartbeat",{}]', None, FRAMEWORK, FRAMEWORK),
        ('[2,07,"Heartbeat",{}]', None, FRAMEWORK, FRAMEWORK),
        ('[9,"7","Heartbeat",{}]', None, ("7", "MessageTypeNotSupported"), None),
        ('["2","7","Heartbeat",{}]', None, ("7", "MessageTypeNotSupported"), None),
        ('[{},null,"Heartbeat",{}]', None, ("-1", "MessageTypeNotSupported"), None),
        ("[2]", None, FRAMEWORK, FRAMEWORK),
        ('[2,null,"Heartbeat",{}]', None, FRAMEWORK, FRAMEWORK),
        ('[2,"","Heartbeat",{}]', None, FRAMEWORK, FRAMEWORK),
        ('[2,{},"Heartbeat",{}]', None, FRAMEWORK, FRAMEWORK),
        (
            '[2,"7"]',
            ("7", "FormationViolation"),
            ("7", "FormatViolation"),
            ("7", "FormatViolation"),
        ),
        (
            '[2,"7",5,{}]',
            ("7", "FormationViolation"),
            ("7", "FormatViolation"),
            ("7", "FormatViolation"),
        ),
    ],
)
def test_each_row_is_answered_as_the_version_says(
    text: str, in_1_6: Expected, in_2_0_1: Expected, in_2_1: Expected
) -> None:
    assert [in_1_6, in_2_0_1, in_2_1] == [_answered(version, text) for version in OcppVersion]


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize(
    "text", ['[3,"7",{', '[4,"7","Generic', "[3]", "[4,null]", '[5,"7",', '[6,"7",3,{}]', "[6]"]
)
def test_answers_and_sends_are_never_answered(version: OcppVersion, text: str) -> None:
    """A CALLERROR about an answer would look like the answer to a CALL of the charger."""
    assert _answered(version, text) is None


def test_a_numeric_id_is_echoed_as_that_number() -> None:
    """J16 4.1.4 wants a string; what arrived is what the charger can match."""
    with pytest.raises(MalformedError) as raised:
        parse("[2,7.50,true,{}]")

    assert '[4,7.50,"FormationViolation","action is not a string",{}]' == answer_malformed(
        V1_6, raised.value
    )


def test_types_of_a_later_version_are_unknown_to_the_earlier() -> None:
    """P4 4.4; J16 and Q4 4.1.3 ignore them."""
    message_id = MessageId.of("7")

    assert answer_unknown_type(V1_6, message_id) is None
    assert answer_unknown_type(V2_1, message_id) is None
    assert '[4,"7","MessageTypeNotSupported","message type is unknown",{}]' == answer_unknown_type(
        V2_0_1, message_id
    )
