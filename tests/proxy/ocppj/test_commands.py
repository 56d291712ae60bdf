"""The vocabulary between core and bridge: values, compared with `==`."""

from typing import get_args

import msgspec
import pytest

from oye_proxy.ocppj.commands import (
    Command,
    InjectionState,
    NoticeName,
    Peer,
    Progress,
    Record,
    Send,
    kept,
    passed,
)


@pytest.mark.parametrize("kind", get_args(Command))
def test_commands_are_frozen(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.frozen


def test_commands_compare_by_value_and_data_by_its_opcode() -> None:
    assert Send(Peer.CSMS, "a") == Send(Peer.CSMS, "a")
    assert Send(Peer.CSMS, "a") != Send(Peer.CHARGER, "a")
    assert Send(Peer.CSMS, "a") != Send(Peer.CSMS, b"a")


def test_a_record_of_which_nothing_is_known_says_nothing() -> None:
    record = Record(source=Peer.CHARGER, target=Peer.CSMS, data="AT+OK")

    assert (None, None, None, False, None) == (
        record.frame,
        record.call,
        record.injection,
        record.late,
        record.note,
    )


def test_a_step_without_an_answer_was_not_accepted_nor_refused() -> None:
    assert Progress(message_id="a", state=InjectionState.SENT).accepted is None


def test_the_words_of_the_api_and_the_store() -> None:
    assert ["charger", "csms", "proxy"] == [peer.value for peer in Peer]
    assert ["queued", "sent", "answered", "refused", "timed_out", "aborted"] == [
        state.value for state in InjectionState
    ]


def test_the_notices_that_are_news_to_clients() -> None:
    """docs/API.md names them in the live stream."""
    names = {
        "caught_up",
        "command_blocked",
        "journal_full",
        "replay_refused",
        "rewrite_failed",
        "start_refused",
    }

    assert names <= {name.value for name in NoticeName}


def test_what_passes_is_sent_as_it_is_before_it_is_recorded() -> None:
    assert [
        Send(Peer.CSMS, b"~"),
        Record(source=Peer.CHARGER, target=Peer.CSMS, data=b"~", note="not_json"),
    ] == passed(Peer.CHARGER, b"~", note="not_json")
    assert Send(Peer.CHARGER, "~") == passed(Peer.CSMS, "~")[0]


def test_what_is_kept_ends_here() -> None:
    assert Record(source=Peer.CSMS, target=Peer.PROXY, data="~") == kept(Peer.CSMS, "~")
