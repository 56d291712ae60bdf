"""The state of one proxy: pushed by its live stream, polled slowly as a fallback."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .api import (
    OyeAuthenticationError,
    OyeClient,
    OyeConnectionError,
    OyeError,
    parse_answer,
)
from .const import API_VERSION, DOMAIN, LOGGER
from .models import State, parse_charger, parse_state

FALLBACK_INTERVAL: Final = timedelta(minutes=5)
SNAPSHOT_SECONDS: Final = 10.0
RETRY_MINIMUM: Final = 1.0
RETRY_MAXIMUM: Final = 60.0

type OyeConfigEntry = ConfigEntry[OyeCoordinator]


class OyeCoordinator(DataUpdateCoordinator[State]):
    """Keeps the state of one proxy."""

    config_entry: OyeConfigEntry
    # Chargers are reached through this device; set before there are entities.
    proxy_device_id: str

    def __init__(self, hass: HomeAssistant, entry: OyeConfigEntry, client: OyeClient) -> None:
        """Initialize the coordinator."""
        super().__init__(
            hass, LOGGER, config_entry=entry, name=DOMAIN, update_interval=FALLBACK_INTERVAL
        )
        self.client = client
        self._retry = RETRY_MINIMUM

    @override
    async def _async_setup(self) -> None:
        """Check that this is the proxy of the entry."""
        try:
            proxy = await self.client.info()
        except OyeAuthenticationError as error:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key="authentication_error"
            ) from error
        except OyeError as error:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="communication_error",
                translation_placeholders={"error": str(error)},
            ) from error
        if proxy.instance_id != self.config_entry.unique_id:
            raise ConfigEntryError(translation_domain=DOMAIN, translation_key="wrong_instance")
        if proxy.api_version != API_VERSION:
            raise ConfigEntryError(
                translation_domain=DOMAIN,
                translation_key="unsupported_version",
                translation_placeholders={"version": proxy.version},
            )

    @override
    async def _async_update_data(self) -> State:
        """Ask for the whole state; a working stream makes this rare."""
        try:
            return await self.client.state()
        except OyeAuthenticationError as error:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key="authentication_error"
            ) from error
        except OyeError as error:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="communication_error",
                translation_placeholders={"error": str(error)},
            ) from error

    async def async_run_live(self) -> None:
        """Follow the live stream for as long as the entry is loaded."""
        while True:
            try:
                await self._async_follow()
            except OyeAuthenticationError:
                self.config_entry.async_start_reauth(self.hass)
                return
            except (OyeError, TimeoutError) as error:
                LOGGER.debug("The live stream ended: %s", error)
            # A proxy that is gone is noticed by the request, and said once.
            await self.async_request_refresh()
            await asyncio.sleep(self._retry * random.uniform(0.8, 1.2))  # noqa: S311 - spread
            self._retry = min(self._retry * 2, RETRY_MAXIMUM)

    async def _async_follow(self) -> None:
        """Apply the messages of one connection."""
        messages = self.client.live()
        try:
            async with asyncio.timeout(SNAPSHOT_SECONDS):
                first = await anext(messages, None)
            if first is None or first.get("type") != "snapshot":
                raise OyeConnectionError("the stream does not begin with a snapshot")
            state: State = parse_answer(parse_state, first)
            self.async_set_updated_data(state)
            # Taking the socket alone is not yet a working stream.
            self._retry = RETRY_MINIMUM
            async for message in messages:
                state = _applied(state, message)
                if state.chargers is not self.data.chargers:
                    self.async_set_updated_data(state)
        finally:
            await messages.aclose()


def _applied(state: State, message: dict[str, Any]) -> State:
    """Return the state after a message; raise OyeConnectionError after a gap."""
    if message.get("seq") != state.seq + 1:
        raise OyeConnectionError("a message was lost")
    chargers = state.chargers
    match message:
        case {"type": "charger"}:
            charger = parse_charger(message.get("charger"))
            if charger is not None and charger != chargers.get(charger.charge_point_id):
                chargers = {**chargers, charger.charge_point_id: charger}
        case {"type": "charger_removed", "chargePointId": str(gone)}:
            chargers = {key: one for key, one in chargers.items() if key != gone}
    return replace(state, seq=state.seq + 1, chargers=chargers)
