"""Mails on their way: bounded, given up at the end, and no failure of theirs is an answer."""

import asyncio
from functools import partial

import pytest

from oye_proxy.accounts.outgoing import MOST_WAITING, Outgoing
from oye_proxy.errors import MailError, MailNotConfiguredError, StorageError


@pytest.mark.parametrize("error", [MailError("away"), StorageError("away")])
async def test_a_failure_is_logged(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise error

    outgoing = Outgoing("a mail")
    outgoing.start(fail)
    await outgoing.idle()

    assert "a mail could not be sent: away" in caplog.text
    assert "crashed" not in caplog.text


async def test_mail_that_was_switched_off_meanwhile_is_no_crash(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail() -> None:
        raise MailNotConfiguredError("this proxy sends no mail")

    outgoing = Outgoing("a mail")
    outgoing.start(fail)
    await outgoing.idle()

    assert "crashed" not in caplog.text


async def test_only_so_many_wait_at_a_time(caplog: pytest.LogCaptureFixture) -> None:
    begun = []
    may_end = asyncio.Event()

    async def send(number: int) -> None:
        begun.append(number)
        await may_end.wait()

    outgoing = Outgoing("a mail")
    for number in range(MOST_WAITING + 1):
        outgoing.start(partial(send, number))
    may_end.set()
    await outgoing.idle()

    assert list(range(MOST_WAITING)) == begun
    assert "a mail is left out" in caplog.text


async def test_at_the_end_it_is_given_up() -> None:
    async def send() -> None:
        await asyncio.Event().wait()

    outgoing = Outgoing("a mail")
    outgoing.start(send)
    await outgoing.close()
    await outgoing.idle()
