"""Chargers of earlier lives: rows become entries, injections are remembered by their age."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from tests.proxy.hub.conftest import START, World

from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.loading import load_chargers
from oye_proxy.ocppj.commands import InjectionState
from oye_proxy.ocppj.frames import MessageId
from oye_proxy.ocppj.journal.journal import Journal, Stock
from oye_proxy.ocppj.modes import Mode
from oye_proxy.storage.chargers import ChargerRow
from oye_proxy.storage.injections import InjectionRow

Live = Callable[..., Awaitable[World]]


def charger_row(**columns: object) -> ChargerRow:
    given = {"charge_point_id": "CP1", "status": "OFFLINE", "last_seen": START}
    return ChargerRow(**(given | columns))  # type: ignore[arg-type]  # the tests' own columns


def injection_row(message_id: str, payload: str) -> InjectionRow:
    return InjectionRow(
        message_id=message_id,
        charge_point_id="CP1",
        action="GetBaseReport",
        payload=payload,
        user="admin",
        kind="owner",
        state=InjectionState.SENT,
        created_at=START - timedelta(minutes=5),
    )


def load(world: World, row: ChargerRow, *injections: InjectionRow) -> Charger:
    return load_chargers(world.maker, [row], injections, {}, START, 1000.0)["CP1"]


async def test_an_empty_row_is_a_charger_with_defaults(world: World) -> None:
    charger = load(world, charger_row())

    assert (None, None, True, ()) == (
        charger.name,
        charger.wished_mode,
        charger.approved,
        charger.credential_hashes,
    )
    assert (START, None) == (charger.last_seen, charger.bridge)


async def test_columns_are_read(world: World) -> None:
    charger = load(
        world,
        charger_row(
            name="Garage",
            mode="monitor",
            approved=False,
            credential_hash="old new",
            remote_ip="192.0.2.7",
            remote_port=4711,
        ),
    )

    assert ("Garage", Mode.MONITOR, False) == (charger.name, charger.wished_mode, charger.approved)
    assert ("old", "new") == charger.credential_hashes
    assert ("192.0.2.7", 4711) == (charger.remote_address, charger.remote_port)


@pytest.mark.parametrize(
    ("columns", "confirmed"),
    [
        ({}, False),
        ({"approved": False}, False),
        ({"approved": True}, True),
        ({"name": "Garage"}, True),
        ({"mode": "forward"}, True),
        ({"max_power": 16.0}, True),
        ({"credential_hash": "hash"}, True),
    ],
)
async def test_confirmed_is_who_was_confirmed(
    world: World, columns: dict[str, object], *, confirmed: bool
) -> None:
    assert confirmed is load(world, charger_row(**columns)).confirmed


async def test_injections_are_remembered_by_id_age_and_request(world: World) -> None:
    rows = [
        injection_row("m-1", '{"requestId":1700000001}'),
        injection_row("m-2", '{"requestId":"odd"}'),
        injection_row("m-3", '["odd"]'),
    ]
    charger = load(world, charger_row(), *rows)
    found = [charger.memory.find(MessageId.of(row.message_id)) for row in rows]

    assert [(700.0, 1_700_000_001), (700.0, None), (700.0, None)] == [
        (call.at, call.request_id) for call in found if call is not None
    ]


async def test_a_journal_whose_charger_has_no_row_yet_goes_on(world: World) -> None:
    """A power cut came in between; a sequence that is given twice would lose a message."""
    journal = Journal(Stock(last_sequence=7, transactions=2))
    [charger] = load_chargers(world.maker, [], [], {"CP1": journal}, START, 1000.0).values()

    assert ("CP1", journal, 2) == (
        charger.charge_point_id,
        charger.journal,
        charger.journal.pending,
    )
    assert charger.approved
