"""Handles that are given out before their CALL is sent."""

import asyncio

import pytest

from oye_proxy.errors import InjectionAbortedError, TooManyRequestsError
from oye_proxy.features.limit_tickets import ACTION, Ticket, abort, accept, new_handle, repeat
from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.ocppj.commands import InjectionState, Progress
from oye_proxy.ocppj.profiles.ids import LimitScope
from oye_proxy.ocppj.profiles.wishes import Wish

OWNER = Origin("admin")
SENT = Wish(LimitScope.SESSION, 1, 16), False


def handle(message_id: str = "m-1") -> Injection:
    return new_handle("CP1", message_id, OWNER)


def answered(injection: Injection, *, yes: bool) -> None:
    injection.advance(
        Progress(message_id=injection.message_id, state=InjectionState.ANSWERED, accepted=yes)
    )


async def test_a_call_that_has_to_wait_is_handed_out_at_once() -> None:
    ticket = Ticket(handle())

    assert ticket.handle is await ticket.hand_out()
    assert ticket.handle.queued


async def test_a_call_that_goes_out_now_is_handed_out_when_it_is_taken() -> None:
    ticket = Ticket(handle())
    ticket.wish = SENT
    call = handle()
    following = asyncio.ensure_future(ticket.follow(call))

    assert call is await ticket.hand_out()
    answered(call, yes=True)
    assert await following


async def test_a_handle_that_was_given_out_early_gets_the_outcome_of_the_call() -> None:
    ticket = Ticket(handle())
    early = await ticket.hand_out()
    ticket.wish = SENT
    call = handle()
    answered(call, yes=False)

    assert await ticket.follow(call) is False
    assert (await early.outcome(0)).accepted is False


async def test_what_the_desk_refuses_is_raised() -> None:
    ticket = Ticket(handle())
    ticket.wish = SENT
    ticket.fail(TooManyRequestsError("too many", retry_after=1))

    with pytest.raises(TooManyRequestsError):
        await ticket.hand_out()
    with pytest.raises(InjectionAbortedError, match="too many"):
        await ticket.handle.outcome(0)


@pytest.mark.parametrize(
    ("state", "accepted"),
    [(InjectionState.REFUSED, False), (InjectionState.TIMED_OUT, None)],
)
async def test_an_error_is_a_no_and_silence_is_none(
    state: InjectionState, *, accepted: bool | None
) -> None:
    ticket = Ticket(handle())
    ticket.wish = SENT
    call = handle()
    call.advance(Progress(message_id="m-1", state=state, error_code="NotSupported"))

    assert accepted is await ticket.follow(call)


async def test_a_wish_that_needs_no_call_is_accepted_without_a_payload() -> None:
    settled = handle()
    accept(settled)
    outcome = await settled.outcome(0)

    assert ACTION == settled.action
    assert outcome.accepted
    assert outcome.payload is None


async def test_a_wish_that_cannot_be_sent_is_aborted() -> None:
    settled = handle()
    abort(settled, "the charger left")

    with pytest.raises(InjectionAbortedError, match="the charger left"):
        await settled.outcome(0)


async def test_a_handle_is_settled_once() -> None:
    first, second = handle("m-1"), handle("m-2")
    answered(first, yes=True)
    repeat(first, second)
    repeat(first, second)

    assert (await second.outcome(0)).accepted


async def test_a_repeated_outcome_brings_its_warnings_along() -> None:
    first, second = handle(), handle("m-2")
    first.warnings = ("It may fail",)
    answered(first, yes=True)
    repeat(first, second)

    assert ("It may fail",) == second.warnings


async def test_who_waits_gets_the_outcome_of_the_shape_that_follows_a_refused_one() -> None:
    first, second = Ticket(handle()), Ticket(handle("m-2"))
    first.wish, first.may_repeat = SENT, True
    call, following = handle(), handle("m-2")
    answered(call, yes=False)
    told = first.handle

    assert await first.follow(call) is False
    assert told.queued

    second.wish, second.forerunner = SENT, first
    answered(following, yes=True)

    assert await second.follow(following)
    assert (await told.outcome(0)).accepted


async def test_who_waits_gets_the_refusal_when_nothing_follows() -> None:
    ticket = Ticket(handle())
    ticket.wish, ticket.may_repeat = SENT, True
    call = handle()
    answered(call, yes=False)
    await ticket.follow(call)
    ticket.close()

    assert (await ticket.handle.outcome(0)).accepted is False


async def test_who_waits_gets_the_refusal_when_what_follows_is_not_taken() -> None:
    first, second = Ticket(handle()), Ticket(handle("m-2"))
    first.wish, first.may_repeat, second.forerunner = SENT, True, first
    call = handle()
    answered(call, yes=False)
    await first.follow(call)
    second.fail(TooManyRequestsError("too many", retry_after=1))

    assert (await first.handle.outcome(0)).accepted is False
