"""A simulated charger's answers in OCPP 2.0.1 and 2.1."""

from collections.abc import Callable
from functools import partial
from typing import Any

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.answers import status
from oye_proxy.simulator.answers_common import UPDATE_STEPS, UPLOAD_STEPS, CommonAnswers
from oye_proxy.simulator.answers_v2_model import ModelAnswersV2
from oye_proxy.simulator.charging import Charging
from oye_proxy.simulator.clock import from_rfc3339
from oye_proxy.simulator.device_model import DeviceModel
from oye_proxy.simulator.evse import Authorization, Reservation
from oye_proxy.simulator.exchange import Answer, ChargerControl, Outgoing, Payload
from oye_proxy.simulator.messages_v2 import MessagesV2
from oye_proxy.simulator.profiles import Profile, Purpose
from oye_proxy.simulator.profiles_v2 import composite_schedule, read_profile, refusal_of


class AnswersV2(CommonAnswers):
    """Answers the CALLs of a 2.x CSMS by what the charger really is and does."""

    def __init__(
        self,
        *,
        version: OcppVersion,
        vendor: str,
        charging: Charging,
        model: DeviceModel,
        messages: MessagesV2,
        control: ChargerControl,
        send: Callable[[Outgoing], None],
        waiting: Callable[[], list[str]],
    ) -> None:
        super().__init__(
            version=version, vendor=vendor, charging=charging, control=control, send=send
        )
        self._messages = messages
        self._waiting = waiting
        self._reset_when_idle = False
        charging.on_change(self._reset_if_idle)
        about_itself = ModelAnswersV2(
            model=model,
            tags=charging.tags,
            messages=messages,
            control=control,
            send=send,
        )
        self._handlers |= about_itself.handlers
        self._handlers |= {
            "ChangeAvailability": self._change_availability,
            "ClearChargingProfile": self._clear_charging_profile,
            "CostUpdated": lambda _payload: Answer({}),
            "GetChargingProfiles": self._get_charging_profiles,
            "GetCompositeSchedule": self._get_composite_schedule,
            "GetLog": self._get_log,
            "GetLocalListVersion": self._get_local_list_version,
            "GetTransactionStatus": self._get_transaction_status,
            "RequestStartTransaction": self._request_start,
            "RequestStopTransaction": self._request_stop,
            "ReserveNow": self._reserve_now,
            "Reset": self._reset,
            "SendLocalList": self._send_local_list,
            "SetChargingProfile": self._set_charging_profile,
            "TriggerMessage": self._trigger_message,
            "UnlockConnector": self._unlock_connector,
            "UpdateFirmware": self._update_firmware,
        }

    def _request_start(self, payload: Payload) -> Answer:
        tag = payload["idToken"]["idToken"]
        evse = self._charging.startable(payload.get("evseId"), tag)
        if evse is None:
            return status("Rejected")
        profile_payload = payload.get("chargingProfile")
        if profile_payload is not None:
            profile = read_profile(evse.evse_id, profile_payload)
            if profile is None or profile.purpose is not Purpose.TRANSACTION:
                return status("Rejected")  # F01.FR.08
            self._charging.profiles.install(profile)
        authorization = Authorization(tag, payload["remoteStartId"])
        return status("Accepted", partial(self._charging.start_remotely, evse, authorization))

    def _request_stop(self, payload: Payload) -> Answer:
        return self._stop(payload["transactionId"])

    def _get_transaction_status(self, payload: Payload) -> Answer:
        waits = "TransactionEvent" in self._waiting()
        answer: Payload = {"messagesInQueue": waits}
        if "transactionId" in payload:
            running = self._charging.evse_of(payload["transactionId"]) is not None
            answer["ongoingIndicator"] = running
        return Answer(answer)

    def _reset(self, payload: Payload) -> Answer:
        if "evseId" in payload:
            return status("Rejected")  # EVSE.AllowReset is false here (B11.FR.10)
        busy = any(evse.transaction is not None for evse in self._charging.evses)
        if payload["type"] == "OnIdle" and busy:
            self._reset_when_idle = True
            return status("Scheduled")

        def reset() -> None:
            for evse in self._charging.evses:
                self._charging.end(evse, "ImmediateReset")
            self._control.reboot("RemoteReset")

        return status("Accepted", reset)

    def _reset_if_idle(self) -> None:
        idle = all(evse.transaction is None for evse in self._charging.evses)
        if self._reset_when_idle and idle:
            self._reset_when_idle = False
            self._control.reboot("RemoteReset")

    def _unlock_connector(self, payload: Payload) -> Answer:
        evse = self._charging.evse(payload["evseId"])
        if evse is None or payload["connectorId"] != 1:
            return status("UnknownConnector")
        return status("OngoingAuthorizedTransaction" if evse.transaction else "Unlocked")

    def _change_availability(self, payload: Payload) -> Answer:
        named = payload.get("evse")
        operative = payload["operationalStatus"] == "Operative"
        evses = self._charging.evses if named is None else [self._charging.evse(named["id"])]
        return self._set_operative(evses, operative=operative)

    def _trigger_message(self, payload: Payload) -> Answer:
        named = payload.get("evse")
        evses = [
            evse for evse in self._charging.evses if named is None or evse.evse_id == named["id"]
        ]
        if not evses:
            return status("Rejected")
        match payload["requestedMessage"]:
            case "BootNotification":
                return status("Rejected")  # F06.FR.17: the boot was accepted already
            case "Heartbeat":
                return status("Accepted", self._control.beat)
            case "StatusNotification" if named is None or "connectorId" not in named:
                return status("Rejected")  # F06.FR.12
            case "StatusNotification":
                return self._sent(*map(self._messages.status, evses))
            case "MeterValues":
                return status("Accepted", partial(self._sample, evses))
            case "TransactionEvent":
                charging = [evse for evse in evses if evse.transaction is not None]
                if not charging:
                    return status("Rejected")
                return status("Accepted", partial(self._sample, charging))
            case "FirmwareStatusNotification":
                return self._sent(self._messages.firmware_status("Idle"))
            case "LogStatusNotification":
                return self._sent(self._messages.log_status("Idle"))
            case _:
                return status("NotImplemented")

    def _set_charging_profile(self, payload: Payload) -> Answer:
        profile = read_profile(payload["evseId"], payload["chargingProfile"])
        reason = "UnsupportedKind" if profile is None else refusal_of(profile, self._charging)
        if profile is None or reason is not None:
            return Answer({"status": "Rejected", "statusInfo": {"reasonCode": reason}})
        self._charging.profiles.install(profile)
        return status("Accepted", self._charging.refresh)

    def _clear_charging_profile(self, payload: Payload) -> Answer:
        profile_id = payload.get("chargingProfileId")
        criteria = payload.get("chargingProfileCriteria", {})
        found = self._profiles(
            None if profile_id is None else [profile_id], criteria.get("evseId"), criteria
        )
        return self._clear_profiles(found)

    def _get_charging_profiles(self, payload: Payload) -> Answer:
        criteria = payload["chargingProfile"]
        found = self._profiles(criteria.get("chargingProfileId"), payload.get("evseId"), criteria)
        if not found or "CSO" not in criteria.get("chargingLimitSource", ["CSO"]):
            return status("NoProfiles")
        by_evse: dict[int, list[Payload]] = {}
        for profile in found:
            by_evse.setdefault(profile.evse_id, []).append(profile.raw)
        return self._sent(*self._messages.charging_profiles(payload["requestId"], by_evse))

    def _profiles(
        self, profile_ids: list[int] | None, evse_id: int | None, criteria: dict[str, Any]
    ) -> list[Profile]:
        word = criteria.get("chargingProfilePurpose")
        if word is not None and word not in list(Purpose):
            return []
        return self._charging.profiles.matching(
            profile_ids=profile_ids,
            evse_id=evse_id,
            purpose=None if word is None else Purpose(word),
            stack_level=criteria.get("stackLevel"),
        )

    def _get_composite_schedule(self, payload: Payload) -> Answer:
        return self._composite(payload["evseId"], payload, composite_schedule)

    def _get_local_list_version(self, _payload: Payload) -> Answer:
        return Answer({"versionNumber": self._charging.tags.list_version})

    def _send_local_list(self, payload: Payload) -> Answer:
        entries = [
            (entry["idToken"]["idToken"], entry.get("idTokenInfo", {}).get("status"))
            for entry in payload.get("localAuthorizationList", [])
        ]
        full = payload["updateType"] == "Full"
        version = payload["versionNumber"]
        return status(self._charging.tags.update_list(version, entries, full=full))

    def _reserve_now(self, payload: Payload) -> Answer:
        evse = self._charging.reservable(payload.get("evseId", 0))
        if evse is None:
            return status("Rejected" if "evseId" in payload else "Occupied")
        reservation = Reservation(
            payload["id"], payload["idToken"]["idToken"], from_rfc3339(payload["expiryDateTime"])
        )
        ended = self._messages.reservation_ended(reservation.reservation_id, "Expired")
        return self._reserve(evse, reservation, partial(self._send, ended))

    def _get_log(self, payload: Payload) -> Answer:
        steps = [self._messages.log_status(word, payload["requestId"]) for word in UPLOAD_STEPS]
        return Answer({"status": "Accepted", "filename": "log.zip"}, partial(self._in_turn, steps))

    def _update_firmware(self, payload: Payload) -> Answer:
        request_id = payload["requestId"]
        steps = [self._messages.firmware_status(word, request_id) for word in UPDATE_STEPS]
        return status("Accepted", partial(self._update, steps, self._messages))
