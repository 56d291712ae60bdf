"""A simulated charger's answers in OCPP 1.6."""

from collections.abc import Callable
from functools import partial

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.answers import send_all, status
from oye_proxy.simulator.answers_common import UPDATE_STEPS, UPLOAD_STEPS, CommonAnswers
from oye_proxy.simulator.charging import Charging
from oye_proxy.simulator.clock import from_rfc3339
from oye_proxy.simulator.configuration import ConfigurationKeys
from oye_proxy.simulator.evse import Authorization, Evse, Reservation
from oye_proxy.simulator.exchange import Answer, ChargerControl, Outgoing, Payload
from oye_proxy.simulator.messages_v16 import MessagesV16
from oye_proxy.simulator.profiles_v16 import (
    PROFILES_MAXIMUM,
    composite_schedule,
    is_acceptable,
    purpose_of,
    read_profile,
)


class AnswersV16(CommonAnswers):
    """Answers the CALLs of a 1.6 CSMS by what the charger really is and does."""

    def __init__(
        self,
        *,
        vendor: str,
        charging: Charging,
        configuration: ConfigurationKeys,
        messages: MessagesV16,
        control: ChargerControl,
        send: Callable[[Outgoing], None],
    ) -> None:
        super().__init__(
            version=OcppVersion.V1_6,
            vendor=vendor,
            charging=charging,
            control=control,
            send=send,
        )
        self._configuration = configuration
        self._messages = messages
        self._handlers |= {
            "ChangeAvailability": self._change_availability,
            "ChangeConfiguration": self._change_configuration,
            "ClearChargingProfile": self._clear_charging_profile,
            "ExtendedTriggerMessage": self._trigger_message,
            "GetCompositeSchedule": self._get_composite_schedule,
            "GetConfiguration": self._get_configuration,
            "GetDiagnostics": self._get_diagnostics,
            "GetLocalListVersion": self._get_local_list_version,
            "GetLog": self._get_log,
            "RemoteStartTransaction": self._remote_start,
            "RemoteStopTransaction": self._remote_stop,
            "ReserveNow": self._reserve_now,
            "Reset": self._reset,
            "SendLocalList": self._send_local_list,
            "SetChargingProfile": self._set_charging_profile,
            "TriggerMessage": self._trigger_message,
            "UnlockConnector": self._unlock_connector,
            "UpdateFirmware": self._update_firmware,
        }

    def _get_configuration(self, payload: Payload) -> Answer:
        return Answer(dict(self._configuration.report(payload.get("key"))))

    def _change_configuration(self, payload: Payload) -> Answer:
        name, value = payload["key"], payload["value"]
        outcome = self._configuration.change(name, value)
        if outcome != "Accepted":
            return status(outcome)
        if name == "AuthorizationKey":
            return status(outcome, partial(self._renew_password, value))
        if name == "HeartbeatInterval":
            return status(outcome, self._control.restart_heartbeat)
        return status(outcome)

    def _renew_password(self, hexadecimal: str) -> None:
        """A new key holds from the next connection on, which follows at once (SW A01)."""
        text = hexadecimal if len(hexadecimal) % 2 == 0 else "0" + hexadecimal
        self._control.renew_password(bytes.fromhex(text))
        self._control.reconnect()

    def _remote_start(self, payload: Payload) -> Answer:
        evse = self._charging.startable(payload.get("connectorId"), payload["idTag"])
        if evse is None:
            return status("Rejected")
        profile_payload = payload.get("chargingProfile")
        if profile_payload is not None:
            profile = read_profile(evse.evse_id, profile_payload)
            if profile_payload["chargingProfilePurpose"] != "TxProfile":
                return status("Rejected")
            self._charging.profiles.install(profile)
        authorization = Authorization(payload["idTag"])
        return status("Accepted", partial(self._charging.start_remotely, evse, authorization))

    def _remote_stop(self, payload: Payload) -> Answer:
        return self._stop(str(payload["transactionId"]))

    def _reset(self, payload: Payload) -> Answer:
        reason = "HardReset" if payload["type"] == "Hard" else "SoftReset"

        def reset() -> None:
            for evse in self._charging.evses:
                self._charging.end(evse, reason)
            self._control.reboot("RemoteReset")

        return status("Accepted", reset)

    def _unlock_connector(self, payload: Payload) -> Answer:
        evse = self._charging.evse(payload["connectorId"])
        if evse is None:
            return status("NotSupported")
        return status("Unlocked", partial(self._charging.end, evse, "UnlockCommand"))

    def _change_availability(self, payload: Payload) -> Answer:
        number, operative = payload["connectorId"], payload["type"] == "Operative"
        evses = self._charging.evses if number == 0 else [self._charging.evse(number)]
        return self._set_operative(evses, operative=operative)

    def _trigger_message(self, payload: Payload) -> Answer:
        number = payload.get("connectorId")
        evses = [
            evse for evse in self._charging.evses if number in (None, 0) or evse.evse_id == number
        ]
        if not evses:
            return status("Rejected")
        match payload["requestedMessage"]:
            case "BootNotification":
                return status("Accepted", self._control.boot)
            case "Heartbeat":
                return status("Accepted", self._control.beat)
            case "MeterValues":
                return status("Accepted", partial(self._sample, evses))
            case "StatusNotification":
                return status("Accepted", partial(self._report_status, number, evses))
            case "DiagnosticsStatusNotification":
                return self._sent(self._messages.diagnostics_status("Idle"))
            case "FirmwareStatusNotification":
                return self._sent(self._messages.firmware_status("Idle"))
            case "LogStatusNotification":
                return self._sent(self._messages.log_status("Idle", None))
            case _:
                return status("NotImplemented")

    def _report_status(self, number: int | None, evses: list[Evse]) -> None:
        if number in (None, 0):
            send_all(self._send, self._messages.charger_status())
        if number != 0:
            send_all(self._send, map(self._messages.status, evses))

    def _set_charging_profile(self, payload: Payload) -> Answer:
        number = payload["connectorId"]
        evse = self._charging.evse(number)
        profile = read_profile(number, payload["csChargingProfiles"])
        full = len(self._charging.profiles) >= PROFILES_MAXIMUM
        if (number != 0 and evse is None) or full or not is_acceptable(profile, evse):
            return status("Rejected")
        self._charging.profiles.install(profile)
        return status("Accepted", self._charging.refresh)

    def _clear_charging_profile(self, payload: Payload) -> Answer:
        profile_id = payload.get("id")
        purpose = payload.get("chargingProfilePurpose")
        found = self._charging.profiles.matching(
            profile_ids=None if profile_id is None else [profile_id],
            evse_id=payload.get("connectorId"),
            purpose=None if purpose is None else purpose_of(purpose),
            stack_level=payload.get("stackLevel"),
        )
        return self._clear_profiles(found)

    def _get_composite_schedule(self, payload: Payload) -> Answer:
        return self._composite(payload["connectorId"], payload, composite_schedule)

    def _get_local_list_version(self, _payload: Payload) -> Answer:
        return Answer({"listVersion": self._charging.tags.list_version})

    def _send_local_list(self, payload: Payload) -> Answer:
        entries = [
            (entry["idTag"], entry.get("idTagInfo", {}).get("status"))
            for entry in payload.get("localAuthorizationList", [])
        ]
        full = payload["updateType"] == "Full"
        return status(self._charging.tags.update_list(payload["listVersion"], entries, full=full))

    def _reserve_now(self, payload: Payload) -> Answer:
        number = payload["connectorId"]
        evse = self._charging.reservable(number)
        if evse is None:
            return status("Rejected" if number else "Occupied")
        expiry = from_rfc3339(payload["expiryDate"])
        return self._reserve(evse, Reservation(payload["reservationId"], payload["idTag"], expiry))

    def _get_diagnostics(self, _payload: Payload) -> Answer:
        steps = [self._messages.diagnostics_status(word) for word in UPLOAD_STEPS]
        return Answer({"fileName": "diagnostics.zip"}, partial(self._in_turn, steps))

    def _get_log(self, payload: Payload) -> Answer:
        steps = [self._messages.log_status(word, payload["requestId"]) for word in UPLOAD_STEPS]
        return Answer({"status": "Accepted", "filename": "log.zip"}, partial(self._in_turn, steps))

    def _update_firmware(self, _payload: Payload) -> Answer:
        steps = [self._messages.firmware_status(word) for word in UPDATE_STEPS]
        return Answer({}, partial(self._update, steps, self._messages))
