"""The sensors of a connector's state, its limit and its charging session."""

from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import EntityCategory, UnitOfElectricCurrent, UnitOfTime

from .models import Connector, Party, Status, Transaction
from .sensor_base import ConnectorSensor, ConnectorSensorDescription, option, options_of

STOP_REASONS: Final = [
    "de_authorized",
    "emergency_stop",
    "energy_limit_reached",
    "ev_disconnected",
    "ground_fault",
    "hard_reset",
    "immediate_reset",
    "local",
    "local_out_of_credit",
    "master_pass",
    "other",
    "overcurrent_fault",
    "power_loss",
    "power_quality",
    "reboot",
    "remote",
    "req_energy_transfer_rejected",
    "soc_limit_reached",
    "soft_reset",
    "stopped_by_ev",
    "time_limit_reached",
    "timeout",
    "unlock_command",
]


def session_of(connector: Connector) -> Transaction | None:
    """Return the session that runs, or the last one until the next starts."""
    return connector.transaction or connector.last_transaction


def session_start(connector: Connector) -> datetime | None:
    """Return when the session began."""
    session = session_of(connector)
    return None if session is None else session.started_at


def _duration(connector: Connector) -> float | None:
    """Return how many minutes the session lasted, up to the newest meter value."""
    session = session_of(connector)
    if session is None or session.started_at is None:
        return None
    until = session.stopped_at
    if until is None:
        times = [one.time for one in connector.meter.samples.values() if one.time is not None]
        until = max(times, default=session.started_at)
    return round(max(0.0, (until - session.started_at).total_seconds()) / 60, 1)


def _transaction_id(connector: Connector) -> str | None:
    session = session_of(connector)
    return None if session is None else session.transaction_id


def _id_tag(connector: Connector) -> str | None:
    session = session_of(connector)
    return None if session is None else session.id_tag


def _stop_reason(connector: Connector) -> str | None:
    last = connector.last_transaction
    return None if last is None else option(last.reason, STOP_REASONS)


def _is_limited(connector: Connector) -> bool:
    limits = connector.limits
    return limits.effective_limit_a is not None or limits.limit_source not in (None, Party.NO_LIMIT)


ID_TAG: Final = ConnectorSensorDescription(
    key="id_tag",
    translation_key="id_tag",
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    value_fn=_id_tag,
)
STATUS: Final = ConnectorSensorDescription(
    key="status",
    translation_key="status",
    device_class=SensorDeviceClass.ENUM,
    options=options_of(Status),
    value_fn=lambda connector: connector.status,
)
SESSION_SENSORS: Final = (
    ConnectorSensorDescription(
        key="session_start",
        translation_key="session_start",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=session_start,
    ),
    ConnectorSensorDescription(
        key="session_duration",
        translation_key="session_duration",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        meter=True,
        value_fn=_duration,
    ),
    ConnectorSensorDescription(
        key="effective_limit",
        translation_key="effective_limit",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        seen_fn=_is_limited,
        value_fn=lambda connector: connector.limits.effective_limit_a,
    ),
    ConnectorSensorDescription(
        key="limit_source",
        translation_key="limit_source",
        device_class=SensorDeviceClass.ENUM,
        options=options_of(Party),
        entity_category=EntityCategory.DIAGNOSTIC,
        seen_fn=_is_limited,
        value_fn=lambda connector: connector.limits.limit_source,
    ),
    ConnectorSensorDescription(
        key="transaction_id",
        translation_key="transaction_id",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=_transaction_id,
    ),
    ConnectorSensorDescription(
        key="stop_reason",
        translation_key="stop_reason",
        device_class=SensorDeviceClass.ENUM,
        options=STOP_REASONS,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=_stop_reason,
    ),
)


class StatusSensor(ConnectorSensor):
    """Shows the state of a connector, and what the charger itself does not tell of a pause."""

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | None]:
        """Return who keeps cars from charging."""
        paused_by = self.connector.limits.paused_by
        return {"paused_by": None if paused_by is None else paused_by.value}


class IdTagSensor(ConnectorSensor):
    """Shows the tag of the session as the owner wants to see it."""

    @property
    @override
    def native_value(self) -> str | None:
        """Return the tag, whole or its last characters."""
        return self.coordinator.shown_id_tag(_id_tag(self.connector))

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | None]:
        """Return the name that the owner gave the tag."""
        session = session_of(self.connector)
        return {"tag_name": None if session is None else session.id_tag_name}
