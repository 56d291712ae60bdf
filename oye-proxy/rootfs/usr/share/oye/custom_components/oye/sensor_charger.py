"""The sensors of a charger."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import EntityCategory
from homeassistant.core import callback

from .coordinator import OyeCoordinator
from .entity import always
from .models import Charger, Condition, Link
from .sensor_base import ChargerSensor, ChargerSensorDescription, option, options_of

LAST_MESSAGE_INTERVAL: Final = timedelta(minutes=1)
NO_ERROR: Final = "NoError"

OCPP_VERSIONS: Final = {"1.6": "v1_6", "2.0.1": "v2_0_1", "2.1": "v2_1"}
FIRMWARE_STATUSES: Final = [
    "idle",
    "downloading",
    "download_scheduled",
    "download_paused",
    "downloaded",
    "download_failed",
    "installing",
    "install_scheduled",
    "install_rebooting",
    "install_verification_failed",
    "installation_failed",
    "installed",
    "invalid_signature",
    "signature_verified",
]
LOG_STATUSES: Final = [
    "idle",
    "uploading",
    "uploaded",
    "upload_failed",
    "upload_failure",
    "bad_message",
    "not_supported_operation",
    "permission_denied",
    "accepted_canceled",
]


def trouble(charger: Charger) -> Condition:
    """Return the condition that tells an error: the charger's own, or a connector's."""
    told = [charger.condition, *(one.condition for one in charger.connectors.values())]
    return next((one for one in told if one.error_code not in (None, NO_ERROR)), told[0])


ERROR_CODE: Final = ChargerSensorDescription(
    key="error_code",
    translation_key="error_code",
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    value_fn=lambda charger: trouble(charger).error_code,
)
LAST_MESSAGE: Final = ChargerSensorDescription(
    key="last_message",
    translation_key="last_message",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    available_fn=always,
    meter=True,
    value_fn=lambda charger: charger.last_seen,
)
CHARGER_SENSORS: Final = (
    ChargerSensorDescription(
        key="last_boot",
        translation_key="last_boot",
        device_class=SensorDeviceClass.UPTIME,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        available_fn=always,
        value_fn=lambda charger: charger.boot.booted_at,
    ),
    ChargerSensorDescription(
        key="ocpp_version",
        translation_key="ocpp_version",
        device_class=SensorDeviceClass.ENUM,
        options=list(OCPP_VERSIONS.values()),
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda charger: OCPP_VERSIONS.get(charger.ocpp_version or ""),
    ),
    ChargerSensorDescription(
        key="firmware_status",
        translation_key="firmware_status",
        device_class=SensorDeviceClass.ENUM,
        options=FIRMWARE_STATUSES,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda charger: option(charger.firmware_status, FIRMWARE_STATUSES),
    ),
    ChargerSensorDescription(
        key="log_status",
        translation_key="log_status",
        device_class=SensorDeviceClass.ENUM,
        options=LOG_STATUSES,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda charger: option(charger.log_status, LOG_STATUSES),
    ),
    ChargerSensorDescription(
        key="csms_link",
        translation_key="csms_link",
        device_class=SensorDeviceClass.ENUM,
        options=options_of(Link),
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.link,
    ),
    ChargerSensorDescription(
        key="journal_pending",
        translation_key="journal_pending",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        available_fn=always,
        value_fn=lambda charger: charger.journal_pending,
    ),
)


class ErrorCodeSensor(ChargerSensor):
    """Shows the error that a charger or one of its connectors tells of."""

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return what the vendor says about it."""
        told = trouble(self.charger)
        return {"vendor_error_code": told.vendor_error_code, "info": told.info}

    @override
    def _steady(self) -> tuple[object, ...]:
        return (*super()._steady(), trouble(self.charger))


class LastMessageSensor(ChargerSensor):
    """Shows when a charger was heard, a new moment once a minute at most."""

    def __init__(
        self, coordinator: OyeCoordinator, charger: Charger, description: ChargerSensorDescription
    ) -> None:
        """Initialize the sensor."""
        super().__init__(coordinator, charger, description)
        self._shown: datetime | None = None

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return the moment that is shown."""
        return self._shown

    @property
    @override
    def write_interval(self) -> float:
        """The shortest time in seconds between two writes for meter values alone."""
        return LAST_MESSAGE_INTERVAL.total_seconds()

    @callback
    @override
    def _async_process(self) -> None:
        seen = self.charger.last_seen
        if seen is None:
            return
        # Of a charger that has gone this is the last word.
        last = not self.charger.connected
        if last or self._shown is None or abs(seen - self._shown) >= LAST_MESSAGE_INTERVAL:
            self._shown = seen
