"""What the tests of the platforms share: their set-up, what they see, how a command can fail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion
from tests.integration import chargers
from tests.integration.conftest import SetUp, until
from tests.integration.fake_proxy import FEATURES, Command, FakeProxy
from tests.integration.fake_requests import Json
from tests.integration.shown import shown, state_of, tell


@dataclass(frozen=True)
class Act:
    """What a user does with an entity, and the command that the proxy gets."""

    platform: str
    unique_id: str
    service: str
    data: Json
    intent: str
    body: Json
    wait: float | None = 30.0

    @property
    def command(self) -> Command:
        """What the proxy is to get."""
        return Command(self.unique_id.partition("_")[0], self.intent, self.body, self.wait)

    def __str__(self) -> str:
        """Name it in a test's id."""
        return f"{self.unique_id}-{self.service}"


@dataclass(frozen=True)
class Failure:
    """A way in which a command fails, and what the user is told."""

    name: str
    arrange: Callable[[FakeProxy, str], object]
    error: type[HomeAssistantError]
    key: str

    def __str__(self) -> str:
        """Name it in a test's id."""
        return self.name


def _refusal(code: str, **members: Any) -> Callable[[FakeProxy, str], object]:
    return lambda proxy, intent: proxy.refuse(intent, code, **members)


def _leave(proxy: FakeProxy, _intent: str) -> None:
    """Let the chargers leave before Home Assistant hears of it."""
    for charger in proxy.chargers.values():
        proxy.put(charger | {"connected": False})


# What happens to any command, and what to those that a charger answers.
OF_THE_PROXY = [
    Failure(
        "token", lambda proxy, _: proxy.tokens.clear(), HomeAssistantError, "authentication_error"
    ),
    Failure("scope", _refusal("not_permitted"), ServiceValidationError, "not_permitted"),
    Failure(
        "too many",
        _refusal("too_many_requests", retryAfter=7),
        ServiceValidationError,
        "too_many_changes",
    ),
]
OF_THE_CHARGER = [
    Failure(
        "refused",
        lambda proxy, intent: proxy.answer(intent, accepted=False, response={"status": "Rejected"}),
        HomeAssistantError,
        "charger_rejected",
    ),
    Failure(
        "CALLERROR",
        _refusal("injection_rejected", errorCode="InternalError"),
        HomeAssistantError,
        "charger_error",
    ),
    Failure("time-out", _refusal("injection_timeout"), HomeAssistantError, "charger_timeout"),
    Failure("offline", _leave, ServiceValidationError, "charger_not_connected"),
    Failure("monitor", _refusal("charger_read_only"), ServiceValidationError, "charger_read_only"),
]
FAILURES = [*OF_THE_PROXY, *OF_THE_CHARGER]


class Site:
    """A set-up entry with two chargers: `CP1` with one connector, `CP2` with two EVSEs."""

    def __init__(self, hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry) -> None:
        self.hass = hass
        self.proxy = proxy
        self.entry = entry
        self._registry = er.async_get(hass)

    def entity_id(self, platform: str, unique_id: str) -> str:
        """Return what Home Assistant calls an entity."""
        return state_of(self.hass, unique_id, platform).entity_id

    def state(self, platform: str, unique_id: str) -> str:
        """Return what an entity shows."""
        return shown(self.hass, unique_id, platform)

    def attributes(self, platform: str, unique_id: str) -> Json:
        """Return the attributes of an entity."""
        return dict(state_of(self.hass, unique_id, platform).attributes)

    def registered(self, platform: str) -> dict[str, er.RegistryEntry]:
        """Return the entities of a platform by their unique id."""
        entries = er.async_entries_for_config_entry(self._registry, self.entry.entry_id)
        return {one.unique_id: one for one in entries if one.domain == platform}

    async def do(self, act: Act) -> None:
        """Do what a user does."""
        target = {"entity_id": self.entity_id(act.platform, act.unique_id)}
        await self.hass.services.async_call(
            act.platform, act.service, target | act.data, blocking=True
        )

    async def show(self, charger: Json) -> None:
        """Let the proxy tell of a charger, and wait until that is known."""
        await tell(self.hass, self.proxy, self.entry, charger)

    async def tell(self, event: str, charge_point_id: str, **data: Any) -> None:
        """Let the proxy tell news, and wait until they are known."""
        statistics = self.entry.runtime_data.statistics
        before = statistics.messages
        await self.proxy.push_event(event, charge_point_id, **data)
        await until(self.hass, lambda: statistics.messages > before)


async def make_site(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> Site:
    """Set an entry up, with every feature that platforms know."""
    proxy.features = (*FEATURES, "phases")
    proxy.put(chargers.charging("CP1"))
    proxy.put(chargers.two_evses("CP2"))
    await set_up(entry)
    return Site(hass, proxy, entry)


async def check_failure(site: Site, act: Act, failure: Failure) -> None:
    """Check that the user is told, in the right way, that a command failed."""
    failure.arrange(site.proxy, act.intent)
    before = site.state(act.platform, act.unique_id)
    with pytest.raises(HomeAssistantError) as failed:
        await site.do(act)
    await site.hass.async_block_till_done()
    flows = site.hass.config_entries.flow.async_progress()

    assert failure.error is type(failed.value)
    assert failure.key == failed.value.translation_key
    assert (failure.name == "token") == bool(flows)
    if act.platform != "button":
        assert before == site.state(act.platform, act.unique_id)


async def check_unavailable(site: Site, act: Act, **changes: Any) -> None:
    """Check that an entity is unavailable after this, and that a user's act reaches nobody."""
    before = dict(site.proxy.chargers)[act.command.charge_point_id]
    await site.show(before | changes)

    assert "unavailable" == site.state(act.platform, act.unique_id)

    await site.do(act)

    assert [] == site.proxy.commands


def check_snapshot(site: Site, platform: str, snapshot: SnapshotAssertion) -> None:
    """Check every entity of a platform, its registration and its state."""
    entries = site.registered(platform)

    assert entries
    for one in entries.values():
        assert one == snapshot(name=f"{one.entity_id}-entry")
        assert site.hass.states.get(one.entity_id) == snapshot(name=f"{one.entity_id}-state")
