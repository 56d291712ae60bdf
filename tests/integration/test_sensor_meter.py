"""What the sensors of measured values show of totals and phases, and after the flow has ended."""

from typing import Any

import pytest
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.chargers import NOW, Json, sample
from tests.integration.conftest import SetUp
from tests.integration.contract import complete
from tests.integration.fake_proxy import FakeProxy
from tests.integration.shown import entity_id, shown, tell

pytestmark = pytest.mark.usefixtures("every_entity_enabled")

LATER = "2026-11-21T12:00:10Z"
LATEST = "2026-11-21T12:00:20Z"


@pytest.fixture(autouse=True)
def _no_other_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.oye.PLATFORMS", [Platform.SENSOR])


def measuring(samples: dict[str, Json], **changes: Any) -> Json:
    """Return a charger whose connector charges and measures this."""
    facts: Json = {"status": "Charging", "plugged": True, "samples": samples}
    connector = chargers.connector(1, **facts | changes)
    return complete("ChargerState", chargers.charger("CP1", [connector]))


@pytest.mark.parametrize(
    ("key", "measurand", "told", "expected"),
    [
        ("power_offered", "Power.Offered", sample(11000.0, "W"), "11000.0"),
        ("current_offered", "Current.Offered", sample(16.0, "A"), "16.0"),
        ("frequency", "Frequency", sample(49.98, "Hz"), "49.98"),
        ("power_factor", "Power.Factor", sample(0.97, None), "0.97"),
        ("temperature", "Temperature", sample(31.5, "°C"), "31.5"),
        ("energy_export", "Energy.Active.Export.Register", sample(1500.0, "Wh"), "1.5"),
        ("power_export", "Power.Active.Export", sample(3000.0, "W"), "3000.0"),
        ("current_export", "Current.Export", sample(13.0, "A"), "13.0"),
        ("reactive_energy_import", "Energy.Reactive.Import.Register", sample(7.0, "varh"), "7.0"),
        ("reactive_energy_export", "Energy.Reactive.Export.Register", sample(8.0, "varh"), "8.0"),
        ("reactive_power_import", "Power.Reactive.Import", sample(40.0, "var"), "40.0"),
        ("reactive_power_export", "Power.Reactive.Export", sample(50.0, "var"), "50.0"),
    ],
)
async def test_a_measurand_has_its_sensor(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    key: str,
    measurand: str,
    told: Json,
    expected: str,
) -> None:
    proxy.put(measuring({measurand: told}))
    await set_up(entry)

    assert expected == shown(hass, f"CP1_1_{key}")


async def test_line_to_line_voltages_are_no_phases(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    between = sample(None, "V", phases={"L1-L2": 400.0, "L2-L3": 399.0})
    proxy.put(measuring({"Voltage": between}))
    await set_up(entry)
    keys = ("voltage", "voltage_l1", "voltage_l2", "voltage_l3")

    assert [None] * 4 == [entity_id(hass, f"CP1_1_{key}") for key in keys]


async def test_what_nobody_shows_makes_no_sensor(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """Neither do intervals, speeds of fans, or a total that nobody knows."""
    proxy.put(
        measuring(
            {
                "Energy.Active.Import.Interval": sample(5.0, "Wh"),
                "RPM": sample(900.0, "RPM"),
                "SoC": sample(None, "%"),
            }
        )
    )
    await set_up(entry)
    before = len(hass.states.async_all("sensor"))
    await tell(hass, proxy, entry, measuring({}))

    assert entity_id(hass, "CP1_1_soc") is None
    assert entity_id(hass, "CP1_1_energy") is None
    assert before == len(hass.states.async_all("sensor"))


async def test_power_and_currents_end_with_the_flow(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """They are 0 once the status leaves charging, until a newer sample says otherwise (9)."""
    keys = ("power", "current", "current_l2", "voltage_l2", "power_export", "current_offered")

    def told(time: str, status: str, since: str) -> Json:
        phases = {"L1": 10.0, "L2": 9.0}
        facts = {
            "Power.Active.Import": sample(4400.0, "W", time=time),
            "Current.Import": sample(10.0, "A", time=time, phases=phases),
            "Voltage": sample(230.0, "V", time=time, phases={"L1": 230.0, "L2": 231.0}),
            "Power.Active.Export": sample(20.0, "W", time=time),
            "Current.Offered": sample(16.0, "A", time=time),
        }
        return measuring(facts, status=status, statusSince=since, powerW=4400.0)

    proxy.put(told(NOW, "Charging", NOW))
    await set_up(entry)
    seen = []
    for charger in (
        told(NOW, "SuspendedEV", LATER),
        told(LATEST, "Finishing", LATER),
    ):
        await tell(hass, proxy, entry, charger)
        seen.append([float(shown(hass, f"CP1_1_{key}")) for key in keys])

    assert [0.0, 0.0, 0.0, 231.0, 0.0, 16.0] == seen[0]
    assert [4400.0, 10.0, 9.0, 231.0, 20.0, 16.0] == seen[1]


@pytest.mark.parametrize("source", ["Current.Import", "Energy.Active.Import.Register"])
async def test_an_estimated_power_ends_with_what_it_was_estimated_from(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp, source: str
) -> None:
    def told(time: str) -> Json:
        facts: Json = {
            "status": "SuspendedEV",
            "statusSince": LATER,
            "powerW": 2300.0,
            "powerEstimated": True,
        }
        return measuring({source: sample(10.0, None, time=time)}, **facts)

    proxy.put(told(NOW))
    await set_up(entry)
    before = shown(hass, "CP1_1_power")
    # The status is another one so that the value is written at once.
    newer = told(LATEST)
    newer["connectors"][0]["status"] = "Finishing"
    await tell(hass, proxy, entry, newer)

    assert ("0.0", "2300.0") == (before, shown(hass, "CP1_1_power"))
