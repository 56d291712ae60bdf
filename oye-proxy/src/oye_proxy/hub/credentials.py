"""Chargers' own passwords: learned when a charger takes a new one, switched when it uses it."""

import asyncio
import logging

from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.records import ChargerRecords
from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.ocppj.frames import CallResult
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.tasks import cancel, spawn
from oye_proxy.transport.credentials import CredentialChecker, LearnedKey, learned_key

_logger = logging.getLogger(__name__)


class ChargerCredentials:
    """Follows the rotation of passwords in local authentication (A01.FR.03, A01.FR.04)."""

    def __init__(self, checker: CredentialChecker, records: ChargerRecords) -> None:
        self._checker = checker
        self._records = records
        self._hashing: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """End what is being hashed."""
        await cancel(*self._hashing)

    def observe(self, charger: Charger, record: Record, version: OcppVersion) -> None:
        """See whether a charger took a new password; never waits."""
        answer, call = record.frame, record.call
        if record.source is not Peer.CHARGER or call is None or not isinstance(answer, CallResult):
            return
        learned = learned_key(answer, call)
        if learned is None:
            return
        task = spawn(
            self._learn(charger, learned, version),
            name=f"new password of {charger.charge_point_id}",
        )
        self._hashing.add(task)
        task.add_done_callback(self._hashing.discard)

    def proved(self, charger: Charger, credential_hash: str) -> None:
        """Take note of the password that a charger came with: the newest ends those before it."""
        hashes = charger.credential_hashes
        if len(hashes) > 1 and credential_hash == hashes[-1]:
            charger.credential_hashes = (credential_hash,)
            self._records.credentials(charger)

    async def _learn(self, charger: Charger, learned: LearnedKey, version: OcppVersion) -> None:
        try:
            newest = await self._checker.hash(learned.secret.reveal().encode(), version)
        except ValueError:
            _logger.warning(
                "%s took a password that breaks OCPP's length rules; the old one still counts here",
                charger.charge_point_id,
            )
            return
        older = charger.credential_hashes[:1] if learned.both else ()
        charger.credential_hashes = (*older, newest)
        self._records.credentials(charger)
