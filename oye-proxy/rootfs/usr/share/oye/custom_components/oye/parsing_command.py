"""The answer to a command, from the proxy's JSON to models."""

from typing import Any

from .models import CommandResult
from .parsing_base import InvalidAnswerError
from .reading import flag, integer, items, text, texts


def parse_command_result(data: Any) -> CommandResult:
    """Read the answer to a command; raise InvalidAnswerError."""
    match data:
        case {"status": str(status)}:
            accepted, complete = data.get("accepted"), data.get("complete")
            return CommandResult(
                status=status,
                message_id=text(data.get("messageId")),
                queued=flag(data.get("queued")),
                accepted=accepted if isinstance(accepted, bool) else None,
                response=data.get("response"),
                follow_ups=tuple(items(data.get("followUps"))),
                complete=complete if isinstance(complete, bool) else None,
                reservation_id=integer(data.get("reservationId")),
                warnings=texts(data.get("warnings")),
            )
        case _:
            raise InvalidAnswerError("no status")
