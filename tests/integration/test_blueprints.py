"""The blueprints, loaded and run by Home Assistant against simulated states."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import async_fire_time_changed

FOLDER = Path(__file__).parents[2] / "blueprints"
NAMES = ("cheapest_hours", "household_load", "solar_surplus", "tag_chooses_mode")
LIMIT, ALLOWED, PLUG = "number.garage_limit", "switch.garage_allowed", "binary_sensor.garage_plug"
POWER, LOAD, PRICE = "sensor.garage_power", "sensor.load", "sensor.price"
TAG, MODE = "event.garage_authorization", "input_select.mode"
CHARGER = {"plug": PLUG, "charge_limit": LIMIT, "charging_allowed": ALLOWED}
WATTS_PER_AMPERE = 690

type Start = Callable[..., Coroutine[Any, Any, None]]


class House:
    """States that answer to what an automation calls, and a record of the calls."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        self.hass = hass
        self._freezer = freezer
        self.refuses = False
        self.calls: list[Any] = []
        self.times: list[datetime] = []
        self.sets(LIMIT, 16, min=6, max=16)
        self.sets(ALLOWED, "on")
        self.sets(PLUG, "off")
        self.sets(POWER, 0)
        for domain, service in (
            ("number", "set_value"),
            ("switch", "turn_on"),
            ("switch", "turn_off"),
            ("input_select", "select_option"),
        ):
            hass.services.async_register(domain, service, self._called)

    def sets(self, entity_id: str, state: object, **attributes: object) -> None:
        """Let a state be; without attributes it keeps those it has."""
        old = self.hass.states.get(entity_id)
        kept = attributes or (old.attributes if old else None)
        self.hass.states.async_set(entity_id, str(state), kept)

    async def passes(self, seconds: int, step: int = 5) -> None:
        """Let time pass."""
        for _ in range(seconds // step):
            self._freezer.tick(step)
            async_fire_time_changed(self.hass)
            await _settled(self.hass)

    def told(self) -> list[Any]:
        """Return the calls since the last time."""
        calls, self.calls = self.calls, []
        return calls

    async def _called(self, call: ServiceCall) -> None:
        self.times.append(dt_util.utcnow())
        if self.refuses:
            raise HomeAssistantError("Rejected")
        match call.service:
            case "set_value":
                self.calls.append(call.data["value"])
                self.sets(LIMIT, call.data["value"])
            case "select_option":
                self.calls.append(call.data["option"])
                self.sets(MODE, call.data["option"])
            case service:
                self.calls.append(service)
                self.sets(ALLOWED, service.removeprefix("turn_"))


@pytest.fixture
async def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> House:
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to("2026-11-20T18:00:00+00:00")
    return House(hass, freezer)


@pytest.fixture
async def start(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[Start]:
    """Return how to make an automation of a blueprint; at the end none may run."""
    shutil.copytree(FOLDER, tmp_path / "blueprints")
    hass.config.config_dir = str(tmp_path)

    async def begin(name: str, **inputs: object) -> None:
        use = {"path": f"oye/{name}.yaml", "input": inputs}
        config = {"automation": {"id": name, "alias": name, "use_blueprint": use}}
        assert await async_setup_component(hass, "automation", config)
        await _settled(hass)
        state = hass.states.get(f"automation.{name}")
        assert state is not None
        assert "on" == state.state

    yield begin
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


def test_there_are_four() -> None:
    assert NAMES == tuple(sorted(path.stem for path in FOLDER.rglob("*.yaml")))


@pytest.mark.parametrize("name", NAMES)
def test_home_assistant_takes_it(name: str) -> None:
    """Entities of OYE are offered by integration, and none is named in the text."""
    path = FOLDER / f"automation/oye/{name}.yaml"
    data = load_yaml_dict(path)
    blueprint = Blueprint(data, expected_domain="automation", schema=AUTOMATION_BLUEPRINT_SCHEMA)

    assert blueprint.validate() is None
    assert data["mode"] in ("single", "restart")
    assert "integration: oye" in path.read_text()
    assert {
        "number.set_value",
        "switch.turn_on",
        "switch.turn_off",
        "input_select.select_option",
    } >= (set(re.findall(r"\b(?:sensor|switch|number|event|input_select)\.\w+", path.read_text())))


async def test_the_limit_follows_the_sun(house: House, start: Start) -> None:
    """It starts after two minutes of sun, follows, and is held back after five without."""
    house.sets(ALLOWED, "off")
    house.sets(PLUG, "on")
    _sun(house, 5000)
    await start("solar_surplus", grid_power=LOAD, power=POWER, **CHARGER)
    _sun(house, 5600)
    await house.passes(110)
    assert [] == house.told()
    await house.passes(60)
    assert [8, "turn_on"] == house.told()
    _sun(house, 5600)
    await house.passes(60)
    assert [] == house.told()
    _sun(house, 7000)
    await house.passes(60)
    assert [10] == house.told()
    _sun(house, 90_000)
    await house.passes(60)
    assert [16] == house.told()
    _sun(house, 1000)
    await house.passes(240)
    assert [6] == house.told()
    _sun(house, 1000)
    await house.passes(120)
    assert ["turn_off"] == house.told()
    _apart(house)


async def test_a_cloud_does_not_stop_the_charge(house: House, start: Start) -> None:
    house.sets(PLUG, "on")
    house.sets(LIMIT, 8)
    _sun(house, 5600)
    await start("solar_surplus", grid_power=LOAD, power=POWER, **CHARGER)
    _sun(house, 1000)
    await house.passes(120)
    _sun(house, 5600)
    await house.passes(600)

    assert [6, 8] == house.told()


async def test_nothing_is_sent_to_a_charger_without_a_car(house: House, start: Start) -> None:
    await start("solar_surplus", grid_power=LOAD, power=POWER, **CHARGER)
    for watts in (0, 4000, 9000):
        _sun(house, watts)
        await house.passes(300)

    assert [] == house.told()


@pytest.mark.parametrize(("fallback", "expected"), [(0, [6, "turn_off"]), (8, [8])])
async def test_without_the_grids_power_there_is_a_safe_end(
    house: House, start: Start, fallback: int, expected: list[Any]
) -> None:
    house.sets(PLUG, "on")
    house.sets(LIMIT, 10)
    _sun(house, 7000)
    await start("solar_surplus", grid_power=LOAD, power=POWER, fallback=fallback, **CHARGER)
    house.sets(LOAD, "unavailable")
    await house.passes(400)

    assert expected == house.told()


async def test_kilowatts_reserve_and_conditions_count(house: House, start: Start) -> None:
    house.sets(PLUG, "on")
    house.sets(MODE, "solar")
    condition = {"condition": "state", "entity_id": MODE, "state": "solar"}
    await start(
        "solar_surplus",
        grid_power=LOAD,
        power=POWER,
        phases=1,
        reserve=500,
        only_while=[condition],
        **CHARGER,
    )
    house.sets(LOAD, -2.8, unit_of_measurement="kW")
    await house.passes(60)
    assert [10] == house.told()
    house.sets(MODE, "full")
    await house.passes(60)
    house.sets(LOAD, -9)
    await house.passes(60)
    assert [] == house.told()


async def test_a_charger_that_leaves_is_left_alone(house: House, start: Start) -> None:
    house.sets(PLUG, "on")
    await start("solar_surplus", grid_power=LOAD, power=POWER, **CHARGER)
    for entity_id in (LIMIT, ALLOWED, POWER):
        house.sets(entity_id, "unavailable")
    _grid(house, 5000)
    await house.passes(600)

    assert [] == house.told()


@pytest.mark.parametrize("name", ["solar_surplus", "household_load", "cheapest_hours"])
async def test_a_charger_that_refuses_is_asked_twice_a_minute_at_most(
    house: House, start: Start, name: str
) -> None:
    house.refuses = True
    house.sets(PLUG, "on")
    _prices(house, {18: 0.01})
    inputs: dict[str, dict[str, object]] = {
        "solar_surplus": {"grid_power": LOAD, "power": POWER},
        "household_load": {"household_power": LOAD},
        "cheapest_hours": {"price": PRICE, "cheap_limit": 10},
    }
    await start(name, **inputs[name], **CHARGER)
    for watts in range(12_000, 12_600, 10):
        _grid(house, watts if name == "household_load" else -watts / 2)
        house.sets(PRICE, watts)
        await house.passes(5)

    assert 5 < len(house.times) <= 11
    _apart(house)


async def test_the_limit_falls_at_once_and_rises_late(house: House, start: Start) -> None:
    """A load beyond the limit is answered before any delay; room must last two minutes."""
    house.sets(PLUG, "on")
    await start("household_load", household_power=LOAD, household_limit=11_000, **CHARGER)
    house.sets(LOAD, 14_000)
    await house.passes(5)
    assert [11] == house.told()
    house.sets(LOAD, 8000)
    await house.passes(100)
    assert [] == house.told()
    house.sets(LOAD, 12_500)
    await house.passes(5)
    assert [8] == house.told()
    house.sets(LOAD, 8000)
    await house.passes(170)
    assert [12] == house.told()
    house.sets(LOAD, 20_000)
    await house.passes(40)
    assert ["turn_off"] == house.told()
    house.sets(LOAD, 5000)
    await house.passes(170)
    assert [8, "turn_on"] == house.told()
    _apart(house)


async def test_an_unknown_load_leaves_the_smallest_current(house: House, start: Start) -> None:
    house.sets(PLUG, "on")
    await start("household_load", household_power=LOAD, **CHARGER)
    house.sets(LOAD, "unavailable")
    await house.passes(300)

    assert [6] == house.told()


async def test_an_unknown_load_releases_nothing(house: House, start: Start) -> None:
    house.sets(PLUG, "on")
    house.sets(ALLOWED, "off")
    await start("household_load", household_power=LOAD, **CHARGER)
    house.sets(LOAD, "unknown")
    await house.passes(300)

    assert [] == house.told()


async def test_the_cheapest_hours_are_chosen(house: House, start: Start) -> None:
    """Plugged in at six in the evening: two and four o'clock are cheapest before seven."""
    _prices(house, {2: 0.05, 4: 0.06})
    await start("cheapest_hours", price=PRICE, hours=2, cheap_limit=10, **CHARGER)
    house.sets(PLUG, "on")
    await house.passes(60)
    assert ["turn_off"] == house.told()

    assert {2: [10, "turn_on"], 3: ["turn_off"], 4: ["turn_on"], 5: ["turn_off"]} == (
        await _by_hour(house)
    )


async def test_hours_in_one_piece(house: House, start: Start) -> None:
    _prices(house, {23: 0.05, 3: 0.06, 4: 0.07})
    await start("cheapest_hours", price=PRICE, hours=2, contiguous=True, **CHARGER)
    house.sets(PLUG, "on")
    await house.passes(60)
    house.told()

    assert {3: ["turn_on"], 5: ["turn_off"]} == await _by_hour(house)


async def test_prices_that_end_early_are_waited_for(house: House, start: Start) -> None:
    """Tomorrow's prices are often not there before the afternoon."""
    _prices(house, {19: 0.19, 20: 0.19, 3: 0.01})
    tomorrow = house.hass.states.get(PRICE).attributes["raw_tomorrow"]  # type: ignore[union-attr]
    _prices(house, {19: 0.19, 20: 0.19})
    today = house.hass.states.get(PRICE).attributes["raw_today"]  # type: ignore[union-attr]
    house.sets(PRICE, 0.2, raw_today=today)
    await start("cheapest_hours", price=PRICE, hours=1, **CHARGER)
    house.sets(PLUG, "on")
    await house.passes(7200, step=60)
    assert ["turn_off"] == house.told()
    house.sets(PRICE, 0.2, raw_today=today, raw_tomorrow=tomorrow)

    assert {3: ["turn_on"], 4: ["turn_off"]} == await _by_hour(house)


@pytest.mark.parametrize("state", ["unavailable", "0.20"])
async def test_without_prices_the_last_hours_are_taken(
    house: House, start: Start, state: str
) -> None:
    house.sets(PRICE, state)
    await start("cheapest_hours", price=PRICE, hours=3, **CHARGER)
    house.sets(PLUG, "on")
    await house.passes(60)
    house.told()

    assert {4: ["turn_on"], 7: ["turn_off"]} == await _by_hour(house)


async def test_a_tag_chooses_and_the_same_tag_chooses_again(house: House, start: Start) -> None:
    """The event's state is its time: one tag twice is two events."""
    house.sets(MODE, "paused", options=["full", "solar", "cheapest", "paused"])
    house.sets(TAG, "unknown")
    notified: list[Any] = []
    remember = callback(lambda event: notified.append(event.data["chosen"]))
    house.hass.bus.async_listen("chose", remember)
    await start(
        "tag_chooses_mode",
        authorization=TAG,
        mode=MODE,
        full_tags=["04AABBCC"],
        solar_tags=["12345678", "Anna's card"],
        notification=[{"event": "chose", "event_data": {"chosen": "{{ chosen }}"}}],
    )
    await _present(house, 1, id_tag="12345678")
    assert ["solar"] == house.told()
    await _present(house, 2, id_tag="12345678")
    assert [] == house.told()
    house.sets(MODE, "full")
    await _present(house, 3, id_tag="12345678")
    assert ["solar"] == house.told()
    await _present(house, 4, id_tag="04AABBCC")
    await _present(house, 5, id_tag="***5678", tag_name="Anna's card")
    assert ["full", "solar"] == house.told()
    assert ["solar", "solar", "solar", "full", "solar"] == notified


async def test_other_tags_and_old_events_choose_nothing(house: House, start: Start) -> None:
    house.sets(MODE, "paused")
    house.sets(TAG, "unavailable")
    await start("tag_chooses_mode", authorization=TAG, mode=MODE, full_tags=["A"])
    await _present(house, 1, id_tag="A")
    await _present(house, 2, id_tag="B")
    await _present(house, 3, id_tag=None)
    await _present(house, 4, event_type="rejected", id_tag="A")
    house.sets(TAG, "unavailable")
    await house.passes(5)

    assert [] == house.told()


async def _settled(hass: HomeAssistant) -> None:
    """Wait until all that is left to do waits for time or for an event."""
    await asyncio.sleep(0)
    while hass.loop._ready:  # type: ignore[attr-defined]  # noqa: ASYNC110
        await asyncio.sleep(0)


def _grid(house: House, watts: float) -> None:
    house.sets(LOAD, round(watts), unit_of_measurement="W")


def _sun(house: House, watts: float) -> None:
    """Let the sun shine on a house in which only the car draws something."""
    limit, allowed = house.hass.states.get(LIMIT), house.hass.states.get(ALLOWED)
    assert limit
    assert allowed
    car = float(limit.state) * WATTS_PER_AMPERE if allowed.state == "on" else 0.0
    house.sets(POWER, car, unit_of_measurement="W")
    _grid(house, car - watts)


def _apart(house: House) -> None:
    """Between what is sent lies half a minute; what belongs together is sent together."""
    gaps = [after - before for before, after in zip(house.times, house.times[1:], strict=False)]
    assert [] == [gap for gap in gaps if timedelta(seconds=1) < gap < timedelta(seconds=30)]


def _prices(house: House, cheap: dict[int, float]) -> None:
    """Give prices for today and tomorrow, as a price sensor keeps them."""
    midnight = datetime(2026, 11, 20, tzinfo=dt_util.UTC)
    days = [
        [
            {
                "start": midnight + timedelta(days=day, hours=hour),
                "value": cheap.get(hour, 0.2 + hour / 100),
            }
            for hour in range(24)
        ]
        for day in range(2)
    ]
    house.sets(PRICE, 0.2, raw_today=days[0], raw_tomorrow=days[1])


async def _by_hour(house: House) -> dict[int, list[Any]]:
    """Return what was called in which hour until nine in the morning."""
    found: dict[int, list[Any]] = {}
    while dt_util.utcnow() < datetime(2026, 11, 21, 9, tzinfo=dt_util.UTC):
        await house.passes(60, step=60)
        if calls := house.told():
            found.setdefault(dt_util.utcnow().hour, []).extend(calls)
    return found


async def _present(
    house: House, minute: int, *, event_type: str = "authorized", **attributes: object
) -> None:
    """Present a tag: the state of the event is its time."""
    house.sets(TAG, f"2026-11-20T18:0{minute}:00.000+00:00", event_type=event_type, **attributes)
    await house.passes(5)
