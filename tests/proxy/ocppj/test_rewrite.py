"""A rewrite changes one value and no other character (docs/OCPP.md, promise 1)."""

import json
from typing import Any, TypeAlias

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oye_proxy.errors import RewriteError
from oye_proxy.ocppj.rewrite import messages_in_queue, offline, put, replace, with_message_id

STOP = (3, "transactionId")


class TestReplace:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("1000000001", "42"),
            ('"1000000001"', "42"),
            ("-1", "42"),
            ("1.0E+9", "42"),
            ("null", "42"),
            ('{"a":[1,{"b":"}]"}]}', "42"),
            ("[ ]", "42"),
            ('"\\"}"', "42"),
            ("7", '"seven"'),
        ],
    )
    def test_a_value_of_any_kind_is_replaced(self, before: str, after: str) -> None:
        text = f'[2,"7","StopTransaction",{{"transactionId":{before},"meterStop":1}}]'
        expected = f'[2,"7","StopTransaction",{{"transactionId":{after},"meterStop":1}}]'

        assert expected == replace(text, STOP, after)

    @pytest.mark.parametrize(
        "odd",
        [
            '"a" : 1.50 , "b":1E5, "c": -0.0, "d":123456789012345678901234567890',
            f'"long": {"9" * 5_000}',
            '"far":1e999',
            '"car":"\\ud83d\\ude97 🚗 \\u00e4\\/"',
            '"lone":"\\ud83d", "\\ude97":"\ud83d"',
            '"twice":1,"twice":2,"":{"transactionId":5}',
            '"text":"\\"transactionId\\":9, ]}", "slash":"\\\\"',
            '\n\t "nested" :\r[ [ ] , { } , [{"transactionId":1}] ]',
        ],
    )
    def test_everything_else_survives_character_by_character(self, odd: str) -> None:
        head, tail = (
            f' [ 2,"7" ,"StopTransaction",\t{{{odd} , "transactionId" : ',
            f",{odd}  }} ]\n",
        )

        if '"twice"' in odd:
            # Other names may occur as often as they like.
            assert f"{head}42{tail}" == replace(f"{head}1000000001{tail}", STOP, "42")
        assert f"{head}42 }}]" == replace(f"{head}1000000001 }}]", STOP, "42")

    def test_a_name_is_found_in_its_escapes(self) -> None:
        text = '[2,"7","StopTransaction",{"\\u0074ransaction\\u0049d":1}]'

        assert text.replace(":1}", ":42}") == replace(text, STOP, "42")

    def test_a_path_leads_through_arrays_and_objects(self) -> None:
        text = '[2,"7","A",{"x":[{"y":0},{"y":[1,2,3]}]}]'

        assert '[2,"7","A",{"x":[{"y":0},{"y":[1,9,3]}]}]' == replace(
            text, (3, "x", 1, "y", 1), "9"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "   ",
            "garbage",
            '[2,"7","StopTransaction",{"transactionId":1}',
            '[2,"7","StopTransaction",{"transactionId":1}]]',
            '[2,"7","StopTransaction",{"transactionId":1}] AT+CREG',
            '[2,"7","StopTransaction",{"transactionId":1,}]',
            '[2,"7","StopTransaction",{"transactionId":1,"x":01}]',
            '[2,"7","StopTransaction",{"transactionId":1,"x":NaN}]',
            '[2,"7","StopTransaction",{"transactionId":1,"x":"\n"}]',
            '[2,"7","StopTransaction",{"transactionId":1,"x":"\\q"}]',
            '[2,"7","StopTransaction",{\'transactionId\':1}]',
            '\ufeff[2,"7","StopTransaction",{"transactionId":1}]',
        ],
    )
    def test_what_is_not_json_is_not_touched(self, text: str) -> None:
        with pytest.raises(RewriteError, match="not JSON"):
            replace(text, STOP, "42")

    @pytest.mark.parametrize(
        "text",
        [
            "[" * 200_000,
            '{"a":' * 200_000,
            f'[2,"7","StopTransaction",{{"transactionId":1,"x":{"[" * 100_000}{"]" * 100_000}}}]',
        ],
    )
    def test_hostile_nesting_is_refused(self, text: str) -> None:
        with pytest.raises(RewriteError, match="nested too deeply"):
            replace(text, STOP, "42")

    @pytest.mark.parametrize(
        "text",
        [
            "7",
            '"text"',
            "[]",
            "{}",
            '[2,"7","StopTransaction"]',
            '[2,"7","StopTransaction",null]',
            '[2,"7","StopTransaction",[]]',
            '[2,"7","StopTransaction",{}]',
            '[2,"7","StopTransaction",{"TransactionId":1}]',
            '[2,"7","StopTransaction",{"x":{"transactionId":1}}]',
            '{"3":{"transactionId":1}}',
        ],
    )
    def test_a_path_that_is_absent_is_refused(self, text: str) -> None:
        with pytest.raises(RewriteError, match="the text has no"):
            replace(text, STOP, "42")

    @pytest.mark.parametrize(
        "second", ["transactionId", "\\u0074ransactionId", "transaction\\u0049d"]
    )
    def test_a_name_that_occurs_twice_is_refused(self, second: str) -> None:
        """Readers differ in which of the two they take."""
        text = f'[2,"7","StopTransaction",{{"transactionId":1,"x":0,"{second}":2}}]'

        with pytest.raises(RewriteError, match="transactionId occurs twice"):
            replace(text, STOP, "42")

    def test_a_name_on_the_way_that_occurs_twice_is_refused(self) -> None:
        text = '[2,"7","A",{"p":{"transactionId":1},"\\u0070":{}}]'

        with pytest.raises(RewriteError, match="p occurs twice"):
            replace(text, (3, "p", "transactionId"), "42")

    @pytest.mark.parametrize("action", ["StopTransaction-Signed", "X\\u002dSigned"])
    def test_a_signed_message_is_not_touched(self, action: str) -> None:
        """P4/Q4 7.1: the signature covers the message."""
        text = f'[2,"7","{action}",{{"transactionId":1}}]'

        with pytest.raises(RewriteError, match="signed message"):
            replace(text, STOP, "42")
        with pytest.raises(RewriteError, match="signed message"):
            with_message_id(text, "8")
        with pytest.raises(RewriteError, match="signed message"):
            offline(text)

    @pytest.mark.parametrize(
        ("sampled_value", "path"),
        [
            ('{"value":"a","format":"SignedData"}', ("value",)),
            ('{"format":"\\u0053ignedData","value":"a"}', ("value",)),
            (
                '{"signedMeterValue":{"signedMeterData":"a"}}',
                ("signedMeterValue", "signedMeterData"),
            ),
            ('{"SignedData":{"x":1}}', ("SignedData", "x")),
        ],
    )
    def test_a_signed_meter_value_is_not_touched(
        self, sampled_value: str, path: tuple[str, ...]
    ) -> None:
        text = f'[2,"7","MeterValues",{{"sampledValue":[{sampled_value}]}}]'

        with pytest.raises(RewriteError, match="signed data"):
            replace(text, (3, "sampledValue", 0, *path), '"b"')

    def test_values_beside_a_signed_one_may_change(self) -> None:
        signed = '"meterValue":[{"sampledValue":[{"value":"a","format":"SignedData"}]}]'
        text = f'[2,"7","MeterValues",{{{signed},"transactionId":1}}]'

        assert text.replace('Id":1', 'Id":42') == replace(text, STOP, "42")

    @pytest.mark.parametrize(
        "value", ["", " 42", "42 ", "4 2", '42,"x":1', '"a', "}", "1}]", "tru"]
    )
    def test_what_is_not_one_value_is_not_put_in(self, value: str) -> None:
        with pytest.raises(RewriteError):
            replace('[2,"7","StopTransaction",{"transactionId":1}]', STOP, value)


