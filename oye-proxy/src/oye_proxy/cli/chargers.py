"""`oye-proxy chargers`: a charger's password for local authentication, and whether it is used."""

import argparse
from datetime import UTC, datetime
from typing import Any

from oye_proxy.app import unserved_database_of
from oye_proxy.cli.options import (
    add_command,
    add_group,
    add_storage,
    ask_password,
    run_loop,
    settings_of,
)
from oye_proxy.errors import ChargerUnknownError, InvalidRequestError
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.ocppj.facts import Facts
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import Settings
from oye_proxy.storage.chargers import ChargerRow, ChargerStore, Contact
from oye_proxy.transport.credentials import CredentialChecker


def add_to(commands: Any) -> None:
    """Add the group of commands."""
    chargers = add_group(commands, "chargers", "the chargers' own passwords, and their status")
    password = add_command(
        chargers,
        "password",
        "set a charger's password while the proxy is stopped; it is asked for",
        _set_password,
    )
    password.add_argument("charge_point_id", metavar="ID")
    password.add_argument(
        "--ocpp",
        choices=[version.value for version in OcppVersion],
        help="version that it speaks (default: what it spoke last, else 1.6)",
    )
    add_storage(password)
    status = add_command(
        chargers, "status", "set whether a charger is used, while the proxy is stopped", _set_status
    )
    status.add_argument("charge_point_id", metavar="ID")
    status.add_argument("status", choices=[status.value for status in OwnerStatus])
    add_storage(status)


def _set_status(parsed: argparse.Namespace) -> int:
    run_loop(_store_status(settings_of(parsed), parsed.charge_point_id, parsed.status))
    print(f"{parsed.charge_point_id} is {parsed.status}.")
    return 0


async def _store_status(settings: Settings, charge_point_id: str, status: str) -> None:
    async with unserved_database_of(settings) as database:
        await ChargerStore(database).set_owner_status(charge_point_id, status)


def _set_password(parsed: argparse.Namespace) -> int:
    settings = settings_of(parsed)
    run_loop(_store(settings, parsed.charge_point_id, parsed.ocpp, ask_password()))
    print(f"Password of {parsed.charge_point_id} set; --charger-auth local asks for it.")
    return 0


async def _store(
    settings: Settings, charge_point_id: str, version: str | None, password: str
) -> None:
    async with unserved_database_of(settings, create=True) as database:
        store = ChargerStore(database)
        known = {row.charge_point_id: row for row in await store.all()}
        spoken = OcppVersion(version or _spoken(known.get(charge_point_id)))
        try:
            credential_hash = await CredentialChecker().hash(password.encode(), spoken)
        except ValueError as error:
            raise InvalidRequestError(f"{error}; nothing was changed") from error
        try:
            await store.set_credential(charge_point_id, credential_hash)
        except ChargerUnknownError:
            # It cannot come in before it has one.
            now = datetime.now(UTC)
            contact = Contact(
                charge_point_id=charge_point_id,
                online=False,
                remote_ip="",
                remote_port=0,
                connected_at=now,
                last_seen=now,
            )
            await store.note_contacts([contact])
            await store.set_credential(charge_point_id, credential_hash)


def _spoken(row: ChargerRow | None) -> str:
    facts = Facts.restore(row.facts).view(row.last_seen) if row and row.facts else None
    return (facts.ocpp_version if facts else None) or OcppVersion.V1_6.value
