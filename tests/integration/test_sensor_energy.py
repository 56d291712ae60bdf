"""The energy of a connector and of its sessions, as readings come in through the proxy."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from custom_components.oye.const import CONF_METER_INTERVAL
from custom_components.oye.energy import RegisterMode
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import restore_state
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.chargers import Json, sample
from tests.integration.conftest import SetUp, until
from tests.integration.contract import complete
from tests.integration.fake_proxy import FakeProxy
from tests.integration.shown import entity_id, shown, state_of, tell

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
REGISTER = "Energy.Active.Import.Register"


@pytest.fixture(autouse=True)
def _no_other_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.oye.PLATFORMS", [Platform.SENSOR])


def at(minute: float) -> str:
    return (NOON + timedelta(minutes=minute)).isoformat()


def reading(minute: float, register: float | None = None, **changes: Any) -> Json:
    """Return a charger whose register reads this, in Wh."""
    connector = chargers.connector(1, status="Charging", plugged=True, **changes)
    if register is not None:
        connector["energyWh"] = register
        connector["samples"] = {REGISTER: sample(register, "Wh", time=at(minute))}
    return complete("ChargerState", chargers.charger("CP1", [connector]))


def session(start: float, meter_start: float | None, name: str = "7", **changes: Any) -> Json:
    """Return a transaction that started at this minute."""
    facts: Json = {
        "transactionId": name,
        "startedAt": at(start),
        "meterStartWh": meter_start,
        "energyWh": None,
    }
    return chargers.transaction(**facts | changes)


class Connector:
    """A connector that a test lets tell readings."""

    def __init__(
        self, hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, storage: Json
    ) -> None:
        self._hass = hass
        self._storage = storage
        self._proxy = proxy
        self._entry = entry

    async def tell(self, charger: Json) -> None:
        await tell(self._hass, self._proxy, self._entry, charger)

    async def energies(self, *told: Json) -> list[float]:
        """Return the energy after each reading, in kWh."""
        found = []
        for charger in told:
            await self.tell(charger)
            found.append(float(shown(self._hass, "CP1_1_energy")))
        return found

    async def sessions(self, *told: Json) -> list[str]:
        """Return the energy of the session after each reading, in kWh."""
        found = []
        for charger in told:
            await self.tell(charger)
            found.append(shown(self._hass, "CP1_1_session_energy"))
        return found

    async def restart(self, meanwhile: Json, stored_data: Json | None = None) -> None:
        """Start anew with what Home Assistant had written to its storage, or with this."""
        assert await self._hass.config_entries.async_unload(self._entry.entry_id)
        await until(self._hass, lambda: not self._proxy.listeners)
        memory = restore_state.async_get(self._hass)
        await memory.async_dump_states()
        if stored_data is not None:
            for one in self._storage[restore_state.STORAGE_KEY]["data"]:
                one["extra_data"] = stored_data
        await memory.async_load()
        self._proxy.put(meanwhile)
        assert await self._hass.config_entries.async_setup(self._entry.entry_id)
        await until(self._hass, lambda: self._proxy.listeners)


@pytest.fixture
async def connector(
    hass: HomeAssistant,
    hass_storage: Json,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
) -> Connector:
    """Return a connector whose every reading is written, however soon it comes."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_METER_INTERVAL: 0})
    proxy.put(reading(0))
    await set_up(entry)
    return Connector(hass, proxy, entry, hass_storage)


async def test_there_is_no_energy_without_a_register(
    hass: HomeAssistant, connector: Connector
) -> None:
    await connector.tell(reading(1))
    before = entity_id(hass, "CP1_1_energy")
    await connector.tell(reading(2, 5000.0))
    after = state_of(hass, "CP1_1_energy")

    assert before is None
    assert ("5.0", "kWh", "total_increasing") == (
        after.state,
        after.attributes["unit_of_measurement"],
        after.attributes["state_class"],
    )


async def test_a_drop_to_zero_and_back_is_never_shown(connector: Connector) -> None:
    """lbbrhzn/ocpp#1756: 0, then 16 MWh again."""
    energies = await connector.energies(
        reading(1, 16e6),
        reading(2, 0.0),
        reading(3, 0.0),
        reading(4, 0.0),
        reading(5, 16_000_100.0),
    )

    assert [16000.0] * 4 + [16000.1] == energies


async def test_a_jump_waits_for_a_reading_that_bears_it_out(connector: Connector) -> None:
    energies = await connector.energies(
        reading(1, 5000.0),
        reading(2, 9e6),
        reading(3, 5100.0),
        reading(4, 9e6),
        reading(5, 9e6 + 9),
    )

    assert [5.0, 5.0, 5.1, 5.1, 9000.009] == energies


async def test_a_register_of_the_session_adds_up(
    hass: HomeAssistant, entry: MockConfigEntry, connector: Connector
) -> None:
    """lbbrhzn/ocpp#2093, #1031: the register begins near 0 with each session."""
    readings = [reading(1, 9000.0)]
    for number in range(1, 5):
        start = number * 60
        running = session(start, 0.0, str(number))
        readings += [
            reading(start + step, 1000.0 * step, transaction=running) for step in range(1, 4)
        ]
    energies = await connector.energies(*readings)
    guard = entry.runtime_data.guards["CP1_1_energy"]

    assert energies == sorted(energies)
    assert energies[-1] > energies[-3] > 9.0
    assert RegisterMode.SESSION_RELATIVE is guard.mode
    assert energies[-1] == pytest.approx(guard.published / 1000)
    assert "3.0" == shown(hass, "CP1_1_session_energy")


