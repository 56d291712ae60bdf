"""One outlet of a simulated charger: what is plugged in, what flows, what it is called."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from oye_proxy.simulator.vehicle import POWER_FACTOR, Flow, Meter, Offer, Vehicle, settle

_STEP = timedelta(seconds=30)
_PHASES = ("L1", "L2", "L3")


class Status(StrEnum):
    """The nine states of C16 7.7."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"
    FINISHING = "Finishing"
    RESERVED = "Reserved"
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"


class Reading(Struct, frozen=True):
    """One measured value in its plain unit."""

    measurand: str
    value: float
    unit: str
    phase: str | None = None
    location: str | None = None


class Sample(Struct, frozen=True):
    """What the meter said at one time."""

    at: datetime
    context: str
    readings: tuple[Reading, ...]


class Transaction(Struct, kw_only=True):
    """A running transaction; in 1.6 its id is empty until the CSMS has given one."""

    transaction_id: str
    id_tag: str
    started_at: datetime
    meter_start_wh: float
    remote_start_id: int | None = None
    reservation_id: int | None = None
    next_seq_no: int = 0
    begin: Sample | None = None

    def take_seq_no(self) -> int:
        """Return the sequence number of the next TransactionEvent."""
        self.next_seq_no += 1
        return self.next_seq_no - 1


class Reservation(Struct, frozen=True):
    """A reservation of one EVSE."""

    reservation_id: int
    id_tag: str
    expiry: datetime


class Authorization(Struct, frozen=True):
    """A tag that may charge here once a car is plugged in."""

    id_tag: str
    remote_start_id: int | None = None


class Evse:
    """The state of one EVSE; `limiter` says at any time what may flow."""

    def __init__(
        self,
        evse_id: int,
        *,
        now: datetime,
        meter: Meter,
        limiter: Callable[["Evse", datetime], Offer],
    ) -> None:
        self.evse_id = evse_id
        self.meter = meter
        self.vehicle: Vehicle | None = None
        self.transaction: Transaction | None = None
        self.authorization: Authorization | None = None
        self.reservation: Reservation | None = None
        self.fault: str | None = None
        self.operative = True
        self.operative_after_transaction: bool | None = None
        self.finishing = False
        self.flow = Flow.SUSPENDED_EV
        self.offer = Offer(0.0, 3)
        self._limiter = limiter
        self._counted_until = now

    @property
    def status(self) -> Status:
        """What StatusNotification tells."""
        if self.fault is not None:
            return Status.FAULTED
        if self.transaction is not None:
            return Status(self.flow.value)
        if not self.operative:
            return Status.UNAVAILABLE
        if self.vehicle is not None and self.finishing:
            return Status.FINISHING
        if self.vehicle is not None or self.authorization is not None:
            return Status.PREPARING
        return Status.RESERVED if self.reservation is not None else Status.AVAILABLE

    def pass_time(self, now: datetime) -> None:
        """Let flow until now what the limits, the car and the battery allow."""
        while self._counted_until < now:
            until = min(self._counted_until + _STEP, now)
            self._adjust(self._counted_until)
            energy_wh = self.meter.pass_time((until - self._counted_until).total_seconds())
            if self.vehicle is not None:
                self.vehicle.store(energy_wh)
            self._counted_until = until
        self._adjust(now)

    def read(self, measurands: str, context: str, now: datetime) -> Sample:
        """Read the meter: the measurands of a comma-separated list."""
        self.pass_time(now)
        wanted = [name.strip() for name in measurands.split(",") if name.strip()]
        readings = tuple(reading for name in wanted for reading in self._readings(name))
        return Sample(now, context, readings)

    def _adjust(self, at: datetime) -> None:
        self.offer = self._limiter(self, at)
        if self.transaction is None or self.fault is not None:
            self.meter.set_current(0.0, 0)
            return
        self.flow, taken = settle(self.vehicle, self.offer)
        self.meter.set_current(taken.current_a, taken.phases)

    def _readings(self, measurand: str) -> list[Reading]:
        meter = self.meter
        match measurand:
            case "Energy.Active.Import.Register":
                return [Reading(measurand, round(meter.register_wh, 1), "Wh", None, "Outlet")]
            case "Power.Active.Import":
                return [Reading(measurand, round(meter.power_w, 1), "W", None, "Outlet")]
            case "Power.Factor":
                return [Reading(measurand, POWER_FACTOR, "")]
            case "Power.Offered":
                offered = self.offer.current_a * sum(meter.voltages_v[: self.offer.phases])
                return [Reading(measurand, round(offered, 1), "W")]
            case "Current.Offered":
                return [Reading(measurand, round(self.offer.current_a, 1), "A")]
            case "Current.Import":
                return [
                    Reading(measurand, round(current, 2), "A", phase, "Outlet")
                    for phase, current in zip(_PHASES, meter.currents_a, strict=True)
                ]
            case "Voltage":
                return [
                    Reading(measurand, round(voltage, 1), "V", f"{phase}-N", "Outlet")
                    for phase, voltage in zip(_PHASES, meter.voltages_v, strict=True)
                ]
            case "SoC" if self.vehicle is not None:
                return [
                    Reading(measurand, round(self.vehicle.soc_percent, 1), "Percent", None, "EV")
                ]
            case "Temperature":
                warmth = 24.0 + meter.power_w / 2_000.0
                return [Reading(measurand, round(warmth, 1), "Celsius", None, "Body")]
            case "Frequency":
                return [Reading(measurand, 50.0, "Hertz")]
            case _:
                return []