class TestPut:
    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            ("{}", '{"n":1}'),
            ("{ \n}", '{"n":1 \n}'),
            ('{"a":2}', '{"n":1,"a":2}'),
            ('{ "a" : 2 }', '{"n":1, "a" : 2 }'),
            ('{"a":{"n":5}}', '{"n":1,"a":{"n":5}}'),
            ('{"a":"}","a":2}', '{"n":1,"a":"}","a":2}'),
        ],
    )
    def test_an_absent_member_becomes_the_first_one(self, payload: str, expected: str) -> None:
        assert f"[3,{expected} ]" == put(f"[3,{payload} ]", (1,), "n", "1")

    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            ('{"n":null}', '{"n":1}'),
            ('{"a":2, "\\u006e" : {"n":3} }', '{"a":2, "\\u006e" : 1 }'),
        ],
    )
    def test_a_present_member_is_replaced_where_it_is(self, payload: str, expected: str) -> None:
        assert f"[3,{expected}]" == put(f"[3,{payload}]", (1,), "n", "1")

    def test_a_member_that_occurs_twice_is_refused(self) -> None:
        with pytest.raises(RewriteError, match="n occurs twice"):
            put('[3,{"n":1,"\\u006e":1}]', (1,), "n", "1")

    @pytest.mark.parametrize("payload", ["[]", "null", '"{}"', "7"])
    def test_only_an_object_has_members(self, payload: str) -> None:
        with pytest.raises(RewriteError, match="no object"):
            put(f"[3,{payload}]", (1,), "n", "1")

    def test_nothing_is_put_into_signed_data(self) -> None:
        with pytest.raises(RewriteError, match="signed data"):
            put('[{"format":"SignedData","value":"a"}]', (0,), "n", "1")

    def test_a_name_may_need_escapes(self) -> None:
        assert '[{"\\"n":1}]' == put("[{}]", (0,), '"n', "1")


