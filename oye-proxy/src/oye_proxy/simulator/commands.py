"""What a simulated operator orders, in the words of the charger's OCPP version."""

from datetime import timedelta
from typing import Any, Protocol

from oye_proxy.ocppj.frames import CallError, CallResult
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.clock import Clock, rfc3339
from oye_proxy.simulator.exchange import Payload

PROFILE_ID = 7


class _Commanding(Protocol):
    clock: Clock

    def version(self, charge_point_id: str) -> OcppVersion: ...

    async def command(
        self, charge_point_id: str, action: str, payload: Payload
    ) -> CallResult | CallError: ...


class OperatorCommands:
    """The usual commands; each returns the charger's answer."""

    async def remote_start(
        self: _Commanding,
        charge_point_id: str,
        id_tag: str,
        *,
        evse_id: int | None = 1,
        remote_start_id: int = 1,
    ) -> CallResult | CallError:
        """Ask for a start."""
        if self.version(charge_point_id).is_1_6:
            payload: Payload = {"idTag": id_tag}
            if evse_id is not None:
                payload["connectorId"] = evse_id
            return await self.command(charge_point_id, "RemoteStartTransaction", payload)
        payload = {
            "remoteStartId": remote_start_id,
            "idToken": {"idToken": id_tag, "type": "ISO14443"},
        }
        if evse_id is not None:
            payload["evseId"] = evse_id
        return await self.command(charge_point_id, "RequestStartTransaction", payload)

    async def remote_stop(
        self: _Commanding, charge_point_id: str, transaction_id: str
    ) -> CallResult | CallError:
        """Ask for the end of a transaction."""
        if self.version(charge_point_id).is_1_6:
            return await self.command(
                charge_point_id, "RemoteStopTransaction", {"transactionId": int(transaction_id)}
            )
        return await self.command(
            charge_point_id, "RequestStopTransaction", {"transactionId": transaction_id}
        )

    async def reset(
        self: _Commanding, charge_point_id: str, *, at_once: bool = False
    ) -> CallResult | CallError:
        """Restart the charger, politely or at once."""
        if self.version(charge_point_id).is_1_6:
            words = ("Hard", "Soft")
        else:
            words = ("Immediate", "OnIdle")
        return await self.command(charge_point_id, "Reset", {"type": words[0 if at_once else 1]})

    async def trigger(
        self: _Commanding, charge_point_id: str, message: str, *, evse_id: int | None = None
    ) -> CallResult | CallError:
        """Ask for a message."""
        payload: Payload = {"requestedMessage": message}
        if evse_id is not None and self.version(charge_point_id).is_1_6:
            payload["connectorId"] = evse_id
        elif evse_id is not None:
            payload["evse"] = {"id": evse_id, "connectorId": 1}
        return await self.command(charge_point_id, "TriggerMessage", payload)

    async def set_limit(
        self: _Commanding,
        charge_point_id: str,
        limit_a: float,
        *,
        evse_id: int = 1,
        purpose: str = "TxDefaultProfile",
        transaction_id: str | None = None,
        stack_level: int = 0,
        profile_id: int = PROFILE_ID,
    ) -> CallResult | CallError:
        """Limit the current by a charging profile; `purpose` in the words of 2.x."""
        old = self.version(charge_point_id).is_1_6
        schedule: dict[str, Any] = {
            "chargingRateUnit": "A",
            "startSchedule": rfc3339(self.clock.now() - timedelta(minutes=1)),
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit_a}],
        }
        profile: Payload = {
            "stackLevel": stack_level,
            "chargingProfilePurpose": purpose,
            "chargingProfileKind": "Absolute",
            "chargingSchedule": schedule if old else [{"id": 1, **schedule}],
        }
        if transaction_id is not None:
            profile["transactionId"] = int(transaction_id) if old else transaction_id
        if not old:
            return await self.command(
                charge_point_id,
                "SetChargingProfile",
                {"evseId": evse_id, "chargingProfile": {"id": profile_id, **profile}},
            )
        if purpose == "ChargingStationMaxProfile":
            profile["chargingProfilePurpose"] = "ChargePointMaxProfile"
        return await self.command(
            charge_point_id,
            "SetChargingProfile",
            {
                "connectorId": evse_id,
                "csChargingProfiles": {"chargingProfileId": profile_id, **profile},
            },
        )

    async def clear_limit(
        self: _Commanding, charge_point_id: str, *, profile_id: int = PROFILE_ID
    ) -> CallResult | CallError:
        """Take a charging profile back."""
        key = "id" if self.version(charge_point_id).is_1_6 else "chargingProfileId"
        return await self.command(charge_point_id, "ClearChargingProfile", {key: profile_id})
