"""Reading the head of a frame, keeping its text; building frames of our own."""

import json
from typing import Any

import pytest
from msgspec import structs

from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    Fault,
    MalformedError,
    MessageId,
    SendFrame,
    build_call,
    build_error,
    build_result,
    parse,
    uuids_in,
)

UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def malformed(text: str) -> MalformedError:
    with pytest.raises(MalformedError) as raised:
        parse(text)
    return raised.value


class TestParse:
    def test_a_call(self) -> None:
        text = '[2,"a","Heartbeat",{"n":1.0}]'

        assert Call(
            message_id=MessageId.of("a"),
            text=text,
            payload_text='{"n":1.0}',
            action="Heartbeat",
        ) == parse(text)

    def test_a_result(self) -> None:
        text = '[3,"a",{"status":"Accepted"}]'
        frame = parse(text)

        assert isinstance(frame, CallResult)
        assert (text, {"status": "Accepted"}) == (frame.text, frame.payload)

    @pytest.mark.parametrize(("number", "kind"), [(4, CallError), (5, CallResultError)])
    def test_an_error(self, number: int, kind: type[CallError | CallResultError]) -> None:
        """OCPP 2.1 has the same shape for types 4 and 5 (Q4 4.2.3, 4.2.5)."""
        frame = parse(f'[{number},"a","InternalError","why",{{"b":1}}]')

        assert isinstance(frame, kind)
        assert ("InternalError", "why", {"b": 1}) == (frame.code, frame.description, frame.payload)

    @pytest.mark.parametrize("text", ['[4,"a"]', '[4,"a",null,7]'])
    def test_an_error_that_says_nothing_is_an_error(self, text: str) -> None:
        frame = parse(text)

        assert isinstance(frame, CallError)
        assert ("", "", {}) == (frame.code, frame.description, frame.payload)

    def test_a_send(self) -> None:
        """Q4 4.2.4."""
        frame = parse('[6,"a","NotifyPeriodicEventStream",{"id":1}]')

        assert isinstance(frame, SendFrame)
        assert ("NotifyPeriodicEventStream", {"id": 1}) == (frame.action, frame.payload)

    def test_white_space_does_not_matter(self) -> None:
        frame = parse(' [ 2 ,\t"a" ,\n"Heart\\u0062eat" , { } ] ')

        assert isinstance(frame, Call)
        assert ("Heartbeat", "a", {}) == (frame.action, frame.message_id.key, frame.payload)

    @pytest.mark.parametrize("text", ['[2,"a","X"]', '[2,"a","X",null]', '[3,"a"]', '[3,"a",null]'])
    def test_a_missing_or_null_payload_reads_as_empty(self, text: str) -> None:
        """J16 4.2.1."""
        assert {} == parse(text).payload

    def test_more_than_four_elements_are_surplus(self) -> None:
        frame = parse('[2,"a","X",{"n":1},2]')

        assert isinstance(frame, Call)
        assert frame.surplus
        assert {"n": 1} == frame.payload

    def test_a_payload_that_cannot_be_decoded_reads_as_none(self) -> None:
        """Observers give up; forwarding goes on."""
        frame = parse('[3,"a",{}]')

        assert structs.replace(frame, payload_text="{").payload is None
        assert structs.replace(frame, payload_text="[" * 100_000).payload is None

    def test_of_a_key_that_occurs_twice_the_last_counts(self) -> None:
        assert {"a": 2} == parse('[3,"a",{"a":1,"a":2}]').payload


class TestMalformed:
    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("", Fault.EMPTY),
            (" \r\n", Fault.EMPTY),
            ("AT+CSQ", Fault.NOT_JSON),
            ("[" * 100_000, Fault.NOT_JSON),
            ('[2,"a","X",{}] trailing', Fault.NOT_JSON),
            ("[٢,7]", Fault.NOT_JSON),
            ("\ufeff[2]", Fault.NOT_JSON),
            ("\ud800", Fault.NOT_JSON),
            ("{}", Fault.NOT_AN_ARRAY),
            ('"[2]"', Fault.NOT_AN_ARRAY),
            ("null", Fault.NOT_AN_ARRAY),
            ("[]", Fault.NOT_AN_ARRAY),
            ('[1,"a"]', Fault.UNKNOWN_TYPE),
            ('[7,"a"]', Fault.UNKNOWN_TYPE),
            ('[22,"a"]', Fault.UNKNOWN_TYPE),
            ('[2.0,"a","X",{}]', Fault.UNKNOWN_TYPE),
            ('["2","a","X",{}]', Fault.UNKNOWN_TYPE),
            ("[2]", Fault.NO_ID),
            ("[3,null,{}]", Fault.NO_ID),
            ('[3,"",{}]', Fault.NO_ID),
            ("[3,true,{}]", Fault.NO_ID),
            ("[3,[],{}]", Fault.NO_ID),
            ('[2,"a"]', Fault.NO_ACTION),
            ('[2,"a",7,{}]', Fault.NO_ACTION),
            ('[6,"a",null,{}]', Fault.NO_ACTION),
        ],
    )
    def test_it_says_what_is_wrong(self, text: str, fault: Fault) -> None:
        assert fault is malformed(text).fault

    @pytest.mark.parametrize(
        ("text", "message_type", "token", "action"),
        [
            ('[2,"a","Heartbeat",{', 2, '"a"', "Heartbeat"),
            ('[2,"a","Heart', 2, '"a"', None),
            ('[3,"a\\"b",{"x":]', 3, '"a\\"b"', None),
            ("[ 4 , 17 ,", 4, "17", None),
            ('[22,"a",', None, '"a"', None),
            ('[3,"",', 3, None, None),
            ('[3,"a', None, None, None),
            ('AT [3,"a",', None, None, None),
        ],
    )
    def test_the_head_is_recovered_from_what_is_not_json(
        self, text: str, message_type: int | None, token: str | None, action: str | None
    ) -> None:
        error = malformed(text)

        assert (message_type, action) == (error.message_type, error.action)
        assert token == (error.message_id.token if error.message_id else None)

    def test_a_long_run_of_quotes_takes_no_long_time(self) -> None:
        """The expressions are linear in the length of the text; else this would not end."""
        for text in ('[2,"' + '\\"' * 200_000, "[" + " " * 200_000, "a-" * 200_000):
            assert malformed(text).message_id is None
            assert [] == uuids_in(text)