class TestWithMessageId:
    @pytest.mark.parametrize("token", ['"7"', "7", '"\\u0037"', f'"{"x" * 60}"'])
    def test_the_second_element_changes(self, token: str) -> None:
        """A replay gets a fresh id when its own is taken."""
        text = '[2, %s ,"Heartbeat",{ }]'

        assert text % '"new"' == with_message_id(text % token, "new")

    def test_without_an_id_there_is_nothing_to_change(self) -> None:
        with pytest.raises(RewriteError, match="no element 1"):
            with_message_id("[2]", "new")


class TestOffline:
    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            ('{"seqNo":0}', '{"offline":true,"seqNo":0}'),
            ('{"seqNo":0, "offline": false}', '{"seqNo":0, "offline": true}'),
            ('{"offline":true}', '{"offline":true}'),
        ],
    )
    def test_an_event_that_is_replayed_happened_offline(self, payload: str, expected: str) -> None:
        """E04.FR.03, E12.FR.02."""
        head = '[2,"7","TransactionEvent",'

        assert f"{head}{expected}]" == offline(f"{head}{payload}]")

    def test_an_event_without_payload_cannot_say_so(self) -> None:
        with pytest.raises(RewriteError, match="no element 3"):
            offline('[2,"7","TransactionEvent"]')


class TestMessagesInQueue:
    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            ('{"messagesInQueue":false}', '{"messagesInQueue":true}'),
            ('{"ongoingIndicator":true}', '{"messagesInQueue":true,"ongoingIndicator":true}'),
        ],
    )
    def test_the_journal_counts_as_the_chargers_queue(self, payload: str, expected: str) -> None:
        """E14.FR.04, E14.FR.07."""
        assert f'[3,"7",{expected}]' == messages_in_queue(f'[3,"7",{payload}]')

    def test_an_error_says_nothing_of_a_queue(self) -> None:
        with pytest.raises(RewriteError, match="no object"):
            messages_in_queue('[4,"7","InternalError","",{}]')


# Properties over texts that no serialiser would write.

Path: TypeAlias = tuple[int | str, ...]


class Members(list[tuple[str, Any]]):
    """The members of an object in their order, whatever their names."""


DECODER = json.JSONDecoder(object_pairs_hook=Members, parse_int=str, parse_float=str)
MARK = '"\u27e8mark\u27e9"'

