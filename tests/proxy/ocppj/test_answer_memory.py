"""A repeated CALL gets the same answer (docs/OCPP.md, malformed input)."""

from oye_proxy.ocppj.answer_memory import ANSWERS, AnswerMemory
from oye_proxy.ocppj.frames import Call, parse


def _call(text: str) -> Call:
    frame = parse(text)
    assert isinstance(frame, Call)
    return frame


HEARTBEAT = '[2,"7","Heartbeat",{}]'


def test_the_same_id_and_text_get_the_same_answer() -> None:
    memory = AnswerMemory()

    memory.remember(_call(HEARTBEAT), "[3]")

    assert "[3]" == memory.recall(_call(HEARTBEAT))


def test_the_same_id_with_another_text_is_a_new_call() -> None:
    memory = AnswerMemory()

    memory.remember(_call(HEARTBEAT), "[3]")

    assert memory.recall(_call('[2,"7","Heartbeat",{ }]')) is None


def test_a_new_connection_begins_with_an_empty_memory() -> None:
    """Some chargers count their ids from 1 after each start."""
    memory = AnswerMemory()
    memory.remember(_call(HEARTBEAT), "[3]")

    memory.clear()

    assert memory.recall(_call(HEARTBEAT)) is None


def test_the_oldest_answer_is_forgotten_first() -> None:
    memory = AnswerMemory()
    calls = [_call(f'[2,"{number}","Heartbeat",{{}}]') for number in range(ANSWERS + 1)]

    for call in calls:
        memory.remember(call, "[3]")

    assert [None] + ["[3]"] * ANSWERS == [memory.recall(call) for call in calls]
