"""`/api/exchanges`: what passed, each CALL with its answer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import web
from msgspec import Struct

from oye_proxy.accounts import Scope
from oye_proxy.api.exchange_models import (
    ExchangeDetail,
    ExchangeFrame,
    ExchangePageBody,
    ExchangesSearch,
    ExchangeTiming,
)
from oye_proxy.api.exchange_summaries import (
    latency_of,
    milliseconds,
    summary_of,
    text_of,
    traits_of,
)
from oye_proxy.api.frame_filter import FrameFilter, parse_filter
from oye_proxy.api.keys import DEPENDENCIES, Dependencies
from oye_proxy.api.paths import row_of
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.shown_tags import check_filter
from oye_proxy.errors import ChargerUnknownError
from oye_proxy.ocppj.frames import MessageType
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.storage.directions import Direction
from oye_proxy.storage.exchanges import ExchangeQuery, StoredExchange, moment_of
from oye_proxy.storage.frame_rows import StoredFrame
from oye_proxy.storage.pairing import is_request, sender_of

MAX_RELATED: Final = 20


async def search_exchanges(exchange: Exchange) -> ExchangePageBody:
    """Answer a page of exchanges."""
    search: ExchangesSearch = exchange.body
    wanted = parse_filter(search.filter, datetime.now(UTC))
    check_filter(exchange.caller.scope, wanted)
    page = await exchange.app[DEPENDENCIES].exchanges.page(_query(search, wanted))
    return ExchangePageBody(
        exchanges=[summary_of(one) for one in page.exchanges], next_before=page.next_before
    )


async def show_exchange(exchange: Exchange) -> ExchangeDetail:
    """Answer one exchange, whole."""
    dependencies = exchange.app[DEPENDENCIES]
    row = row_of(exchange.parameters["frame_row"])
    found = None if row is None else await dependencies.exchanges.find(row)
    if found is None:
        raise web.HTTPNotFound
    version = _version(dependencies, found.request.charge_point_id)
    previous = await dependencies.exchanges.previous(found.request)
    near = await dependencies.exchanges.near(found.request)
    return ExchangeDetail(
        exchange=summary_of(found),
        ocpp_version=version,
        request=_frame(found.request),
        answers=[_frame(answer) for answer in found.answers],
        previous=None if previous is None else _frame(previous),
        timing=await _timing(dependencies, found),
        findings=list(_findings(dependencies, version, found)),
        related=[summary_of(one) for one in _related(found, near)],
    )


def _query(search: ExchangesSearch, wanted: FrameFilter) -> ExchangeQuery:
    """Let the store narrow what it has an index for; the filter judges the rest."""
    return ExchangeQuery(
        limit=search.limit,
        before=search.before,
        charge_point_id=wanted.only("charger"),
        action=wanted.only("action"),
        without_actions=wanted.unwanted.get("action", ()),
        since=wanted.since,
        until=wanted.until,
        wanted=None if wanted.is_empty else lambda one: wanted.matches(traits_of(one)),
    )


def _frame(frame: StoredFrame) -> ExchangeFrame:
    return ExchangeFrame(
        id=frame.id,
        time=moment_of(frame),
        sender=sender_of(frame),
        direction=Direction(frame.direction),
        message_type=frame.message_type,
        text=text_of(frame),
        late=frame.late,
        rule=frame.rule,
    )


async def _timing(dependencies: Dependencies, found: StoredExchange) -> ExchangeTiming:
    """Tell the time; only the owner's own commands are known before they are sent."""
    sent_at = received_at = moment_of(found.request)
    if found.request.direction == Direction.INJECTION_REQUEST and found.request.injection:
        injection = await dependencies.injections.find(found.request.injection)
        if injection is not None:
            received_at = min(sent_at, injection.created_at)
    return ExchangeTiming(
        received_at=received_at,
        sent_at=sent_at,
        answered_at=moment_of(found.answers[0]) if found.answers else None,
        waited_ms=milliseconds(sent_at - received_at) or 0.0,
        latency_ms=milliseconds(latency_of(found)),
    )


def _version(dependencies: Dependencies, charge_point_id: str) -> str | None:
    try:
        return dependencies.hub.charger(charge_point_id).ocpp_version
    except ChargerUnknownError:
        return None


def _findings(
    dependencies: Dependencies, version: str | None, found: StoredExchange
) -> Iterator[str]:
    """Yield what the schemas say against the payloads."""
    action = found.request.action
    if version is None or action is None or not is_request(found.request):
        return
    schemas, of = dependencies.schemas, OcppVersion(version)
    violation = schemas.validate_call(of, action, _payload(found.request, 3))
    if violation is not None:
        yield f"{action}: {violation.message}"
    for answer in found.answers:
        if answer.message_type == MessageType.CALL_RESULT.value:
            violation = schemas.validate_result(of, action, _payload(answer, 2))
            if violation is not None:
                yield f"{action} answer: {violation.message}"


def _related(found: StoredExchange, near: list[StoredExchange]) -> list[StoredExchange]:
    """Return the nearest of the same transaction or the same connector, newest first."""
    mine = _Subject.of(found)
    others = [(one, _Subject.of(one)) for one in near if one.request.id != found.request.id]
    ids = mine.transaction_ids
    # The end of a transaction may not say where it was; what passed before does.
    places = {of.connector for _, of in others if ids & of.transaction_ids} | {mine.connector}
    places.discard(None)
    same = [one for one, of in others if ids & of.transaction_ids or of.connector in places]
    same.sort(key=lambda one: abs(one.request.id - found.request.id))
    return sorted(same[:MAX_RELATED], key=lambda one: one.request.id, reverse=True)


class _Subject(Struct, frozen=True):
    """What an exchange is about; its connector is the EVSE in 2.x."""

    transaction_ids: frozenset[str]
    connector: str | None

    @classmethod
    def of(cls, exchange: StoredExchange) -> "_Subject":
        parts = [_payload(exchange.request, 3)]
        parts += [_payload(answer, 2) for answer in exchange.answers]
        fields = [part for part in parts if isinstance(part, dict)]
        infos = [part.get("transactionInfo") for part in fields]
        holders = [*fields, *(info for info in infos if isinstance(info, dict))]
        ids = {str(one["transactionId"]) for one in holders if _is_scalar(one.get("transactionId"))}
        evses = [part.get("evse") for part in fields]
        places = [part.get("evseId", part.get("connectorId")) for part in fields]
        places += [evse.get("id") for evse in evses if isinstance(evse, dict)]
        place = next((str(one) for one in places if _is_scalar(one) and one != 0), None)
        return cls(frozenset(ids), place)


def _payload(frame: StoredFrame, index: int) -> Any:
    try:
        decoded = msgspec.json.decode(frame.payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return decoded[index] if isinstance(decoded, list) and len(decoded) > index else None


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


ROUTES = (
    Route(
        method="POST",
        path="/api/exchanges/search",
        handler=search_exchanges,
        scope=Scope.READ,
        summary="Stored exchanges, by a filter",
        description="Newest first. The filter is that of the live stream. To page back, give "
        "`nextBefore` as `before`. To look for texts needs the scope `control`.",
        body=ExchangesSearch,
        answer=ExchangePageBody,
    ),
    Route(
        method="GET",
        path="/api/exchanges/{frame_row}",
        handler=show_exchange,
        scope=Scope.CONTROL,
        summary="One exchange, whole",
        description="By the `id` of its request or of an answer.",
        answer=ExchangeDetail,
        errors=(HTTPStatus.NOT_FOUND,),
    ),
)