SPACES = st.sampled_from(["", "", "", " ", "\n", "\t \r\n"])
STRINGS = st.one_of(
    st.sampled_from(['""', '"a"', '"\\u0061"', '"\\ud800"', '"\\\\"', '"\\"]}"', '"{["', '"b🚗"']),
    st.text(max_size=5).map(json.dumps),
    st.text(max_size=5).map(lambda text: json.dumps(text, ensure_ascii=False)),
)
SCALARS = st.one_of(
    st.sampled_from(["null", "true", "false", "0", "-0", "1.50", "1E5", "1e999", "9" * 30]), STRINGS
)


def _spaced(first: str, inner: str, second: str) -> str:
    return f"{first}{inner}{second}"


def _nested(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    spaced = st.builds(_spaced, SPACES, values, SPACES)
    members = st.builds("{}{}{}:{}".format, SPACES, STRINGS, SPACES, spaced)
    inside_array = st.one_of(SPACES, st.lists(spaced, min_size=1, max_size=4).map(",".join))
    inside_object = st.one_of(SPACES, st.lists(members, min_size=1, max_size=4).map(",".join))
    return st.one_of(inside_array.map("[{}]".format), inside_object.map("{{{}}}".format))


VALUES = st.recursive(SCALARS, _nested, max_leaves=12)
ARRAYS = st.builds(
    "{}[{}]{}".format, SPACES, st.lists(VALUES, min_size=1, max_size=4).map(" ,".join), SPACES
)


def _paths(value: Any, path: Path = ()) -> list[Path]:
    """Return the paths of all values inside, those of doubled names too."""
    match value:
        case Members():
            inner = [path_ for name, item in value for path_ in _paths(item, (*path, name))]
        case list():
            inner = [
                path_ for index, item in enumerate(value) for path_ in _paths(item, (*path, index))
            ]
        case _:
            inner = []
    return [path, *inner] if path else inner


def _at(value: Any, path: Path) -> tuple[Any, bool]:
    """Return the value at a path, and whether it is the only one there."""
    for step in path:
        if isinstance(step, str):
            found = [item for name, item in value if name == step]
            if len(found) > 1:
                return None, False
            value = found[0]
        else:
            value = value[step]
    return value, True


def _changed(value: Any, path: Path, new: Any) -> Any:
    """Return the decoded value with another one at the path."""
    if not path:
        return new
    step, *rest = path
    if isinstance(value, Members):
        return Members(
            (name, _changed(item, tuple(rest), new) if name == step else item)
            for name, item in value
        )
    return [
        _changed(item, tuple(rest), new) if index == step else item
        for index, item in enumerate(value)
    ]


@given(ARRAYS, st.data())
def test_only_the_value_changes_whatever_the_text(text: str, data: st.DataObject) -> None:
    decoded = DECODER.decode(text)
    path = data.draw(st.sampled_from(_paths(decoded)))
    before, single = _at(decoded, path)
    if not single:
        with pytest.raises(RewriteError, match="occurs twice"):
            replace(text, path, MARK)
        return

    result = replace(text, path, MARK)

    head, tail = result.split(MARK)
    assert text.startswith(head)
    assert text.endswith(tail)
    assert before == DECODER.decode(text[len(head) : len(text) - len(tail)])
    assert _changed(decoded, path, json.loads(MARK)) == DECODER.decode(result)


@given(ARRAYS, st.data())
def test_only_one_member_is_added_whatever_the_text(text: str, data: st.DataObject) -> None:
    decoded = DECODER.decode(text)
    objects = [path for path in _paths(decoded) if isinstance(_at(decoded, path)[0], Members)]
    assume(objects)
    path = data.draw(st.sampled_from(objects))

    result = put(text, path, "\u27e8name\u27e9", MARK)

    members = Members([("\u27e8name\u27e9", json.loads(MARK)), *_at(decoded, path)[0]])
    inserted = f'"\u27e8name\u27e9":{MARK}'
    assert text == result.replace(f"{inserted},", "").replace(inserted, "")
    assert _changed(decoded, path, members) == DECODER.decode(result)


@given(st.one_of(st.text(), st.text(alphabet='[]{}",:\\ 01ab-.eE', max_size=40)), VALUES)
def test_any_text_is_rewritten_or_refused(text: str, value: str) -> None:
    try:
        result = replace(text, (1,), value)
    except RewriteError:
        return

    assert DECODER.decode(value) == DECODER.decode(result)[1]
