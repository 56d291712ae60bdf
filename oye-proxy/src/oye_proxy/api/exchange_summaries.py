"""Exchanges as the API tells them, and as a filter sees them; the same live and from the store."""

from datetime import timedelta

from oye_proxy.api.exchange_models import ExchangeAnswer, ExchangeState, ExchangeSummary
from oye_proxy.api.frame_filter import Mark, Traits
from oye_proxy.ocppj.commands import Peer
from oye_proxy.ocppj.frames import MessageType
from oye_proxy.ocppj.gist import gist_of
from oye_proxy.storage.directions import Direction
from oye_proxy.storage.exchanges import StoredExchange, moment_of
from oye_proxy.storage.frame_rows import StoredFrame
from oye_proxy.storage.pairing import is_request, receiver_of, sender_of
from oye_proxy.storage.times import to_microseconds

_ERRORS = (MessageType.CALL_ERROR.value, MessageType.CALL_RESULT_ERROR.value)
_MILLISECOND = timedelta(milliseconds=1)


def summary_of(exchange: StoredExchange) -> ExchangeSummary:
    """Return an exchange as the API tells it."""
    request = exchange.request
    return ExchangeSummary(
        key=key_of(request),
        id=request.id or None,
        charge_point_id=request.charge_point_id,
        time=moment_of(request),
        state=state_of(exchange),
        sender=sender_of(request),
        receiver=_receiver(exchange),
        direction=Direction(request.direction),
        message_type=request.message_type,
        action=request.action,
        message_id=request.message_id,
        size=len(octets(request)),
        gist=gist_of(octets(request)),
        late=any(frame.late for frame in (request, *exchange.answers)),
        injection=_injection(exchange),
        rule=request.rule,
        answer=_answer(exchange),
    )


def traits_of(exchange: StoredExchange) -> Traits:
    """Return what a filter looks at."""
    frames = (exchange.request, *exchange.answers)
    latency = latency_of(exchange)
    return Traits(
        charge_point_id=exchange.request.charge_point_id,
        action=exchange.request.action,
        sender=sender_of(exchange.request),
        receiver=_receiver(exchange),
        directions=tuple(frame.direction for frame in frames),
        marks=_marks(exchange),
        latency=None if latency is None else latency.total_seconds(),
        moment=moment_of(exchange.request),
        payloads=tuple(text_of(frame) for frame in frames),
    )


def key_of(request: StoredFrame) -> str:
    """Name an exchange; message ids alone come again when a charger restarts."""
    moment = to_microseconds(moment_of(request))
    return f"{moment}/{request.message_id or ''}/{request.charge_point_id}"


def state_of(exchange: StoredExchange) -> ExchangeState:
    """Say how far an exchange is."""
    request = exchange.request
    if request.message_type is None:
        return ExchangeState.MALFORMED
    if not is_request(request):
        return ExchangeState.UNPAIRED
    if request.message_type == MessageType.SEND.value:
        return ExchangeState.SENT
    if not exchange.answers:
        return ExchangeState.UNANSWERED
    return ExchangeState.ERROR if _is_error(exchange) else ExchangeState.ANSWERED


def latency_of(exchange: StoredExchange) -> timedelta | None:
    """Return how long the first answer took."""
    if not exchange.answers:
        return None
    return max(timedelta(), moment_of(exchange.answers[0]) - moment_of(exchange.request))


def milliseconds(duration: timedelta | None) -> float | None:
    """Return a duration as the API tells it."""
    return None if duration is None else round(duration / _MILLISECOND, 3)


def text_of(frame: StoredFrame) -> str:
    """Return a frame's text; of a binary one what can be read."""
    return octets(frame).decode("utf-8", "replace")


def octets(frame: StoredFrame) -> bytes:
    """Return a frame in UTF-8; half characters, which no answer of ours can hold, become `?`."""
    payload = frame.payload
    return payload if isinstance(payload, bytes) else payload.encode("utf-8", "replace")


def _answer(exchange: StoredExchange) -> ExchangeAnswer | None:
    if not exchange.answers:
        return None
    answer = exchange.answers[0]
    return ExchangeAnswer(
        id=answer.id or None,
        time=moment_of(answer),
        sender=sender_of(answer),
        direction=Direction(answer.direction),
        message_type=answer.message_type or 0,
        size=len(octets(answer)),
        gist=gist_of(octets(answer), exchange.request.action),
        latency_ms=milliseconds(latency_of(exchange)),
        late=answer.late,
        rule=answer.rule,
    )


def _receiver(exchange: StoredExchange) -> Peer:
    """Say who got a request: one that the proxy answered went no further."""
    answered_here = exchange.answers[:1] and sender_of(exchange.answers[0]) is Peer.PROXY
    return Peer.PROXY if answered_here else receiver_of(exchange.request)


def _injection(exchange: StoredExchange) -> str | None:
    frames = (exchange.request, *exchange.answers)
    return next((frame.injection for frame in frames if frame.injection is not None), None)


def _is_error(exchange: StoredExchange) -> bool:
    return any(frame.message_type in _ERRORS for frame in (exchange.request, *exchange.answers))


def _marks(exchange: StoredExchange) -> frozenset[Mark]:
    state = state_of(exchange)
    found = {
        Mark.ERROR: _is_error(exchange),
        Mark.INJECTED: _injection(exchange) is not None,
        Mark.LATE: any(frame.late for frame in (exchange.request, *exchange.answers)),
        Mark.UNANSWERED: state is ExchangeState.UNANSWERED,
        Mark.MALFORMED: state is ExchangeState.MALFORMED,
    }
    return frozenset(mark for mark, holds in found.items() if holds)
