"""What a journal remembers over a restart beside its entries."""

from datetime import UTC, datetime

import pytest

from oye_proxy.ocppj.frames import build_call
from oye_proxy.ocppj.journal.memory import OWED_TRANSACTIONS, JournalMemory
from oye_proxy.ocppj.versions import OcppVersion

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def a_memory(model: str = "é") -> JournalMemory:
    memory = JournalMemory()
    boot = build_call("a", "BootNotification", {"chargePointModel": model})
    memory.note_boot(OcppVersion.V1_6, boot, NOW)
    return memory


def test_the_last_boot_is_kept_over_a_restart() -> None:
    memory, later = a_memory(), JournalMemory()
    later.restore(memory.dump())

    assert memory.boot is not None
    assert memory.boot == later.boot


def test_a_boot_that_is_known_is_newer_than_what_is_restored() -> None:
    later = a_memory("new")
    newer = later.boot
    later.restore(a_memory("old").dump())

    assert newer == later.boot


def test_what_the_csms_is_owed_is_kept_over_a_restart() -> None:
    memory, later = JournalMemory(), JournalMemory()
    memory.owe("42")
    later.owe("43")
    later.restore(memory.dump())

    assert [True, True, False, False] == [later.owes(each) for each in ("42", "43", "44", None)]


def test_of_many_transactions_the_oldest_are_forgotten() -> None:
    """Those of an earlier life are older than those of this one."""
    memory, later = JournalMemory(), JournalMemory()
    memory.owe("older")
    for number in range(OWED_TRANSACTIONS):
        later.owe(str(number))
    later.restore(memory.dump())

    assert [False, True] == [later.owes(each) for each in ("older", "0")]


def test_an_id_that_is_told_again_changes_nothing() -> None:
    """Each change is written."""
    memory = JournalMemory()
    memory.owe("1")
    memory.owe("2")
    before = memory.dump()
    memory.owe("1")

    assert before == memory.dump()


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b"{}", b"\xff", b'{"owed":[1]}', b"[" * 100_000]
)
def test_what_cannot_be_read_is_nothing(data: bytes) -> None:
    memory = JournalMemory()
    memory.restore(data)

    assert JournalMemory().dump() == memory.dump()
