"""What the API needs from the layers below, as narrow Protocols that `app.py` fills."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from oye_proxy.api.system_models import CsmsTestResult, SimulatorEntry, SimulatorStart
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.events import Listener
from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.hub.issues import Issue
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.wishes import PauseStrategy


class Policies(Protocol):
    """What the owner decides about each charger."""

    def wished_mode(self, charge_point_id: str) -> Mode:
        """Return the owner's policy, whether it can be in force now or not."""

    async def set_mode(self, charge_point_id: str, mode: Mode) -> None:
        """Set the owner's policy."""

    async def set_pause_strategy(self, charge_point_id: str, strategy: PauseStrategy) -> None:
        """Set how a pause holds the charger back."""

    async def rename(self, charge_point_id: str, name: str | None) -> None:
        """Give a charger a name, or take it away."""

    async def set_owner_status(self, charge_point_id: str, status: OwnerStatus) -> None:
        """Use a charger, keep it out, or let it be worked on without alerts."""

    async def approve(self, charge_point_id: str, *, approved: bool) -> None:
        """Let a charger in, or keep it out."""


class Hub(Protocol):
    """The live state of all chargers."""

    @property
    def connected(self) -> int:
        """How many chargers are connected."""

    @property
    def csms_links(self) -> int:
        """How many of them have a link to their CSMS."""

    @property
    def policies(self) -> Policies:
        """What the owner decides about them."""

    def __iter__(self) -> Iterator[Any]:
        """Go through every charger that is known."""

    def snapshot(self) -> tuple[Sequence[ChargerState], Sequence[Issue]]:
        """Return every charger and every issue."""

    def charger(self, charge_point_id: str) -> ChargerState:
        """Return one charger or raise ChargerUnknownError."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each event until the returned function is called."""

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
        """Send an own CALL to a charger."""

    async def forget(self, charge_point_id: str) -> None:
        """Delete a charger and what is stored of it."""

    async def disconnect(self, charge_point_id: str, reason: str) -> None:
        """Close a charger's connection."""


class Commands(Protocol):
    """The typed commands of the owner."""

    async def run(
        self,
        charge_point_id: str,
        request: Any,
        origin: Origin,
        confirm: bool = False,  # noqa: FBT001, FBT002
    ) -> Injection:
        """Send what the charger's OCPP version has for this intent."""


class StorageHealth(Struct, frozen=True, kw_only=True):
    """How the database is, its room, and what became of the frames on their way to it."""

    up: bool
    kind: str
    size_bytes: int | None = None
    used_bytes: int | None = None
    max_bytes: int = 0
    disk_free_bytes: int | None = None
    disk_total_bytes: int | None = None
    frames: int | None = None
    frames_waiting: int = 0
    frames_dropped: int = 0


StorageCheck: TypeAlias = Callable[[], Awaitable[StorageHealth]]


CsmsTester: TypeAlias = Callable[[str, str | None], Awaitable[CsmsTestResult]]


class SimulatorControl(Protocol):
    """The simulated chargers that run inside the proxy."""

    def running(self) -> list[SimulatorEntry]:
        """Return those that run."""

    async def start(self, wanted: SimulatorStart) -> SimulatorEntry:
        """Start one more or raise ConflictError."""

    async def stop_one(self, charge_point_id: str) -> None:
        """End one or raise ChargerUnknownError."""
