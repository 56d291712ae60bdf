"""At `debug`, the log tells which frames pass, and nothing of what is in them."""

import logging

import pytest
from tests.proxy.hub.conftest import World, until

from oye_proxy.hub.debug_lines import log_observation
from oye_proxy.ocppj.commands import (
    Drop,
    InjectionState,
    Notice,
    NoticeName,
    Peer,
    Progress,
    Record,
)
from oye_proxy.ocppj.frames import parse
from oye_proxy.transport.ports import Observation

LOGGER = "oye_proxy.hub.debug_lines"


def frame(source: Peer, text: str) -> Record:
    return Record(source=source, target=Peer.CSMS, data=text, frame=parse(text))


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (
            frame(Peer.CHARGER, '[2,"a","Authorize",{"idTag":"04AABBCC"}]'),
            '< CP1: Call Authorize "a", 40 long',
        ),
        (frame(Peer.CSMS, '[3,"a",{}]'), '> CP1: CallResult "a", 10 long'),
        (
            frame(Peer.PROXY, '[4,"a","GenericError","",{}]'),
            '+ CP1: CallError GenericError "a", 28 long',
        ),
        (
            Record(source=Peer.CHARGER, target=Peer.PROXY, data="hello"),
            "< CP1: no frame, 5 long",
        ),
        (Progress(message_id="a", state=InjectionState.SENT), "+ CP1: injection a sent"),
        (Notice(NoticeName.FRAME_RATE, {}), "= CP1: frame rate"),
    ],
)
def test_a_line_tells_who_sent_what(
    caplog: pytest.LogCaptureFixture, command: Observation, line: str
) -> None:
    with caplog.at_level(logging.DEBUG, LOGGER):
        log_observation("CP1", command)

    assert [line] == caplog.messages
    assert ["CP1"] == [one.charger for one in caplog.records]  # type: ignore[attr-defined]  # extra


def test_a_line_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, LOGGER):
        log_observation("CP1", frame(Peer.CHARGER, f'[2,"a","{"x" * 5000}",{{}}]'))

    assert 140 > len(caplog.messages[0])


def test_what_concerns_the_journal_is_no_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, LOGGER):
        log_observation("CP1", Drop((1,)))

    assert [] == caplog.messages


async def test_the_frames_of_a_charger_are_heard(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, LOGGER):
        charger = await world.connect("CP1")
        await charger.send_text('[2,"1","Heartbeat",{}]')
        await until(lambda: any("Heartbeat" in line for line in caplog.messages))
        await charger.close()
