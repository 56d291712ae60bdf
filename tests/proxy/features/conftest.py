"""A hub on real sockets with the features on it, and chargers that answer what a test says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec import Struct
from tests.proxy.features.transactions import recorder
from tests.proxy.hub.conftest import BOOT, OWNER, World

from oye_proxy.features.charge_limit import ChargeLimits
from oye_proxy.features.commands import Commands
from oye_proxy.features.transaction_records import TransactionRecords
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.injections import Injection, Origin, Outcome
from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.intents.requests import IntentRequest, LimitRequest
from oye_proxy.ocppj.profiles.ids import LimitScope
from oye_proxy.ocppj.timestamps import to_text
from oye_proxy.settings import StorageSettings
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms

WAIT = 5.0
SESSION_ID = 900_000_201
SETTINGS = {"ChargingScheduleAllowedChargingRateUnit": "Current", "ChargeProfileMaxStackLevel": "8"}


class Manners:
    """How a charger answers; CALLs in `held` wait for the test, `statuses` are those of answers."""

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        self.settings = SETTINGS if settings is None else settings
        self.held: set[str] = set()
        self.statuses: dict[str, str] = {}
        self.composite_limit: float | None = None

    def answer(self, call: Call) -> Any | None:
        """Answer a CALL, or leave it to the test."""
        if call.action in self.held:
            return None
        if call.action == "GetConfiguration":
            keys = [
                {"key": key, "value": value, "readonly": True}
                for key, value in self.settings.items()
            ]
            return {"configurationKey": keys}
        if call.action == "GetCompositeSchedule":
            return self._composite(call.payload)
        return {"status": self.statuses.get(call.action, "Accepted")}

    def _composite(self, question: dict[str, Any]) -> dict[str, Any]:
        if self.composite_limit is None:
            return {"status": "Rejected"}
        schedule = {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": self.composite_limit}],
        }
        return {
            "status": "Accepted",
            "connectorId": question["connectorId"],
            "chargingSchedule": schedule,
        }


class Site(Struct, frozen=True):
    """What the tests of features use."""

    world: World
    limits: ChargeLimits
    commands: Commands

    async def run(
        self,
        request: IntentRequest,
        origin: Origin = OWNER,
        charge_point_id: str = "CP1",
        *,
        confirm: bool = False,
    ) -> Injection:
        """Run a command on the charger."""
        return await self.commands.run(charge_point_id, request, origin, confirm)

    async def done(self, request: IntentRequest, origin: Origin = OWNER) -> Outcome:
        """Run a command and return its outcome."""
        return await (await self.run(request, origin)).outcome(WAIT)

    @property
    def state(self) -> ChargerState:
        """The charger as clients see it."""
        return self.world.hub.charger("CP1")

    async def charger(self, manners: Manners | None = None, **options: Any) -> ScriptedCharger:
        """Connect a charger that has booted."""
        charger = await self.world.connect(**options)
        charger.responder = (manners or Manners()).answer
        await charger.send_call("BootNotification", BOOT)
        return charger

    async def start_transaction(self, charger: ScriptedCharger, connector_id: int = 1) -> int:
        """Start a transaction; return its id."""
        start = {
            "connectorId": connector_id,
            "idTag": "CARD",
            "meterStart": 0,
            "timestamp": to_text(self.world.now),
        }
        answer = await charger.send_call("StartTransaction", start)
        return int(answer.payload["transactionId"])

    async def stop_transaction(self, charger: ScriptedCharger, transaction_id: int) -> None:
        """Stop a transaction."""
        stop = {
            "transactionId": transaction_id,
            "meterStop": 0,
            "timestamp": to_text(self.world.now),
        }
        await charger.send_call("StopTransaction", stop)

    async def idle(self, charger: ScriptedCharger) -> None:
        """Wait until what the charger has said is taken, and all that this causes is done."""
        await charger.send_call("Heartbeat", {})
        while tasks := [
            *self.limits._tasks,
            *(task for worker in self.limits._workers.values() for task in worker._tasks),
        ]:
            async with asyncio.timeout(WAIT):
                await asyncio.wait(tasks)

    async def follow(self, csms: ScriptedCsms) -> None:
        """Forward to a CSMS."""
        await self.world.state.update(csms_url=csms.url, forwarding=True)


def sent(charger: ScriptedCharger, action: str = "SetChargingProfile") -> list[Any]:
    """Return the payloads of the CALLs of an action that the charger got."""
    return [call.payload for call in charger.calls if call.action == action]


def limits_sent(charger: ScriptedCharger) -> list[tuple[int, float]]:
    """Return profile id and limit of each SetChargingProfile of 1.6."""
    profiles = [payload["csChargingProfiles"] for payload in sent(charger)]
    return [
        (
            profile["chargingProfileId"],
            profile["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"],
        )
        for profile in profiles
    ]


def cap(limit_a: float) -> LimitRequest:
    return LimitRequest(limit_a=limit_a, scope=LimitScope.MAXIMUM)


def session(limit_a: float, connector_id: int = 1) -> LimitRequest:
    return LimitRequest(limit_a=limit_a, connector_id=connector_id)


def rival(limit: float, level: int, purpose: str = "ChargePointMaxProfile") -> dict[str, Any]:
    """Return the SetChargingProfile of a CSMS."""
    schedule = {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
    }
    profile = {
        "chargingProfileId": 1,
        "stackLevel": level,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Relative" if purpose == "TxProfile" else "Absolute",
        "chargingSchedule": schedule | {"startSchedule": "2020-01-01T00:00:00Z"},
    }
    return {"connectorId": 0, "csChargingProfiles": profile}


def csms_answer(call: Any) -> Any:
    if call.action == "BootNotification":
        return {"status": "Accepted", "currentTime": "2026-11-21T10:00:00Z", "interval": 300}
    return {"currentTime": "2026-11-21T10:00:00Z"} if call.action == "Heartbeat" else {}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with World(StorageSettings(data_dir=tmp_path / "data", memory=True)) as one:
        yield one


@asynccontextmanager
async def site_in(world: World) -> AsyncIterator[Site]:
    """Start the features in a hub."""
    # Bridges stamp frames with the machine's clock: a remote start must not seem hours old.
    world.now = datetime.now(UTC)
    limits = ChargeLimits(world.hub, wall=lambda: world.now, new_id=lambda: str(uuid4()))
    commands = Commands(
        world.hub,
        world.state,
        limits,
        wall=lambda: world.now,
        new_remote_start_id=lambda: 7,
    )
    limits.start()
    yield Site(world, limits, commands)
    await limits.stop()


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    async with site_in(world) as one:
        yield one


@pytest.fixture
async def csms() -> AsyncIterator[ScriptedCsms]:
    async with ScriptedCsms() as one:
        yield one


@pytest.fixture
async def records(site: Site) -> AsyncIterator[TransactionRecords]:
    feature = recorder(site.world)
    feature.start()
    yield feature
    await feature.stop()
