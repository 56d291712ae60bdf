"""Constants of the OYE integration."""

import logging
from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "oye"
LOGGER: Final = logging.getLogger(__package__)
PLATFORMS: Final = [Platform.BINARY_SENSOR]

API_VERSION: Final = 1
CONF_APP_SLUG: Final = "app_slug"
