"""Diagnostics help to find what is wrong, and can be shown to anyone."""

import json
from typing import Any

import pytest
from custom_components.oye.const import DOMAIN
from custom_components.oye.devices import charger_identifier, connector_identifier
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from tests.integration import chargers
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import INSTANCE, TOKEN, FakeProxy, issue

type Json = dict[str, Any]

# Home Assistant's own web server.
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web.NotAppKeyWarning")

GARAGE, CARPORT = "Anna-Garage-0815", "SECRETCP"
OTHER = "203.0.113.9"
PLANTED = (
    GARAGE, CARPORT, "Annas Wallbox", TOKEN, "SERIAL-4711", "METER-4712", "8949000000000000001",
    "262010000000001", "198.51.100.77", "04AABBCCDD", "04EEFF0011", "04REMOTE77", "hunter2-csms",
    "0123456789abcdef", "ApiKeyOfCsms", "Annas Karte", OTHER,
)  # fmt: skip


async def download(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, path: str
) -> tuple[Json, str]:
    """Return the file that the owner gets: what is ours, and all of it."""
    assert await async_setup_component(hass, "diagnostics", {})
    client = await hass_client()
    response = await client.get(f"/api/diagnostics/config_entry/{path}")
    assert response.status == 200
    text = await response.text()
    data: Json = json.loads(text)["data"]
    return data, text


def plant(proxy: FakeProxy) -> None:
    """Put secrets wherever a proxy and its chargers can tell them."""
    everywhere = (
        f"{GARAGE} (Annas Wallbox, SERIAL-4711, METER-4712) at 198.51.100.77:4000 with 04aabbccdd; "
        f"AuthorizationKey=0123456789abcdef; wss://anna:hunter2-csms@csms.example/{GARAGE}?k=ApiKeyOfCsms"
    )
    tag = chargers.transaction(
        idTag="04AABBCCDD", idTagName="Annas Karte", transactionId=f"{GARAGE}-77"
    )
    last = chargers.transaction(idTag="04EEFF0011", reason=everywhere)
    connector = chargers.connector(
        1, info=everywhere, vendorErrorCode=everywhere, transaction=tag, lastTransaction=last
    )
    proxy.put(
        chargers.charger(
            GARAGE,
            [connector],
            name="Annas Wallbox",
            serialNumber="SERIAL-4711",
            meterSerialNumber="METER-4712",
            iccid="8949000000000000001",
            imsi="262010000000001",
            remoteAddress="198.51.100.77",
            csmsUrl=f"wss://anna:hunter2-csms@csms.example/ocpp/{GARAGE}?k=ApiKeyOfCsms",
            info=everywhere,
            firmwareVersion="1.6.2",
            reservations=[{"reservationId": 1, "evseId": 1, "idTag": "04REMOTE77", "until": None}],
        )
    )
    proxy.put(chargers.two_evses(CARPORT))
    proxy.issues = [
        issue("duplicate_charger", GARAGE, remoteAddress="198.51.100.77", otherAddress=OTHER),
        issue("limit_conflict", CARPORT, reason=everywhere, **{GARAGE: CARPORT}),
        issue("storage_trouble", None, reason=everywhere),
    ]  # fmt: skip


async def test_no_planted_secret_is_in_any_file(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
) -> None:
    """Of files of devices, Home Assistant alone chooses the name."""
    plant(proxy)
    await set_up(entry)
    entry.runtime_data.statistics.last_error = f"198.51.100.77 said no to {GARAGE} with {TOKEN}"
    registry = dr.async_get(hass)
    devices = [
        *dr.async_entries_for_config_entry(registry, entry.entry_id),
        *dr.async_child_entries_for_config_entry(registry, entry.entry_id),
    ]
    texts = [(await download(hass, hass_client, entry.entry_id))[1]]
    for device in devices:
        path = f"{entry.entry_id}/device/{device.id}"
        texts.append((await download(hass, hass_client, path))[1])

    assert 6 == len(texts)
    assert [] == [
        secret for secret in PLANTED for text in texts if secret.casefold() in text.casefold()
    ]


async def test_the_file_of_an_entry_tells_what_helps(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
) -> None:
    plant(proxy)
    await set_up(entry)
    data, _ = await download(hass, hass_client, entry.entry_id)
    garage = data["chargers"]["charger_1"]

    assert {"charger_1", "charger_2"} == set(data["chargers"])
    assert ("charger_1", "charger_1", "1.6.2") == (
        garage["charge_point_id"],
        garage["name"],
        garage["boot"]["firmware_version"],
    )
    assert "wss://csms.example/**REDACTED**" == garage["csms_url"]
    assert "charger_2_1_energy" in data["guards"]
    assert ["charger_1", "charger_2", None] == [one["charge_point_id"] for one in data["issues"]]
    assert (True, 1, True, 0) == (
        data["stream"]["connected"],
        data["stream"]["connects"],
        data["stream"]["last_update_success"],
        data["stream"]["gaps"],
    )
    assert (INSTANCE, 1, "0.1.0") == (
        data["proxy"]["instance_id"],
        data["proxy"]["api_version"],
        data["proxy"]["version"],
    )
    assert "smart_charging" in data["proxy"]["features"]
    assert {"all", "disabled"} == set(data["entities"]["sensor"])
    assert "loaded" == data["entry"]["state"]


async def test_the_file_of_a_charger_is_about_this_charger(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
) -> None:
    """Under the same alias as in the file of the entry; a connector has that of its charger."""
    plant(proxy)
    await set_up(entry)
    registry = dr.async_get(hass)
    charger = registry.async_get_device_by_identifier(charger_identifier(CARPORT), entry.entry_id)
    child = registry.async_get_child_device_by_identifier(
        connector_identifier(CARPORT, 2), entry.entry_id
    )
    assert charger is not None
    assert child is not None
    found = [
        (await download(hass, hass_client, f"{entry.entry_id}/device/{device.id}"))[0]
        for device in (charger, child)
    ]
    of_charger, of_child = found

    assert [{"charger_2"}, {"charger_2"}] == [set(one["chargers"]) for one in found]
    assert ["limit_conflict", "storage_trouble"] == [one["key"] for one in of_charger["issues"]]
    assert {"charger_2"} == {key[:9] for key in of_charger["guards"]}
    assert of_child["entities"]["sensor"]["all"] < of_charger["entities"]["sensor"]["all"]


async def test_the_file_of_the_proxy_has_no_charger(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
) -> None:
    plant(proxy)
    await set_up(entry)
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, INSTANCE), entry.entry_id)
    assert device is not None
    data, _ = await download(hass, hass_client, f"{entry.entry_id}/device/{device.id}")

    assert ({}, {}, ["storage_trouble"]) == (
        data["chargers"],
        data["guards"],
        [one["key"] for one in data["issues"]],
    )


async def test_an_entry_that_could_not_be_set_up_has_diagnostics(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    proxy.interference = (502, "")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    data, text = await download(hass, hass_client, entry.entry_id)

    assert ConfigEntryState.SETUP_RETRY is entry.state
    assert "setup_retry" == data["entry"]["state"]
    assert "502" in data["entry"]["reason"]
    assert "chargers" not in data
    assert TOKEN not in text