class TestMessageId:
    """Ids compare by their JSON token; UUIDs whatever their case."""

    @pytest.mark.parametrize(
        ("one", "other", "equal"),
        [
            ('"a"', '"a"', True),
            ('"a"', '"A"', False),
            ('"a"', '"\\u0061"', True),
            (f'"{UUID}"', f'"{UUID.upper()}"', True),
            ("7", "7", True),
            ("7", '"7"', False),
            ("7", '"#7"', False),
            ('"#7"', '"##7"', False),
            ("7", "7.0", False),
        ],
    )
    def test_what_is_equal(self, one: str, other: str, equal: bool) -> None:  # noqa: FBT001
        keys = [MessageId.from_token(token).key for token in (one, other)]

        assert equal == (keys[0] == keys[1])

    @pytest.mark.parametrize(
        ("token", "text"),
        [('"a"', "a"), ("7", "7"), ('"#7"', "#7"), ('"##"', "##"), ('"\\u0061\\n"', "a\n")],
    )
    def test_people_read_it_without_quotes(self, token: str, text: str) -> None:
        assert text == MessageId.from_token(token).text

    @pytest.mark.parametrize("text", ["a", "#7", 'quo"te', "é", UUID])
    def test_the_id_of_an_own_frame_equals_its_echo(self, text: str) -> None:
        identity = MessageId.of(text)

        assert identity == MessageId.from_token(identity.token)
        assert text == identity.text

    @pytest.mark.parametrize(
        ("token", "key"),
        [
            ('"a\\qb"', "a\\qb"),
            ('"a\tb"', "a\tb"),
            ('"a\nb"', "a\nb"),
            ('"\\ud800"', "\\ud800"),
            ('"\ud800"', "\ud800"),
            ('"\\u12"', "\\u12"),
            ("01", "#01"),
            ("1.", "#1."),
            ("1e", "#1e"),
            ("1-2", "#1-2"),
        ],
    )
    def test_an_id_that_is_no_json_names_what_was_meant_and_is_not_echoed(
        self, token: str, key: str
    ) -> None:
        error = malformed(f'[2,{token},"Heartbeat",{{}}]')

        assert (None, key) == (error.message_id, error.id_key)

    @pytest.mark.parametrize("token", ['"a\\nb"', '"\\ud83d\\ude00"', "7", "-1.5e3", "1e999"])
    def test_an_id_that_is_json_is_recovered_from_a_text_that_is_not(self, token: str) -> None:
        error = malformed(f'[2,{token},"Heartbeat",{{')

        assert MessageId.from_token(token) == error.message_id
        assert MessageId.from_token(token).key == error.id_key

    def test_an_empty_id_names_nothing(self) -> None:
        assert malformed('[2,"","Heartbeat",{').id_key is None


class TestBuild:
    def test_a_call(self) -> None:
        call = build_call(UUID, "Reset", {"type": "Soft"})

        assert f'[2,"{UUID}","Reset",{{"type":"Soft"}}]' == call.text
        assert call == parse(call.text)

    @pytest.mark.parametrize("action", ['x",{}],[2', "é", "\n"])
    def test_an_action_cannot_break_out_of_its_place(self, action: str) -> None:
        call = build_call("a", action, {})

        assert [2, "a", action, {}] == json.loads(call.text)

    @pytest.mark.parametrize("token", ["7", '"a"', '"\\u0061"', f'"{UUID.upper()}"'])
    def test_an_answer_echoes_the_token(self, token: str) -> None:
        identity = MessageId.from_token(token)

        assert f"[3,{token},{{}}]" == build_result(identity, {}).text
        assert f'[4,{token},"InternalError","",{{}}]' == build_error(identity, "InternalError").text

    def test_an_error_has_five_elements_and_a_short_description(self) -> None:
        """J16 4.2.3, P4/Q4 4.2.3: at most 255 characters."""
        error = build_error(MessageId.of("a"), "InternalError", 'é"' * 200)
        elements: list[Any] = json.loads(error.text)

        assert [4, "a", "InternalError", ('é"' * 200)[:255], {}] == elements
        assert error == parse(error.text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (UUID, [UUID]),
        (f"AT+OK [3,'{UUID.upper()}' and {UUID}", [UUID, UUID]),
        (UUID[:-1], []),
        (f"ab{UUID}", [UUID]),
    ],
)
def test_uuids_are_found_in_any_text(text: str, found: list[str]) -> None:
    assert found == uuids_in(text)
