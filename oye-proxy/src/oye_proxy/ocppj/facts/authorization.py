"""Presented tags: one piece of news for an Authorize and the start that follows with its tag."""

from collections.abc import Iterator
from datetime import datetime

from oye_proxy.ocppj.facts import payloads
from oye_proxy.ocppj.facts.model import Event, StartedBy
from oye_proxy.ocppj.facts.state import Connector, State
from oye_proxy.ocppj.facts.values import integer, text


def on_authorize_answer(
    state: State, request: payloads.Authorize, answer: payloads.TagAnswer, now: datetime
) -> Iterator[Event]:
    """Tell of a presented tag and what the CSMS said of it."""
    id_tag = text(request.id_tag) or id_tag_of(request.id_token)
    status = tag_status_of(answer)
    if id_tag is None or status is None:
        return
    state.starts.present(id_tag, status, now)
    source = "remote" if state.starts.is_remote(id_tag, now) else "card"
    yield _news(state, id_tag, status, source, None)


def tell_start(
    state: State,
    connector: Connector,
    id_tag: str | None,
    status: str | None,
    by: StartedBy,
    now: datetime,
) -> Iterator[Event]:
    """Tell of the tag of a start, unless its Authorize was told with the same outcome."""
    if id_tag is None or status is None or state.starts.was_presented(id_tag, status, now):
        return
    source = "start" if by is StartedBy.LOCAL else "remote"
    yield _news(state, id_tag, status, source, connector)


def on_remote_start(
    state: State, start: payloads.RemoteStart, by: StartedBy, now: datetime
) -> None:
    """Remember a remote start on its way to the charger, to attribute the start that follows."""
    state.starts.note_unless_known(_tag_of_start(start), integer(start.remote_start_id), by, now)


def on_remote_start_answer(
    state: State, start: payloads.RemoteStart, answer: payloads.StatusAnswer, _now: datetime
) -> None:
    """Forget a remote start that the charger refused."""
    if answer.status == "Rejected":
        state.starts.forget(_tag_of_start(start), integer(start.remote_start_id))


def id_tag_of(id_token: payloads.IdToken | None) -> str | None:
    """Return the tag of a 2.x idToken; it is empty for type NoAuthorization."""
    return text(id_token.id_token) if id_token else None


def tag_status_of(answer: payloads.TagAnswer) -> str | None:
    """Return what the CSMS said of a tag: Accepted, Blocked, ..."""
    info = answer.id_tag_info or answer.id_token_info
    return text(info.status) if info else None


def _tag_of_start(start: payloads.RemoteStart) -> str | None:
    return text(start.id_tag) or id_tag_of(start.id_token)


def _news(
    state: State, id_tag: str, status: str, source: str, connector: Connector | None
) -> Event:
    """Tell of a tag, whole: whoever passes it on shows it only to those who may see it."""
    return Event(
        "authorization",
        {
            "idTag": id_tag,
            "idTagName": state.name_of(id_tag),
            "status": status,
            "source": source,
            "evseId": (connector.facts.evse_id or None) if connector else None,
            "connectorId": connector.facts.connector_id if connector else None,
        },
    )
