"""One handle per injection: settled exactly once, with its outcome or the reason why not."""

import asyncio

import pytest
from tests.proxy.hub.conftest import START

from oye_proxy.errors import (
    InjectionAbortedError,
    InjectionRejectedError,
    InjectionTimeoutError,
)
from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.ocppj.commands import FollowUp, InjectionState, Progress
from oye_proxy.storage.injections import InjectionRow


def injection(*, expects_body: bool = False) -> Injection:
    return Injection(
        message_id="m-1",
        charge_point_id="CP1",
        action="Reset",
        payload={"type": "Soft"},
        origin=Origin("admin"),
        expects_body=expects_body,
    )


def progress(state: InjectionState, **more: object) -> Progress:
    return Progress(message_id="m-1", state=state, **more)  # type: ignore[arg-type]  # the tests' own


def body(payload: object, *, last: bool) -> FollowUp:
    return FollowUp(message_id="m-1", action="NotifyReport", payload=payload, last=last)


async def test_it_is_queued_until_it_is_sent() -> None:
    one = injection()
    queued = one.queued
    one.advance(progress(InjectionState.SENT))

    assert [True, False] == [queued, one.queued]


async def test_an_answer_is_the_outcome() -> None:
    one = injection()
    waiting = asyncio.ensure_future(one.outcome(5))
    await asyncio.sleep(0)
    one.advance(progress(InjectionState.SENT))
    one.advance(progress(InjectionState.ANSWERED, payload={"status": "Rejected"}, accepted=False))
    outcome = await waiting

    assert ({"status": "Rejected"}, False) == (outcome.payload, outcome.accepted)
    assert outcome.complete


async def test_a_callerror_is_a_rejection_with_all_that_it_said() -> None:
    one = injection()
    one.advance(
        progress(
            InjectionState.REFUSED, error_code="NotSupported", description="no", details={"a": 1}
        )
    )
    with pytest.raises(InjectionRejectedError, match="NotSupported: no") as refusal:
        await one.outcome(5)

    assert ("m-1", "NotSupported", {"a": 1}) == (
        refusal.value.message_id,
        refusal.value.error_code,
        refusal.value.details,
    )


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (InjectionState.TIMED_OUT, InjectionTimeoutError),
        (InjectionState.ABORTED, InjectionAbortedError),
    ],
)
async def test_what_ended_without_an_answer_says_why(
    state: InjectionState, error: type[Exception]
) -> None:
    one = injection()
    one.advance(progress(state))
    with pytest.raises(error):
        await one.outcome(5)


async def test_who_waits_no_longer_gets_a_timeout_and_may_ask_again() -> None:
    one = injection()
    one.advance(progress(InjectionState.SENT))
    with pytest.raises(InjectionTimeoutError):
        await one.outcome(0)
    one.advance(progress(InjectionState.ANSWERED, payload={}))

    assert {} == (await one.outcome(0)).payload


async def test_it_is_settled_once() -> None:
    one = injection()
    one.advance(progress(InjectionState.ANSWERED))
    with pytest.raises(AssertionError):
        one.advance(progress(InjectionState.TIMED_OUT))


class TestBody:
    """Reports that follow are the body of the answer (LC 6.4)."""

    async def test_the_outcome_waits_for_the_last_part(self) -> None:
        one = injection(expects_body=True)
        waiting = asyncio.ensure_future(one.outcome(5))
        one.advance(progress(InjectionState.ANSWERED, accepted=True))
        one.follow(body(1, last=False))
        await asyncio.sleep(0)
        early = waiting.done()
        one.follow(body(2, last=True))
        outcome = await waiting

        assert not early
        assert ((1, 2), True) == (outcome.follow_ups, outcome.complete)

    async def test_what_has_come_in_time_is_returned(self) -> None:
        one = injection(expects_body=True)
        one.advance(progress(InjectionState.ANSWERED, accepted=True))
        one.follow(body(1, last=False))
        outcome = await one.outcome(0)

        assert ((1,), False) == (outcome.follow_ups, outcome.complete)

    async def test_a_part_that_the_charger_repeats_is_there_once(self) -> None:
        one = injection(expects_body=True)
        one.advance(progress(InjectionState.ANSWERED, accepted=True))
        for seq_no in (0, 0, 1, 1):
            one.follow(body({"seqNo": seq_no}, last=seq_no == 1))

        assert ({"seqNo": 0}, {"seqNo": 1}) == (await one.outcome(5)).follow_ups

    async def test_a_refusal_has_no_body(self) -> None:
        one = injection(expects_body=True)
        one.advance(progress(InjectionState.ANSWERED, accepted=False))

        assert (await one.outcome(0)).complete


def row(state: InjectionState, response: str | None = None) -> InjectionRow:
    return InjectionRow(
        message_id="m-1",
        charge_point_id="CP1",
        action="Reset",
        payload="{}",
        user="admin",
        kind="owner",
        state=state,
        created_at=START,
        response=response,
        accepted=True,
    )


async def test_an_answer_of_an_earlier_life_is_read_from_its_row() -> None:
    one = Injection.of(row(InjectionState.ANSWERED, '{"status":"Accepted"}'))
    outcome = await one.outcome(0)

    assert ({"status": "Accepted"}, True) == (outcome.payload, outcome.accepted)


async def test_what_was_open_when_the_proxy_ended_is_aborted() -> None:
    one = Injection.of(row(InjectionState.SENT))
    with pytest.raises(InjectionAbortedError):
        await one.outcome(0)
