"""The issues of one charger: how it came in, whether it is accepted, what its CSMS does to it."""

import logging
from datetime import datetime
from typing import Any

from oye_proxy.hub.admission import is_public
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.issues import IssueBoard, IssueKey
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.ocppj.boot import BootState
from oye_proxy.ocppj.commands import Notice
from oye_proxy.transport.ports import Connection, LinkChange, LinkReason

_logger = logging.getLogger(__name__)

# One of them is open at a time.
_OF_THE_CSMS = (IssueKey.CSMS_LOOP, IssueKey.CSMS_REFUSED, IssueKey.CSMS_UNREACHABLE)


class ChargerIssues:
    """Raises and withdraws what a charger's connections and frames give reason for."""

    def __init__(self, board: IssueBoard) -> None:
        self._board = board

    def arrived(self, bridge: Connection, *, authenticated: bool) -> None:
        """Over the internet a charger needs TLS and a password; it stays said until it has both."""
        encrypted = bridge.info.secure
        if not is_public(bridge.remote_address) or (encrypted and authenticated):
            self._board.withdraw(IssueKey.CHARGER_UNSECURED, bridge.charge_point_id)
            return
        self._board.report(
            IssueKey.CHARGER_UNSECURED,
            bridge.charge_point_id,
            bridge.connected_at,
            encrypted=encrypted,
            authenticated=authenticated,
        )

    def left(self, charge_point_id: str) -> None:
        """Withdraw what only an open connection can have."""
        self._board.withdraw(IssueKey.CHARGER_SILENT, charge_point_id)
        self.forget_csms(charge_point_id)

    def booted(self, charger: Charger, at: datetime) -> None:
        """Take the answer to a boot: it says whether the charger is accepted."""
        charge_point_id = charger.charge_point_id
        self._board.withdraw(IssueKey.CHARGER_REDIRECTED, charge_point_id)
        if charger.conversation is None:
            return
        boot_state = charger.conversation.boot_state
        if boot_state in {BootState.PENDING, BootState.REJECTED}:
            self._board.report(
                IssueKey.CHARGER_NOT_ACCEPTED, charge_point_id, at, status=boot_state.value
            )
        else:
            self._board.withdraw(IssueKey.CHARGER_NOT_ACCEPTED, charge_point_id)

    def redirected(self, charge_point_id: str, notice: Notice, at: datetime) -> None:
        """Somebody sends the charger to another CSMS."""
        self._board.report(IssueKey.CHARGER_REDIRECTED, charge_point_id, at, **notice.data)

    def duplicated(self, charge_point_id: str, notice: Notice, at: datetime) -> None:
        """A second charger comes with the same id."""
        self._board.report(IssueKey.DUPLICATE_CHARGER, charge_point_id, at, **notice.data)

    def link_changed(self, charge_point_id: str, change: LinkChange, at: datetime) -> None:
        """Take note of a link that came, went, or cannot be had; log what is new."""
        delay = change.next_delay or 0.0
        match change.reason:
            case LinkReason.CONNECTED | LinkReason.OFF:
                self.forget_csms(charge_point_id)
            case LinkReason.CLOSED:
                _logger.info(
                    "%s: the link to its CSMS ended with %s (%s); "
                    "the next attempt follows in %.0f s",
                    charge_point_id,
                    change.close_code,
                    change.detail or "no reason",
                    delay,
                )
            case LinkReason.REFUSED:
                if self.link_failed(charge_point_id, change, at):
                    _logger.warning(
                        "%s: its CSMS refuses it with HTTP %s; the next attempt follows in %.0f s",
                        charge_point_id,
                        change.status,
                        delay,
                    )
            case LinkReason.UNREACHABLE | LinkReason.LOOP | LinkReason.SUBPROTOCOL:
                if self.link_failed(charge_point_id, change, at):
                    _logger.warning(
                        "%s: its CSMS cannot be reached (%s); the next attempt follows in %.0f s",
                        charge_point_id,
                        change.detail,
                        delay,
                    )

    def link_failed(self, charge_point_id: str, change: LinkChange, at: datetime) -> bool:
        """Raise one issue, for a CSMS that refuses is not away; return whether it is new."""
        params: dict[str, Any]
        match change.reason:
            case LinkReason.REFUSED:
                key, params = IssueKey.CSMS_REFUSED, {"status": change.status}
            case LinkReason.LOOP:
                key, params = IssueKey.CSMS_LOOP, {}
            case reason:
                key = IssueKey.CSMS_UNREACHABLE
                params = {"reason": reason.value, "detail": change.detail}
        for other in _OF_THE_CSMS:
            if other is not key:
                self._board.withdraw(other, charge_point_id)
        return self._board.report(key, charge_point_id, at, **params)

    def forget_csms(self, charge_point_id: str) -> None:
        """Withdraw what was said about a CSMS to which this charger does not go now."""
        for key in _OF_THE_CSMS:
            self._board.withdraw(key, charge_point_id)

    def heed_owner(self, charger: Charger) -> None:
        """Show issues only of a charger that the owner has in use."""
        in_use = charger.owner_status is OwnerStatus.ACTIVE
        self._board.mute(charger.charge_point_id, muted=not in_use)
