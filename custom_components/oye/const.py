"""Constants of the OYE integration."""

import logging
from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "oye"
LOGGER: Final = logging.getLogger(__package__)
PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
]

API_VERSION: Final = 1
CONF_APP_SLUG: Final = "app_slug"
CONF_METER_INTERVAL: Final = "meter_interval"
CONF_ID_TAGS: Final = "id_tags"

DEFAULT_METER_INTERVAL: Final = 5
MAXIMUM_METER_INTERVAL: Final = 60

ID_TAGS_FULL: Final = "full"
ID_TAGS_MASKED: Final = "masked"

FEATURE_CHARGER_MODE: Final = "charger_mode"
FEATURE_PHASES: Final = "phases"
FEATURE_RESERVATIONS: Final = "reservations"
FEATURE_SCHEDULES: Final = "schedules"
FEATURE_SESSIONS: Final = "sessions"
FEATURE_TAGS: Final = "tags"
FEATURE_TIME_ZONES: Final = "time_zones"
