"""
Makes the test helpers of Home Assistant 2026.10 fit 2026.11: `pytest -p early_alias`.

To be dropped with the first release of the helpers that is made for 2026.11.
"""

# Importing it gives httpx its other name, which has to happen before a helper imports httpx.
import homeassistant  # noqa: F401
from homeassistant.components import logger
from homeassistant.components.logger.helpers import _clear_logger_overwrites

# The helpers look for it where it was.
vars(logger).update(_clear_logger_overwrites=_clear_logger_overwrites)
