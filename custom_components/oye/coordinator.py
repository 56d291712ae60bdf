"""
The state of one proxy: pushed by its live stream, polled slowly as a fallback.

A `charger` message makes one new Charger and one new mapping; everything else stays the same
object, so that an entity can tell by `is` whether anything of its own changed.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .api import (
    OyeAnswerError,
    OyeAuthenticationError,
    OyeClient,
    OyeConnectionError,
    OyeError,
    parse_answer,
)
from .app import async_stopped_app
from .const import (
    API_VERSION,
    CONF_APP_SLUG,
    CONF_ID_TAGS,
    CONF_METER_INTERVAL,
    DEFAULT_METER_INTERVAL,
    DOMAIN,
    ID_TAGS_MASKED,
    LOGGER,
)
from .devices import Devices
from .duplicates import Duplicates
from .guards import Guards
from .issues import async_raise_issue, async_withdraw_issue
from .models import Event, State
from .parsing_charger import parse_charger
from .parsing_live import parse_event, parse_issues, parse_state

FALLBACK_INTERVAL: Final = timedelta(minutes=5)
SNAPSHOT_SECONDS: Final = 10.0
RETRY_MINIMUM: Final = 1.0
RETRY_MAXIMUM: Final = 60.0
JITTER: Final = 0.2
# A stream that ends is opened again at once, but not over and over.
AT_ONCE_SECONDS: Final = 60.0
MASK: Final = "…"
SHOWN_OF_ID_TAG: Final = 4


class OtherVersionError(Exception):
    """The proxy speaks another version of its API than we do."""


type OyeConfigEntry = ConfigEntry[OyeCoordinator]
type EventListener = Callable[[Event], None]


@dataclass(slots=True)
class StreamStatistics:
    """How the live stream fares, for diagnostics."""

    connected: bool = False
    connects: int = 0
    failures: int = 0
    messages: int = 0
    gaps: int = 0
    last_error: str | None = None
    last_snapshot: datetime | None = None


class OyeCoordinator(DataUpdateCoordinator[State]):
    """Keeps the state of one proxy."""

    config_entry: OyeConfigEntry

    def __init__(self, hass: HomeAssistant, entry: OyeConfigEntry, client: OyeClient) -> None:
        """Initialize the coordinator."""
        super().__init__(
            hass, LOGGER, config_entry=entry, name=DOMAIN, update_interval=FALLBACK_INTERVAL
        )
        self.client = client
        self.devices = Devices(hass, entry)
        self.guards = Guards()
        self.statistics = StreamStatistics()
        self._duplicates = Duplicates(hass, entry)
        self._retry = RETRY_MINIMUM
        self._at_once_again = 0.0
        self._applied = 0
        self._event_listeners: list[tuple[str, EventListener]] = []

    @property
    def meter_interval(self) -> float:
        """The shortest time in seconds between two state writes for meter values alone."""
        return float(self.config_entry.options.get(CONF_METER_INTERVAL, DEFAULT_METER_INTERVAL))

    @property
    def mask_id_tags(self) -> bool:
        """Whether id tags are shown with their last characters only."""
        return bool(self.config_entry.options.get(CONF_ID_TAGS) == ID_TAGS_MASKED)

    def shown_id_tag(self, id_tag: str | None) -> str | None:
        """Return an id tag as the owner wants to see it; the proxy may have masked it already."""
        if not id_tag or not self.mask_id_tags or id_tag.startswith(MASK):
            return id_tag
        return MASK + (id_tag[-SHOWN_OF_ID_TAG:] if len(id_tag) > SHOWN_OF_ID_TAG else "")

    @callback
    def async_subscribe_events(
        self, charge_point_id: str, listener: EventListener
    ) -> CALLBACK_TYPE:
        """Call `listener` with each event of a charger from now on, until the result is called."""
        subscription = (charge_point_id, listener)
        self._event_listeners.append(subscription)
        return lambda: self._event_listeners.remove(subscription)

    @override
    async def _async_setup(self) -> None:
        """Check that this is the proxy of the entry, and that we understand it."""
        try:
            proxy = await self.client.info()
        except OyeError as error:
            raise self._failure(error) from error
        if proxy.instance_id != self.config_entry.unique_id:
            raise ConfigEntryError(translation_domain=DOMAIN, translation_key="wrong_instance")
        self._check_version(proxy.api_version, proxy.version)

    @override
    async def _async_update_data(self) -> State:
        """Ask for the whole state; a working stream makes this rare."""
        applied = self._applied
        try:
            state = await self.client.state(self.data)
        except OyeError as error:
            raise self._failure(error) from error
        if applied != self._applied:
            # The stream was faster: what it told is newer.
            return self.data
        if state.proxy.instance_id != self.config_entry.unique_id:
            raise UpdateFailed(translation_domain=DOMAIN, translation_key="wrong_instance")
        if state.proxy.api_version != API_VERSION:
            self._set_up_anew()
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="unsupported_version",
                translation_placeholders={"version": state.proxy.version},
            )
        return self._taken(state, whole=True)

    async def async_run_live(self) -> None:
        """Follow the live stream for as long as the entry is loaded."""
        while True:
            try:
                worked = await self._async_follow()
            except OyeAuthenticationError:
                self.config_entry.async_start_reauth(self.hass)
                # What is known gets older; it is shown no longer if this is refused, too.
                await self.async_request_refresh()
                return
            except OtherVersionError:
                self._set_up_anew()
                return
            if worked and self._may_reconnect_at_once():
                continue
            if not worked:
                # A proxy that is gone is noticed by the request, and said once.
                await self.async_request_refresh()
            spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
            await asyncio.sleep(self._retry * spread)
            self._retry = min(self._retry * 2, RETRY_MAXIMUM)

    async def _async_follow(self) -> bool:
        """Apply the messages of one connection; return whether it gave a snapshot."""
        worked = False
        self.statistics.connects += 1
        try:
            async with aclosing(self.client.live()) as messages:
                async with asyncio.timeout(SNAPSHOT_SECONDS):
                    first = await anext(messages, None)
                seq = self._apply_snapshot(first)
                worked = True
                async for message in messages:
                    seq = self._apply(message, seq)
        except OyeAuthenticationError:
            raise
        except (OyeError, TimeoutError) as error:
            self.statistics.failures += 1
            self.statistics.last_error = str(error) or type(error).__name__
            LOGGER.debug("The live stream failed: %s", self.statistics.last_error)
        else:
            LOGGER.debug("The live stream ended")
        finally:
            self.statistics.connected = False
        return worked

    def _may_reconnect_at_once(self) -> bool:
        now = self.hass.loop.time()
        if now < self._at_once_again:
            return False
        self._at_once_again = now + AT_ONCE_SECONDS
        return True

    @callback
    def _apply_snapshot(self, message: dict[str, Any] | None) -> int:
        """Take the first message of a connection; return its number."""
        if message is None or message.get("type") != "snapshot":
            raise OyeAnswerError("the stream does not begin with a snapshot")
        state = parse_answer(lambda data: parse_state(data, self.data), message)
        if state.proxy.instance_id != self.config_entry.unique_id:
            raise OyeAnswerError("another OYE answers at this address")
        if state.proxy.api_version != API_VERSION:
            raise OtherVersionError
        # Taking the socket alone is not yet a working stream.
        self._retry = RETRY_MINIMUM
        self.statistics.connected = True
        self.statistics.last_snapshot = dt_util.utcnow()
        self._publish(self._taken(state, whole=True))
        return state.seq

    @callback
    def _apply(self, message: dict[str, Any], seq: int) -> int:
        """Take a further message; return its number, or raise when one is missing."""
        if message.get("seq") != seq + 1:
            self.statistics.gaps += 1
            raise OyeConnectionError("a message was lost")
        if message.get("epoch", self.data.epoch) != self.data.epoch:
            raise OyeConnectionError("the proxy has restarted")
        self.statistics.messages += 1
        self._applied += 1
        match message:
            case {"type": "charger", "charger": data}:
                self._apply_charger(data)
            case {"type": "charger_removed", "chargePointId": str(gone)}:
                kept = {key: one for key, one in self.data.chargers.items() if key != gone}
                self._change(chargers=kept)
            case {"type": "issues", "issues": data}:
                self._change(issues=parse_issues(data))
            case {"type": "event"}:
                self._dispatch(parse_event(message))
            case _:
                pass
        return seq + 1

    @callback
    def _apply_charger(self, data: Any) -> None:
        known = self.data.chargers
        charge_point_id = data.get("chargePointId") if isinstance(data, dict) else None
        previous = known.get(charge_point_id) if isinstance(charge_point_id, str) else None
        charger = parse_charger(data, previous)
        if charger is not None:
            self._change(chargers={**known, charger.charge_point_id: charger})

    @callback
    def _change(self, **changes: Any) -> None:
        """Take over a state that differs in one part."""
        self._publish(self._taken(replace(self.data, **changes), whole=False))

    @callback
    def _publish(self, state: State) -> None:
        """Hand a state to the entities; also what nothing changed in shows that the proxy lives."""
        if not self.last_update_success:
            LOGGER.info("Fetching %s data recovered", self.name)
        self._applied += 1
        self.async_set_updated_data(state)

    @callback
    def _taken(self, state: State, *, whole: bool) -> State:
        """Return a state as this entry shows it, with its devices made."""
        state = replace(
            state, chargers=self._duplicates.async_left_out(state.chargers, whole=whole)
        )
        if self.devices.async_update(state, whole=whole):
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
        return state

    @callback
    def _dispatch(self, event: Event | None) -> None:
        """Tell news to those who follow the charger."""
        if event is None:
            return
        for charge_point_id, listener in tuple(self._event_listeners):
            if charge_point_id == event.charge_point_id:
                listener(event)

    @callback
    def _set_up_anew(self) -> None:
        """Begin again with a proxy that was updated beyond us: the set-up says what to update."""
        if self.config_entry.state is ConfigEntryState.LOADED:
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    def _check_version(self, api_version: int, version: str) -> None:
        """Raise ConfigEntryError, and tell the owner what to update, when we cannot understand."""
        entry_id = self.config_entry.entry_id
        outdated = {
            "proxy_outdated": api_version < API_VERSION,
            "integration_outdated": api_version > API_VERSION,
        }
        for key, applies in outdated.items():
            if applies:
                async_raise_issue(
                    self.hass, entry_id, key, IssueSeverity.ERROR, {"version": version}
                )
            else:
                async_withdraw_issue(self.hass, entry_id, key)
        if api_version != API_VERSION:
            raise ConfigEntryError(
                translation_domain=DOMAIN,
                translation_key="unsupported_version",
                translation_placeholders={"version": version},
            )

    def _failure(self, error: OyeError) -> Exception:
        """Return what Home Assistant is told of a request that failed."""
        if isinstance(error, OyeAuthenticationError):
            return ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key="authentication_error"
            )
        slug = self.config_entry.data.get(CONF_APP_SLUG)
        stopped = async_stopped_app(self.hass, slug) if slug else None
        if stopped is not None:
            return UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="app_not_running",
                translation_placeholders={"app": stopped},
            )
        return UpdateFailed(
            translation_domain=DOMAIN,
            translation_key="communication_error",
            translation_placeholders={"error": str(error)},
        )
