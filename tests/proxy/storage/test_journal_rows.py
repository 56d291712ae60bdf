"""Any text of a charger goes into a row and out of it; test_journal.py shows it on disk."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.proxy.storage.journal_entries import SECOND, START, T1, acknowledged

from oye_proxy.ocppj.journal.entries import EntryState
from oye_proxy.storage.journal_rows import (
    JournalRow,
    entry_values,
    read_entry,
    read_row,
    settlement_values,
)
from oye_proxy.storage.times import to_microseconds

any_text = st.text(st.characters(codec=None, exclude_categories=()))


def row(values: dict[str, Any]) -> Any:
    return SimpleNamespace(**{"sent": None, "response": None, **values})


@given(text=any_text, answer=any_text, transaction_id=st.none() | any_text)
def test_an_entry_comes_back(text: str, answer: str, transaction_id: str | None) -> None:
    entry = replace(START, text=text, answer=answer, message_id=text, transaction_id=transaction_id)

    assert entry == read_entry(row(entry_values("CP1", entry)))


@given(sent=st.none() | any_text, response=st.none() | any_text)
def test_a_settlement_comes_back(sent: str | None, response: str | None) -> None:
    settlement = acknowledged(1, sent=sent, response=response)
    values = entry_values("CP1", START) | settlement_values(settlement)

    assert JournalRow(
        entry=replace(START, state=EntryState.ACKNOWLEDGED, attempts=1),
        settled_at=T1 + SECOND,
        sent=sent,
        response=response,
    ) == read_row(row(values))


@pytest.mark.parametrize(
    ("state", "settled_us"),
    [(EntryState.PENDING, None), (EntryState.LOCAL, to_microseconds(T1))],
)
def test_what_nobody_waits_for_is_final_when_it_arrives(
    state: EntryState, settled_us: int | None
) -> None:
    assert settled_us == entry_values("CP1", replace(START, state=state))["settled_us"]


def test_a_step_that_ends_nothing_settles_nothing() -> None:
    values = settlement_values(acknowledged(1, state=EntryState.PENDING))

    assert values["settled_us"] is None
