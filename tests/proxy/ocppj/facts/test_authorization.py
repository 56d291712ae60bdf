from datetime import UTC, datetime, timedelta

from oye_proxy.ocppj.facts.authorization import (
    id_tag_of,
    on_authorize_answer,
    on_remote_start,
    on_remote_start_answer,
    tag_status_of,
    tell_start,
)
from oye_proxy.ocppj.facts.model import Event, StartedBy
from oye_proxy.ocppj.facts.payloads import (
    Authorize,
    IdToken,
    RemoteStart,
    StatusAnswer,
    TagAnswer,
    TagInfo,
)
from oye_proxy.ocppj.facts.state import Connector, State

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=10)


def authorizes(state: State, id_tag: str, status: str) -> list[tuple[str, str]]:
    answer = TagAnswer(id_tag_info=TagInfo(status=status))
    events = on_authorize_answer(state, Authorize(id_tag=id_tag), answer, NOW)
    return [(event.data["source"], event.data["status"]) for event in events]


def starts(state: State, id_tag: str | None, status: str | None, by: StartedBy) -> list[Event]:
    connector = state.connector(2, 1)
    assert isinstance(connector, Connector)
    return list(tell_start(state, connector, id_tag, status, by, SOON))


def test_a_tag_presented_twice_is_told_twice() -> None:
    state = State()

    assert [("card", "Blocked")] == authorizes(state, "tag-1", "Blocked")
    assert [("card", "Blocked")] == authorizes(state, "tag-1", "Blocked")


def test_an_authorize_and_the_start_that_follows_are_one() -> None:
    state = State()
    authorizes(state, "tag-1", "Accepted")

    assert [] == starts(state, "TAG-1", "Accepted", StartedBy.LOCAL)
    assert 1 == len(starts(state, "tag-1", "Accepted", StartedBy.LOCAL)), "the next presentation"


def test_a_start_without_authorize_is_told_with_its_connector() -> None:
    state = State()
    expected = {
        "idTag": "tag-1",
        "idTagName": None,
        "status": "Invalid",
        "evseId": 2,
        "connectorId": 1,
    }

    assert [Event("authorization", expected | {"source": "start"})] == starts(
        state, "tag-1", "Invalid", StartedBy.LOCAL
    )
    assert [Event("authorization", expected | {"source": "remote"})] == starts(
        state, "tag-1", "Invalid", StartedBy.OWNER
    )


def test_a_start_without_tag_or_verdict_tells_nothing() -> None:
    assert [] == starts(State(), None, "Accepted", StartedBy.LOCAL)
    assert [] == starts(State(), "tag", None, StartedBy.LOCAL)


def test_authorize_of_a_remote_start() -> None:
    """AuthorizeRemoteTxRequests makes the charger ask first (C16 5.11)."""
    state = State()
    on_remote_start(state, RemoteStart(id_tag="tag-1"), StartedBy.OPERATOR, NOW)
    assert [("remote", "Accepted")] == authorizes(state, "tag-1", "Accepted")

    refused = StatusAnswer(status="Rejected")
    on_remote_start_answer(state, RemoteStart(id_tag="tag-1"), refused, NOW)
    assert [("card", "Accepted")] == authorizes(state, "tag-1", "Accepted")


def test_an_accepted_remote_start_waits() -> None:
    state = State()
    start = RemoteStart(id_token=IdToken(id_token="tag-1"), remote_start_id=4)
    on_remote_start(state, start, StartedBy.OWNER, NOW)
    on_remote_start_answer(state, start, StatusAnswer(status="Accepted"), NOW)

    assert StartedBy.OWNER is state.starts.attribute(None, 4, SOON)


def test_2_x_authorize() -> None:
    state = State()
    answer = TagAnswer(id_token_info=TagInfo(status="Unknown"))
    request = Authorize(id_token=IdToken(id_token="04AABBCC", type="ISO14443"))

    assert ["04AABBCC"] == [
        event.data["idTag"] for event in on_authorize_answer(state, request, answer, NOW)
    ]
    assert [] == list(on_authorize_answer(state, request, TagAnswer(), NOW))
    assert [] == list(on_authorize_answer(state, Authorize(), answer, NOW))


def test_tags_and_verdicts_that_are_missing() -> None:
    """A token of type NoAuthorization is empty (C02)."""
    assert id_tag_of(None) is None
    assert id_tag_of(IdToken(id_token="", type="NoAuthorization")) is None
    assert tag_status_of(TagAnswer(id_tag_info=TagInfo())) is None
