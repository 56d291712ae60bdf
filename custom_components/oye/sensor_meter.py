"""The sensors of what a connector measures; each appears with its first value."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfRatio,
    UnitOfReactiveEnergy,
    UnitOfReactivePower,
    UnitOfTemperature,
)

from .energy import flow_value
from .models import ENERGY_IMPORT, POWER_IMPORT, Connector
from .sensor_base import ConnectorSensorDescription

CURRENT_IMPORT: Final = "Current.Import"
VOLTAGE: Final = "Voltage"
PHASES: Final = ("L1", "L2", "L3")

type Reader = Callable[[Connector], float | None]


def measured(measurand: str, phase: str | None = None) -> Reader:
    """Return what reads the newest value of a measurand, the total or that of a phase."""

    def read(connector: Connector) -> float | None:
        sample = connector.sample(measurand)
        if sample is None:
            return None
        return sample.value if phase is None else sample.phases.get(phase)

    return read


def flowing(measurand: str, phase: str | None = None) -> Reader:
    """Return what reads a measurand that ends with the flow."""
    read = measured(measurand, phase)
    return lambda connector: flow_value(connector, read(connector), measurand)


def power(connector: Connector) -> float | None:
    """Return the power, which the proxy has from the first of these that the charger measures."""
    sources = (POWER_IMPORT, CURRENT_IMPORT, ENERGY_IMPORT)
    source = next((one for one in sources if connector.sample(one) is not None), POWER_IMPORT)
    return flow_value(connector, connector.meter.power_w, source)


def _seen(read: Reader) -> Callable[[Connector], bool]:
    return lambda connector: read(connector) is not None


def _sensor(
    key: str,
    device_class: SensorDeviceClass,
    unit: str | None,
    read: Reader,
    *,
    precision: int = 1,
) -> ConnectorSensorDescription:
    """Describe a sensor that everybody wants."""
    return ConnectorSensorDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        native_unit_of_measurement=unit,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=precision,
        seen_fn=_seen(read),
        meter=True,
        value_fn=read,
    )


def _detail(
    key: str,
    device_class: SensorDeviceClass,
    unit: str | None,
    read: Reader,
    *,
    precision: int = 1,
) -> ConnectorSensorDescription:
    """Describe a sensor for those who look closer."""
    return replace(
        _sensor(key, device_class, unit, read, precision=precision),
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    )


METER_SENSORS: Final = (
    _sensor("power", SensorDeviceClass.POWER, UnitOfPower.WATT, power, precision=0),
    _sensor(
        "current",
        SensorDeviceClass.CURRENT,
        UnitOfElectricCurrent.AMPERE,
        flowing(CURRENT_IMPORT),
    ),
    _sensor("soc", SensorDeviceClass.BATTERY, UnitOfRatio.PERCENTAGE, measured("SoC"), precision=0),
    replace(
        _sensor(
            "energy_export",
            SensorDeviceClass.ENERGY,
            UnitOfEnergy.WATT_HOUR,
            measured("Energy.Active.Export.Register"),
            precision=2,
        ),
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    ),
    _sensor(
        "power_export",
        SensorDeviceClass.POWER,
        UnitOfPower.WATT,
        flowing("Power.Active.Export"),
        precision=0,
    ),
    replace(
        _sensor(
            "current_export",
            SensorDeviceClass.CURRENT,
            UnitOfElectricCurrent.AMPERE,
            flowing("Current.Export"),
        ),
        entity_registry_enabled_default=False,
    ),
    *(
        _detail(
            f"current_{phase.lower()}",
            SensorDeviceClass.CURRENT,
            UnitOfElectricCurrent.AMPERE,
            flowing(CURRENT_IMPORT, phase),
        )
        for phase in PHASES
    ),
    _detail("voltage", SensorDeviceClass.VOLTAGE, UnitOfElectricPotential.VOLT, measured(VOLTAGE)),
    *(
        _detail(
            f"voltage_{phase.lower()}",
            SensorDeviceClass.VOLTAGE,
            UnitOfElectricPotential.VOLT,
            measured(VOLTAGE, phase),
        )
        for phase in PHASES
    ),
    _detail(
        "power_offered",
        SensorDeviceClass.POWER,
        UnitOfPower.WATT,
        measured("Power.Offered"),
        precision=0,
    ),
    _detail(
        "current_offered",
        SensorDeviceClass.CURRENT,
        UnitOfElectricCurrent.AMPERE,
        measured("Current.Offered"),
    ),
    _detail(
        "frequency",
        SensorDeviceClass.FREQUENCY,
        UnitOfFrequency.HERTZ,
        measured("Frequency"),
        precision=2,
    ),
    _detail(
        "power_factor",
        SensorDeviceClass.POWER_FACTOR,
        None,
        measured("Power.Factor"),
        precision=2,
    ),
    _detail(
        "temperature",
        SensorDeviceClass.TEMPERATURE,
        UnitOfTemperature.CELSIUS,
        measured("Temperature"),
    ),
    *(
        replace(
            _detail(
                f"reactive_energy_{direction.lower()}",
                SensorDeviceClass.REACTIVE_ENERGY,
                UnitOfReactiveEnergy.VOLT_AMPERE_REACTIVE_HOUR,
                measured(f"Energy.Reactive.{direction}.Register"),
                precision=0,
            ),
            state_class=SensorStateClass.TOTAL_INCREASING,
        )
        for direction in ("Import", "Export")
    ),
    *(
        _detail(
            f"reactive_power_{direction.lower()}",
            SensorDeviceClass.REACTIVE_POWER,
            UnitOfReactivePower.VOLT_AMPERE_REACTIVE,
            flowing(f"Power.Reactive.{direction}"),
            precision=0,
        )
        for direction in ("Import", "Export")
    ),
)
