"""Puts a simulated charger together in the words of its OCPP version."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from msgspec import Struct

from oye_proxy.ocppj.frames import Call
from oye_proxy.ocppj.schemas import Schemas
from oye_proxy.simulator.answers_v2 import AnswersV2
from oye_proxy.simulator.answers_v16 import AnswersV16
from oye_proxy.simulator.charging import Charging
from oye_proxy.simulator.clock import Clock, rfc3339
from oye_proxy.simulator.configuration import ChargerOptions, ConfigurationKeys
from oye_proxy.simulator.device_model import (
    READ_ONLY,
    DeviceModel,
    Variable,
    standard_variables,
)
from oye_proxy.simulator.evse import Evse
from oye_proxy.simulator.exchange import Answer, ChargerControl
from oye_proxy.simulator.identity import ChargerSimulation
from oye_proxy.simulator.link import ChargerLink
from oye_proxy.simulator.messages import ChargerMessages, Messages
from oye_proxy.simulator.messages_v2 import MessagesV2
from oye_proxy.simulator.messages_v16 import MessagesV16
from oye_proxy.simulator.vehicle import NOMINAL_VOLTAGE_V


class Speech(Struct, frozen=True):
    """Configuration, messages, behaviour and answers that belong together."""

    options: ChargerOptions
    messages: ChargerMessages
    charging: Charging
    answer: Callable[[Call, Schemas], Answer]


def speak(
    settings: ChargerSimulation,
    *,
    clock: Clock,
    link: ChargerLink,
    control: ChargerControl,
    new_id: Callable[[], UUID],
    seed: int,
) -> Speech:
    """Build what makes a charger of this version."""

    def is_online() -> bool:
        return link.connected and link.accepted

    def make_charging(options: ChargerOptions, messages: Messages) -> Charging:
        return Charging(
            clock=clock,
            options=options,
            messages=messages,
            send=link.send,
            is_online=is_online,
            evse_count=settings.connectors,
            phases=settings.phases,
            max_current_a=settings.max_current_a,
            seed=seed,
        )

    if settings.version.is_1_6:
        keys = ConfigurationKeys(
            connectors=settings.connectors,
            meter_interval=settings.meter_interval,
            heartbeat_interval=settings.heartbeat_interval,
            measurands=settings.measurands,
        )
        old_messages = MessagesV16(settings, clock)
        charging = make_charging(keys, old_messages)
        old_answers = AnswersV16(
            vendor=settings.vendor,
            charging=charging,
            configuration=keys,
            messages=old_messages,
            control=control,
            send=link.send,
        )
        return Speech(keys, old_messages, charging, old_answers.answer)
    model = DeviceModel(
        standard_variables(
            meter_interval=settings.meter_interval,
            heartbeat_interval=settings.heartbeat_interval,
            measurands=settings.measurands,
        )
    )
    messages = MessagesV2(settings, clock, new_id=new_id, is_online=is_online)
    charging = make_charging(model, messages)
    model.variables.extend(_machine(settings, charging, messages))
    model.bring_to_life("ClockCtrlr", "DateTime", lambda: rfc3339(clock.now()))
    model.bring_to_life("SecurityCtrlr", "Identity", lambda: settings.charge_point_id)
    model.bring_to_life("LocalAuthListCtrlr", "Entries", lambda: str(len(charging.tags.local_list)))
    answers = AnswersV2(
        version=settings.version,
        vendor=settings.vendor,
        charging=charging,
        model=model,
        messages=messages,
        control=control,
        send=link.send,
        waiting=lambda: link.waiting,
    )
    return Speech(model, messages, charging, answers.answer)


def _machine(
    settings: ChargerSimulation, charging: Charging, messages: MessagesV2
) -> list[Variable]:
    """Return the variables of the charger itself, its EVSEs and its connectors."""
    phases = str(settings.phases)
    rating_w = settings.max_current_a * NOMINAL_VOLTAGE_V * settings.phases
    fixed = {
        "Model": settings.model,
        "VendorName": settings.vendor,
        "SerialNumber": settings.charge_point_id[:25],
        "SupplyPhases": phases,
        "AvailabilityState": "Available",
        "PowerRating": f"{rating_w:.0f}",
    }
    variables = [
        Variable(component="ChargingStation", name=name, value=value, mutability=READ_ONLY)
        for name, value in fixed.items()
    ]
    for evse in charging.evses:
        state = partial(messages.status_word, evse)
        variables += [
            _read("EVSE", "AvailabilityState", evse, live=state),
            _read("EVSE", "Available", evse, "true", data_type="boolean"),
            _read("EVSE", "SupplyPhases", evse, phases, data_type="integer"),
            _read("EVSE", "Power", evse, live=partial(_power, evse), data_type="decimal", unit="W"),
            _read("Connector", "AvailabilityState", evse, live=state),
            _read("Connector", "Available", evse, "true", data_type="boolean"),
            _read("Connector", "ConnectorType", evse, "cType2"),
            _read("Connector", "SupplyPhases", evse, phases, data_type="integer"),
        ]
    return variables


def _power(evse: Evse) -> str:
    return f"{evse.meter.power_w:.1f}"


def _read(
    component: str,
    name: str,
    evse: Evse,
    value: str = "",
    *,
    data_type: str = "string",
    unit: str | None = None,
    live: Callable[[], str] | None = None,
) -> Variable:
    return Variable(
        component=component,
        name=name,
        value=value,
        data_type=data_type,
        mutability=READ_ONLY,
        evse_id=evse.evse_id,
        connector_id=1 if component == "Connector" else None,
        unit=unit,
        live=live,
    )
