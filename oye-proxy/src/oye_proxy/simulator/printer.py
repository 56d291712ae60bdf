"""One line on the terminal for each frame of a simulated charger or CSMS."""

from collections import OrderedDict
from collections.abc import Callable

from oye_proxy.ocppj.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    MalformedError,
    SendFrame,
    parse,
)
from oye_proxy.simulator.clock import Clock

LINE_LENGTH = 200
_REMEMBERED = 100


class CsmsPrinter:
    """Writes the frames of all chargers of a CSMS, each under its charger's name."""

    def __init__(self, clock: Clock, write: Callable[[str], object]) -> None:
        self._clock = clock
        self._write = write
        self._printers: dict[str, FramePrinter] = {}

    def __call__(self, charge_point_id: str, text: str, *, outgoing: bool) -> None:
        """Write the line of one frame."""
        if charge_point_id not in self._printers:
            self._printers[charge_point_id] = FramePrinter(
                charge_point_id, self._clock, self._write
            )
        self._printers[charge_point_id](text, outgoing=outgoing)


class FramePrinter:
    """Writes `time name -> action payload`; an answer is shown under the action it answers."""

    def __init__(self, name: str, clock: Clock, write: Callable[[str], object]) -> None:
        self._name = name
        self._clock = clock
        self._write = write
        self._actions: OrderedDict[str, str] = OrderedDict()

    def __call__(self, text: str, *, outgoing: bool) -> None:
        """Write the line of one frame."""
        arrow = "->" if outgoing else "<-"
        self.say(f"{arrow} {self._describe(text)}")

    def say(self, text: str) -> None:
        """Write a line of another kind."""
        line = f"{self._clock.now():%H:%M:%S} {self._name} {text}"
        if len(line) > LINE_LENGTH:
            line = line[: LINE_LENGTH - 1] + "…"
        printable = "".join(each if each.isprintable() else "?" for each in line)
        self._write(printable + "\n")

    def _describe(self, text: str) -> str:
        try:
            frame = parse(text)
        except MalformedError:
            return f"(no frame) {text}"
        match frame:
            case Call():
                self._actions[frame.message_id.key] = frame.action
                while len(self._actions) > _REMEMBERED:
                    self._actions.popitem(last=False)
                return f"{frame.action} {frame.payload_text}"
            case SendFrame():
                return f"{frame.action} (send) {frame.payload_text}"
            case CallResult():
                return f"{self._action(frame.message_id.key)} answered {frame.payload_text}"
            case CallError() | CallResultError():
                action = self._action(frame.message_id.key)
                return f"{action} failed {frame.code} {frame.description}".rstrip()

    def _action(self, key: str) -> str:
        return self._actions.get(key, "(unknown)")
