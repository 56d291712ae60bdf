"""
What the log tells of conversations at its level `debug`.

`< ` came from the charger, `> ` from the CSMS, `+ ` from the proxy, `= ` is what a conversation
noted. Payloads are data of people and stay in the store.
"""

import logging
from typing import Final

from oye_proxy.ocppj.commands import Notice, Peer, Progress, Record
from oye_proxy.ocppj.frames import Call, CallError, CallResultError, SendFrame
from oye_proxy.transport.ports import Observation

_SIGNS: Final = {Peer.CHARGER: "<", Peer.CSMS: ">", Peer.PROXY: "+"}
_LONGEST: Final = 120

_logger = logging.getLogger(__name__)


def log_observation(charge_point_id: str, command: Observation) -> None:
    """Write one line, if anybody wants it."""
    if not _logger.isEnabledFor(logging.DEBUG):
        return
    line = _line(command)
    if line is not None:
        sign, text = line
        extra = {"charger": charge_point_id}
        _logger.debug("%s %s: %s", sign, charge_point_id, text[:_LONGEST], extra=extra)


def _line(command: Observation) -> tuple[str, str] | None:
    match command:
        case Record():
            return _SIGNS[command.source], f"{_what(command)}, {len(command.data)} long"
        case Progress():
            return "+", f"injection {command.message_id} {command.state.value}"
        case Notice():
            return "=", command.name.replace("_", " ")
        case _:
            return None


def _what(record: Record) -> str:
    frame = record.frame
    match frame:
        case None:
            return "no frame"
        case Call() | SendFrame():
            return f"{type(frame).__name__} {frame.action} {frame.message_id.token}"
        case CallError() | CallResultError():
            return f"{type(frame).__name__} {frame.code} {frame.message_id.token}"
        case _:
            return f"{type(frame).__name__} {frame.message_id.token}"
