from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from oye_proxy.ocppj.commands import InjectionState
from oye_proxy.storage.database import Database
from oye_proxy.storage.injections import InjectionRow, InjectionStore

T1 = datetime(2026, 11, 21, 10, 0, 0, 123456, UTC)
SECOND = timedelta(seconds=1)

RESET = InjectionRow(
    message_id="00000000-0000-4000-8000-000000000001",
    charge_point_id="CP-001",
    action="Reset",
    payload='{"type":"Soft"}',
    user="jo",
    kind="owner",
    state=InjectionState.QUEUED,
    created_at=T1,
    idempotency_key="k-1",
)


@pytest.fixture
def injections(database: Database) -> InjectionStore:
    return InjectionStore(database)


async def test_every_step_is_kept(injections: InjectionStore) -> None:
    await injections.add(RESET)
    assert [RESET] == await injections.recent(T1)

    await injections.step(RESET.message_id, InjectionState.QUEUED, T1)
    await injections.step(RESET.message_id, InjectionState.SENT, T1 + SECOND)
    await injections.step(
        RESET.message_id,
        InjectionState.ANSWERED,
        T1 + 2 * SECOND,
        response='{"status":"Rejected"}',
        accepted=False,
    )
    assert [
        replace(
            RESET,
            state=InjectionState.ANSWERED,
            sent_at=T1 + SECOND,
            settled_at=T1 + 2 * SECOND,
            response='{"status":"Rejected"}',
            accepted=False,
        )
    ] == await injections.recent(T1)


async def test_a_refusal_keeps_its_code(injections: InjectionStore) -> None:
    await injections.add(RESET)
    await injections.step(
        RESET.message_id,
        InjectionState.REFUSED,
        T1 + SECOND,
        error_code="NotSupported",
        description="no",
    )
    (row,) = await injections.recent(T1)

    assert ("NotSupported", "no", T1 + SECOND, None) == (
        row.error_code,
        row.description,
        row.settled_at,
        row.sent_at,
    )


async def test_every_database_takes_what_a_charger_chose(injections: InjectionStore) -> None:
    await injections.add(RESET)
    await injections.step(
        RESET.message_id,
        InjectionState.REFUSED,
        T1,
        error_code="x" * 300,
        description="half \ud800 and \0",
    )
    (row,) = await injections.recent(T1)

    assert ("x" * 255, "half ? and ?") == (row.error_code, row.description)


async def test_recent_ones_are_found_by_time_and_charger(injections: InjectionStore) -> None:
    await injections.add(RESET)
    await injections.add(
        replace(RESET, message_id="2", charge_point_id="CP-002", created_at=T1 + SECOND)
    )

    assert ["CP-001", "CP-002"] == [row.charge_point_id for row in await injections.recent(T1)]
    assert ["2"] == [row.message_id for row in await injections.recent(T1 + SECOND)]
    assert ["2"] == [row.message_id for row in await injections.recent(T1, "CP-002")]


async def test_a_key_is_consumed_only_when_the_call_was_sent(injections: InjectionStore) -> None:
    await injections.add(RESET)
    assert await injections.by_idempotency_key("CP-001", "k-1", T1) is None

    await injections.step(RESET.message_id, InjectionState.SENT, T1 + SECOND)
    found = await injections.by_idempotency_key("CP-001", "k-1", T1)

    assert found is not None
    assert RESET.message_id == found.message_id
    assert await injections.by_idempotency_key("CP-002", "k-1", T1) is None
    assert await injections.by_idempotency_key("CP-001", "k-2", T1) is None
    assert await injections.by_idempotency_key("CP-001", "k-1", T1 + 2 * SECOND) is None


async def test_secrets_are_not_stored(injections: InjectionStore) -> None:
    await injections.add(replace(RESET, payload='{"key":"AuthorizationKey","value":"abcd"}'))
    await injections.step(
        RESET.message_id,
        InjectionState.ANSWERED,
        T1,
        response='{"configurationKey":[{"key":"AuthorizationKey","value":"abcd"}]}',
    )

    assert "abcd" not in repr(await injections.recent(T1))


async def test_old_ones_are_pruned(injections: InjectionStore) -> None:
    await injections.add(RESET)
    await injections.add(replace(RESET, message_id="2", created_at=T1 + SECOND))

    assert 1 == await injections.prune(T1 + SECOND, T1 + 2 * SECOND)
    assert ["2"] == [row.message_id for row in await injections.recent(T1)]


@pytest.mark.parametrize(
    ("payload", "rest"),
    [('{"requestId":7,"idToken":"AABB"}', '{"requestId":7}'), ('["odd"]', "{}"), ("{}", "{}")],
)
async def test_of_a_deleted_charger_only_ids_are_kept_and_not_long(
    injections: InjectionStore, payload: str, rest: str
) -> None:
    """Late answers must be known as ours; nothing personal is needed for that."""
    now, bare = T1 + SECOND, replace(RESET, payload=rest, user="", kind="forgotten")
    bare = replace(bare, created_at=now, idempotency_key=None)
    other = replace(RESET, message_id="2", charge_point_id="CP-002")
    await injections.add(replace(RESET, message_id="old"))
    await injections.add(replace(RESET, payload=payload, created_at=now))
    await injections.add(other)
    await injections.step(RESET.message_id, InjectionState.QUEUED, now, response='{"a":1}')
    await injections.forget("CP-001", now)
    # What was still to be written of it is not.
    await injections.step(RESET.message_id, InjectionState.ABORTED, now, description="AABB left")

    assert [other, bare] == await injections.recent(T1)
    assert 1 == await injections.prune(T1, now + SECOND)
    assert [other] == await injections.recent(T1)
