import pytest

from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.printer import LINE_LENGTH, CsmsPrinter, FramePrinter


@pytest.mark.parametrize(
    ("text", "outgoing", "expected"),
    [
        ('[2,"1","Reset",{"type":"Soft"}]', False, '<- Reset {"type":"Soft"}'),
        ('[3,"0",{"a":1}]', True, '-> Heartbeat answered {"a":1}'),
        ('[3,"9",{}]', True, "-> (unknown) answered {}"),
        ('[4,"0","NotSupported","no",{}]', True, "-> Heartbeat failed NotSupported no"),
        ('[5,"0","GenericError","",{}]', True, "-> Heartbeat failed GenericError"),
        ('[6,"2","NotifyPeriodicEventStream",{}]', True, "-> NotifyPeriodicEventStream (send) {}"),
        ("AT\r\n", True, "-> (no frame) AT??"),
    ],
)
def test_a_frame_is_one_clear_line(text: str, outgoing: bool, expected: str) -> None:  # noqa: FBT001
    lines: list[str] = []
    printer = FramePrinter("CP1", ManualClock(), lines.append)
    printer('[2,"0","Heartbeat",{}]', outgoing=False)

    printer(text, outgoing=outgoing)

    assert f"00:00:00 CP1 {expected}\n" == lines[-1]


def test_long_lines_are_cut() -> None:
    lines: list[str] = []

    FramePrinter("CP1", ManualClock(), lines.append)("x" * 500, outgoing=True)

    assert LINE_LENGTH + 1 == len(lines[0])
    assert lines[0].endswith("…\n")


def test_only_recent_calls_are_remembered() -> None:
    lines: list[str] = []
    printer = FramePrinter("CP1", ManualClock(), lines.append)
    for number in range(101):
        printer(f'[2,"{number}","Heartbeat",{{}}]', outgoing=True)

    printer('[3,"0",{}]', outgoing=False)
    printer('[3,"1",{}]', outgoing=False)

    assert "(unknown) answered" in lines[-2]
    assert "Heartbeat answered" in lines[-1]


def test_a_csms_shows_each_charger_under_its_name() -> None:
    lines: list[str] = []
    printer = CsmsPrinter(ManualClock(), lines.append)

    printer("A", '[2,"1","Heartbeat",{}]', outgoing=False)
    printer("B", '[3,"1",{}]', outgoing=True)

    assert ["00:00:00 A <- Heartbeat {}\n", "00:00:00 B -> (unknown) answered {}\n"] == lines