async def test_a_restart_does_not_forget_what_was_shown(
    hass: HomeAssistant, connector: Connector
) -> None:
    """Nor that a lower register is not believed yet."""
    before = await connector.energies(reading(1, 9000.0), reading(2, 5.0))
    await connector.restart(reading(3, 6.0))
    after = shown(hass, "CP1_1_energy")
    later = await connector.energies(reading(4, 7.0), reading(13, 8.0))

    assert [9.0, 9.0] == before
    assert "9.0" == after
    assert [9.0, 0.008] == later


async def test_a_restart_does_not_forget_the_mode_of_the_register(
    hass: HomeAssistant, entry: MockConfigEntry, connector: Connector
) -> None:
    """The readings of one session begin below its meterStart (section 10, rule 5)."""
    running = session(10, 5000.0)
    before = await connector.energies(
        reading(1, 5000.0),
        reading(11, 100.0, transaction=running),
        reading(12, 200.0, transaction=running),
        reading(13, 300.0, transaction=running),
    )
    await connector.restart(reading(14, 400.0, transaction=running))
    guard = entry.runtime_data.guards["CP1_1_energy"]

    assert [5.0, 5.0, 5.2, 5.3] == before
    assert RegisterMode.SESSION_RELATIVE is guard.mode
    assert "5.4" == shown(hass, "CP1_1_energy")
    assert "0.4" == shown(hass, "CP1_1_session_energy")


async def test_a_proxy_that_forgot_its_facts_does_not_take_the_energy_away(
    hass: HomeAssistant, connector: Connector
) -> None:
    await connector.energies(reading(1, 9000.0))
    await connector.restart(reading(2))

    assert "9.0" == shown(hass, "CP1_1_energy")


@pytest.mark.parametrize(
    "damage", [{}, {"guard": "?"}, {"guard": {"published": "much", "mode": 3}}, {"guard": None}]
)
async def test_what_was_stored_may_be_anything(
    hass: HomeAssistant, connector: Connector, damage: dict[str, Any]
) -> None:
    """A file that was changed by hand or by another version costs the memory, no more."""
    await connector.energies(reading(1, 9000.0))
    await connector.restart(reading(2, 9100.0), damage)

    assert "9.1" == shown(hass, "CP1_1_energy")


async def test_the_energy_of_a_session_begins_at_zero_and_stays_until_the_next(
    hass: HomeAssistant, connector: Connector
) -> None:
    running = session(10, 5000.0)
    ended = session(10, 5000.0, stoppedAt=at(60), meterStopWh=9500.0, reason="Local")
    following = session(120, 9500.0, "8")
    resets = []
    energies = []
    for charger in (
        reading(1, 5000.0),
        reading(10, 5000.0, transaction=running),
        reading(20, 6000.0, transaction=running),
        reading(60, 9500.0, lastTransaction=ended),
        reading(90, 9500.0, lastTransaction=ended),
        reading(120, 9500.0, transaction=following, lastTransaction=ended),
        reading(130, 9600.0, transaction=following, lastTransaction=ended),
    ):
        energies += await connector.sessions(charger)
        state = state_of(hass, "CP1_1_session_energy")
        resets.append(state.attributes.get("last_reset"))

    assert ["unknown", "0.0", "1.0", "4.5", "4.5", "0.0", "0.1"] == energies
    assert [None, *[at(10)] * 4, at(120), at(120)] == resets
    assert "total" == state_of(hass, "CP1_1_session_energy").attributes["state_class"]


async def test_a_reading_from_before_the_session_is_not_its_energy(connector: Connector) -> None:
    """lbbrhzn/ocpp#2137: a sample belongs to a session only if its time says so."""
    running = session(10, 5000.0)
    energies = await connector.sessions(
        reading(9, 5600.0, transaction=running), reading(11, 5700.0, transaction=running)
    )

    assert "0.0" == energies[0]


async def test_a_session_has_its_energy_while_the_total_is_switched_off(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    entity_registry: er.EntityRegistry,
) -> None:
    entry.add_to_hass(hass)
    entity_registry.async_get_or_create(
        "sensor",
        "oye",
        "CP1_1_energy",
        config_entry=entry,
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    proxy.put(reading(20, 6000.0, transaction=session(10, 5000.0)))
    await set_up(entry)

    assert "1.0" == shown(hass, "CP1_1_session_energy")


async def test_each_connector_has_a_guard_that_diagnostics_can_show(
    proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    proxy.put(chargers.two_evses("CP2"))
    await set_up(entry)
    guards = {key: one.published for key, one in entry.runtime_data.guards.items()}

    assert {"CP2_1_energy": 2488666.9, "CP2_2_energy": None} == guards


async def test_the_total_is_shown_while_the_charger_is_away(
    hass: HomeAssistant, connector: Connector
) -> None:
    await connector.energies(reading(1, 9000.0))
    away = reading(1, 9000.0)
    away["connected"] = False
    await connector.tell(away)

    assert "9.0" == shown(hass, "CP1_1_energy")
    assert "unavailable" == shown(hass, "CP1_1_session_energy")
