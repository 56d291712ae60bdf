"""What the owner decided about chargers: kept first, then in effect at once, then told."""

from collections.abc import Callable

from oye_proxy.hub.charger_issues import ChargerIssues
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.conversations import ConversationMaker
from oye_proxy.hub.owner_status import INACTIVE_REASON, OwnerStatus
from oye_proxy.hub.records import ChargerRecords
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.wishes import PauseStrategy
from oye_proxy.state import ProxyState, State
from oye_proxy.tasks import spawn
from oye_proxy.transport.ports import CsmsTarget


class Policies:
    """The owner's word on each charger, and on where all of them go."""

    def __init__(
        self,
        *,
        find: Callable[[str], Charger],
        announce: Callable[[str], None],
        chargers: dict[str, Charger],
        state: State,
        maker: ConversationMaker,
        records: ChargerRecords,
        issues: ChargerIssues,
    ) -> None:
        self._find = find
        self._announce = announce
        self._chargers = chargers
        self._state = state
        self._maker = maker
        self._records = records
        self._issues = issues
        self._csms_url = state.current.csms_url
        for charger in chargers.values():
            self._issues.heed_owner(charger)
        state.subscribe(self._state_changed)

    def target(self, charger: Charger | None) -> CsmsTarget | None:
        """Which CSMS a charger goes to; None when it has none."""
        state = self._state.current
        if not state.forwarding:
            return None
        if charger is not None and charger.mode(forwarding=True) is Mode.STANDALONE:
            return None
        return CsmsTarget(url=state.csms_url)

    def wished_mode(self, charge_point_id: str) -> Mode:
        """Return the owner's policy, whether it can be in force now or not."""
        return self._find(charge_point_id).wished_mode or Mode.FORWARD

    async def set_mode(self, charge_point_id: str, mode: Mode) -> None:
        """Set the owner's policy for a charger; it takes effect at once."""
        charger = self._find(charge_point_id)
        await self._records.set_mode(charger, mode)
        charger.wished_mode = mode
        charger.confirmed = True
        await self._apply(charger)

    async def set_pause_strategy(self, charge_point_id: str, strategy: PauseStrategy) -> None:
        """Set how a pause holds a charger back."""
        charger = self._find(charge_point_id)
        await self._records.set_pause_strategy(charger, strategy)
        charger.confirmed = True
        self._announce(charge_point_id)

    async def set_max_current(self, charge_point_id: str, amperes: float | None) -> None:
        """Store the owner's lasting limit, as the table of chargers has it."""
        charger = self._find(charge_point_id)
        await self._records.set_max_current(charger, amperes)
        charger.confirmed = True

    async def rename(self, charge_point_id: str, name: str | None) -> None:
        """Give a charger a name."""
        charger = self._find(charge_point_id)
        await self._records.set_name(charger, name)
        charger.name = name
        charger.confirmed = True
        self._announce(charge_point_id)

    async def approve(self, charge_point_id: str, *, approved: bool) -> None:
        """Let a charger in, or keep it out."""
        charger = self._find(charge_point_id)
        await self._records.set_approved(charger, approved=approved)
        charger.approved = approved
        charger.confirmed = charger.confirmed or approved
        if not approved:
            await charger.close("Not approved by the owner")
        self._announce(charge_point_id)

    async def set_owner_status(self, charge_point_id: str, status: OwnerStatus) -> None:
        """Use a charger, keep it out, or let it be worked on without alerts."""
        charger = self._find(charge_point_id)
        await self._records.set_owner_status(charger, status)
        charger.owner_status = status
        charger.confirmed = True
        self._issues.heed_owner(charger)
        if status is OwnerStatus.INACTIVE:
            await charger.close(INACTIVE_REASON)
        self._announce(charge_point_id)

    def apply_tags(self) -> None:
        """Let what the owner says of id tags count from now on."""
        self._maker.apply_policy(self._chargers.values())

    def _state_changed(self, state: ProxyState) -> None:
        self.apply_tags()
        moved = state.csms_url != self._csms_url
        self._csms_url = state.csms_url
        for charger in self._chargers.values():
            if moved and charger.bridge is None:
                self._issues.forget_csms(charger.charge_point_id)
            spawn(self._apply(charger), name=f"retarget {charger.charge_point_id}")

    async def _apply(self, charger: Charger) -> None:
        """A new address or policy takes effect at once, on open connections too."""
        bridge = charger.bridge
        if bridge is not None and charger.conversation is not None:
            charger.conversation.mode = charger.mode(forwarding=self._state.current.forwarding)
            await bridge.retarget(self.target(charger))
        elif self.target(charger) is None:
            self._issues.forget_csms(charger.charge_point_id)
        self._announce(charger.charge_point_id)
