"""What a simulated charger answers in the same way in every OCPP version."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.answers import Handler, dispatch, send_all, status
from oye_proxy.simulator.charging import Charging
from oye_proxy.simulator.evse import Evse, Reservation, Status
from oye_proxy.simulator.exchange import Answer, ChargerControl, Outgoing, Payload
from oye_proxy.simulator.messages import ChargerMessages
from oye_proxy.simulator.profiles import Profile

STEP_SECONDS = 5.0
UPLOAD_STEPS = ("Uploading", "Uploaded")
UPDATE_STEPS = ("Downloading", "Downloaded", "Installing", "Installed")

# As `profiles_v16.composite_schedule`: charging, EVSE, duration and unit to the answer's payload.
CompositeSchedule: TypeAlias = Callable[[Charging, int, int, str], Payload]


class CommonAnswers:
    """The base of each version's answers: what differs in words only, or not at all."""

    def __init__(
        self,
        *,
        version: OcppVersion,
        vendor: str,
        charging: Charging,
        control: ChargerControl,
        send: Callable[[Outgoing], None],
    ) -> None:
        self._version = version
        self._vendor = vendor
        self._charging = charging
        self._control = control
        self._send = send
        self._handlers: dict[str, Handler] = {
            "CancelReservation": self._cancel_reservation,
            "ClearCache": self._clear_cache,
            "DataTransfer": self._data_transfer,
        }

    def answer(self, call: Call, schemas: Schemas) -> Answer:
        """Answer one CALL."""
        return dispatch(self._handlers, schemas, self._version, call)

    def _cancel_reservation(self, payload: Payload) -> Answer:
        for evse in self._charging.evses:
            held = evse.reservation
            if held is not None and held.reservation_id == payload["reservationId"]:
                return status("Accepted", partial(self._charging.cancel_reservation, evse))
        return status("Rejected")

    def _clear_cache(self, _payload: Payload) -> Answer:
        self._charging.tags.cache.clear()
        return status("Accepted")

    def _data_transfer(self, payload: Payload) -> Answer:
        if payload["vendorId"] != self._vendor:
            return status("UnknownVendorId")
        data = {"data": payload["data"]} if "data" in payload else {}
        return Answer({"status": "Accepted", **data})

    def _stop(self, transaction_id: str) -> Answer:
        evse = self._charging.evse_of(transaction_id)
        if evse is None:
            return status("Rejected")
        return status("Accepted", partial(self._charging.end, evse, "Remote"))

    def _set_operative(self, evses: Iterable[Evse | None], *, operative: bool) -> Answer:
        found = [evse for evse in evses if evse is not None]
        if not found:
            return status("Rejected")

        def change() -> None:
            for evse in found:
                self._charging.set_operative(evse, operative=operative)

        scheduled = any(evse.transaction is not None for evse in found)
        return status("Scheduled" if scheduled else "Accepted", change)

    def _reserve(
        self, evse: Evse, reservation: Reservation, expired: Callable[[], None] | None = None
    ) -> Answer:
        held = evse.reservation
        if evse.status != Status.AVAILABLE and (
            held is None or held.reservation_id != reservation.reservation_id
        ):
            words = {Status.FAULTED: "Faulted", Status.UNAVAILABLE: "Unavailable"}
            return status(words.get(evse.status, "Occupied"))
        return status("Accepted", partial(self._charging.reserve, evse, reservation, expired))

    def _clear_profiles(self, found: list[Profile]) -> Answer:
        if not found:
            return status("Unknown")
        self._charging.profiles.remove(found)
        return status("Accepted", self._charging.refresh)

    def _composite(self, evse_id: int, payload: Payload, schedule: CompositeSchedule) -> Answer:
        if evse_id != 0 and self._charging.evse(evse_id) is None:
            return status("Rejected")
        unit = payload.get("chargingRateUnit", "A")
        return Answer(schedule(self._charging, evse_id, payload["duration"], unit))

    def _sample(self, evses: list[Evse]) -> None:
        for evse in evses:
            self._charging.sample(evse)

    def _sent(self, *messages: Outgoing) -> Answer:
        return status("Accepted", partial(send_all, self._send, messages))

    def _in_turn(self, messages: Iterable[Outgoing]) -> None:
        for number, outgoing in enumerate(messages, 1):
            self._charging.timers.later(STEP_SECONDS * number, partial(self._send, outgoing))

    def _update(self, steps: list[Outgoing], messages: ChargerMessages) -> None:
        self._in_turn(steps)
        self._charging.timers.later(
            STEP_SECONDS * (len(steps) + 1), partial(self._finish_update, messages)
        )

    def _finish_update(self, messages: ChargerMessages) -> None:
        messages.firmware_version = raised(messages.firmware_version)
        self._control.reboot("FirmwareUpdate")


def raised(version: str) -> str:
    """Return the version after this one: its last number plus one."""
    head, dot, last = version.rpartition(".")
    return f"{head}{dot}{int(last) + 1}" if last.isdecimal() else f"{version}.1"
