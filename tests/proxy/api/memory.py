"""What the API is above, in memory: chargers, their policies and commands, the state's storage."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from oye_proxy.api.system_models import SimulatorEntry, SimulatorStart
from oye_proxy.errors import (
    ChargerNotConnectedError,
    ChargerUnknownError,
    ConfirmationRequiredError,
)
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.events import Bus, ChargerChanged, ChargerRemoved, Listener
from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.hub.issues import Issue, IssueKey, Severity
from oye_proxy.hub.limits import LimitsState
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.ocppj.modes import Link, Mode
from oye_proxy.ocppj.profiles.composite import Party
from oye_proxy.ocppj.profiles.wishes import PauseStrategy

STARTED_AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
NO_LIMITS = LimitsState(
    effective_limit_a=None,
    limit_source=Party.NO_LIMIT,
    verified=None,
    default_limit_a=None,
    default_accepted_a=None,
    max_current_a=None,
    max_current_accepted_a=None,
    paused=False,
    conflict=None,
    connectors=[],
)


def charger_state(charge_point_id: str, **changes: Any) -> ChargerState:
    """Return the state of a charger that is connected and stands alone."""
    state = ChargerState(
        charge_point_id=charge_point_id,
        name=None,
        connected=True,
        connected_at=STARTED_AT,
        remote_address="192.0.2.7",
        remote_port=40404,
        subprotocol="ocpp1.6",
        mode=Mode.STANDALONE,
        modes=(Mode.STANDALONE,),
        link=Link.STANDALONE,
        csms_connected=False,
        csms_url=None,
        approved=True,
        limits=NO_LIMITS,
        last_seen=STARTED_AT,
        ocpp_version="1.6",
    )
    return msgspec.structs.replace(state, **changes)


class MemoryHub:
    """Chargers in memory; an injection waits until the test settles it."""

    def __init__(self) -> None:
        self.chargers = {"CP1": charger_state("CP1")}
        self.issues = [
            Issue(
                key=IssueKey.CSMS_UNREACHABLE,
                severity=Severity.WARNING,
                charge_point_id="CP1",
                since=STARTED_AT,
            )
        ]
        self.bus = Bus()
        self.policies = MemoryPolicies(self)
        self.injected: list[tuple[str, str, Any, Origin]] = []
        self.injections: list[Injection] = []
        self.settle: Callable[[Injection], None] = lambda _: None
        self.listeners = 0

    @property
    def connected(self) -> int:
        return sum(charger.connected for charger in self.chargers.values())

    @property
    def csms_links(self) -> int:
        return sum(charger.csms_connected for charger in self.chargers.values())

    def __iter__(self) -> Iterator[ChargerState]:
        return iter(self.chargers.values())

    def snapshot(self) -> tuple[list[ChargerState], list[Issue]]:
        return list(self.chargers.values()), self.issues

    def charger(self, charge_point_id: str) -> ChargerState:
        if charge_point_id not in self.chargers:
            raise ChargerUnknownError(f"No charger {charge_point_id} is known here")
        return self.chargers[charge_point_id]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        unsubscribe = self.bus.subscribe(listener)
        self.listeners += 1

        def leave() -> None:
            self.listeners -= 1
            unsubscribe()

        return leave

    def change(self, charge_point_id: str, **changes: Any) -> None:
        """Give a charger another state and tell it."""
        present = self.chargers.get(charge_point_id, charger_state(charge_point_id))
        self.chargers[charge_point_id] = msgspec.structs.replace(present, **changes)
        self.bus.publish(ChargerChanged(charge_point_id))

    async def inject(
        self,
        charge_point_id: str,
        action: str,
        payload: Any,
        *,
        origin: Origin,
        confirm: bool = False,
        idempotency_key: str | None = None,
    ) -> Injection:
        charger = self.chargers.get(charge_point_id)
        if charger is None or not charger.connected:
            raise ChargerNotConnectedError
        if action == "InstallCertificate" and not confirm:
            raise ConfirmationRequiredError("This can lock you out", "lockout")
        self.injected.append((charge_point_id, action, payload, origin))
        injection = Injection(
            message_id=f"00000000-0000-4000-8000-{len(self.injected):012}",
            charge_point_id=charge_point_id,
            action=action,
            payload=payload,
            origin=origin,
            idempotency_key=idempotency_key,
            expects_body=action == "GetBaseReport",
        )
        self.injections.append(injection)
        self.settle(injection)
        return injection

    async def forget(self, charge_point_id: str) -> None:
        del self.chargers[charge_point_id]
        self.bus.publish(ChargerRemoved(charge_point_id))

    async def disconnect(self, charge_point_id: str, reason: str) -> None:
        del reason
        if not self.chargers[charge_point_id].connected:
            raise ChargerNotConnectedError
        self.change(charge_point_id, connected=False)


class MemoryPolicies:
    """Does at once what the owner decides."""

    def __init__(self, hub: MemoryHub) -> None:
        self._hub = hub

    def wished_mode(self, charge_point_id: str) -> Mode:
        return self._hub.chargers[charge_point_id].mode

    async def set_mode(self, charge_point_id: str, mode: Mode) -> None:
        self._hub.change(charge_point_id, mode=mode)

    async def rename(self, charge_point_id: str, name: str | None) -> None:
        self._hub.change(charge_point_id, name=name)

    async def set_pause_strategy(self, charge_point_id: str, strategy: PauseStrategy) -> None:
        self._hub.change(charge_point_id, pause_strategy=strategy)

    async def set_owner_status(self, charge_point_id: str, status: OwnerStatus) -> None:
        self._hub.change(charge_point_id, owner_status=status)

    async def approve(self, charge_point_id: str, *, approved: bool) -> None:
        self._hub.change(charge_point_id, approved=approved)


class MemoryCommands:
    """Takes every typed command as one injection of the request's own name."""

    def __init__(self, hub: MemoryHub) -> None:
        self.hub = hub
        self.requests: list[tuple[Any, bool]] = []

    async def run(
        self,
        charge_point_id: str,
        request: Any,
        origin: Origin,
        confirm: bool = False,  # noqa: FBT001, FBT002
    ) -> Injection:
        self.requests.append((request, confirm))
        return await self.hub.inject(charge_point_id, type(request).__name__, {}, origin=origin)


class MemorySimulators:
    """Simulated chargers that do nothing."""

    def __init__(self) -> None:
        self.entries: dict[str, SimulatorEntry] = {}

    def running(self) -> list[SimulatorEntry]:
        return list(self.entries.values())

    async def start(self, wanted: SimulatorStart) -> SimulatorEntry:
        entry = SimulatorEntry(
            charge_point_id="SIM-1", version=wanted.version, connected=wanted.plug_in
        )
        self.entries["SIM-1"] = entry
        return entry

    async def stop_one(self, charge_point_id: str) -> None:
        if self.entries.pop(charge_point_id, None) is None:
            raise ChargerUnknownError("it does not run")


class MemoryConfig:
    """The state's storage."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def all(self) -> dict[str, str]:
        return dict(self.values)

    async def set(self, values: Mapping[str, str]) -> None:
        self.values.update(values)
