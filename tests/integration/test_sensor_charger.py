"""What the sensors of a charger make of its words."""

from typing import Any

import pytest
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration import chargers
from tests.integration.conftest import SetUp
from tests.integration.fake_proxy import FakeProxy
from tests.integration.shown import shown, state_of, tell

pytestmark = pytest.mark.usefixtures("every_entity_enabled")


@pytest.fixture(autouse=True)
def _no_other_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.oye.PLATFORMS", [Platform.SENSOR])


@pytest.mark.parametrize(
    ("key", "told", "expected"),
    [
        ("ocpp_version", {"ocppVersion": "2.1"}, "v2_1"),
        ("ocpp_version", {"ocppVersion": "3.0"}, "unknown"),
        ("ocpp_version", {"ocppVersion": None}, "unknown"),
        ("firmware_status", {"firmwareStatus": "DownloadFailed"}, "download_failed"),
        ("firmware_status", {"firmwareStatus": "InstallVerificationFailed"},
         "install_verification_failed"),
        ("firmware_status", {"firmwareStatus": "Exploded"}, "unknown"),
        ("log_status", {"logStatus": "NotSupportedOperation"}, "not_supported_operation"),
        ("log_status", {"logStatus": "UploadFailure"}, "upload_failure"),
        ("csms_link", {"link": "catching_up"}, "catching_up"),
        ("journal_pending", {"journalPending": 7}, "7"),
        ("last_boot", {"bootedAt": None}, "unknown"),
        ("error_code", {"errorCode": None}, "unknown"),
    ],
)  # fmt: skip
async def test_a_word_of_the_charger_is_an_option_or_unknown(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    key: str,
    told: dict[str, Any],
    expected: str,
) -> None:
    proxy.put(chargers.charger("CP1", [], **told))
    await set_up(entry)

    assert expected == shown(hass, f"CP1_{key}")


async def test_the_error_of_a_connector_is_told_with_what_the_vendor_says_of_it(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """The charger itself has none then, and its other facts do not change."""
    proxy.put(chargers.idle("CP1"))
    await set_up(entry)
    before = shown(hass, "CP1_error_code")
    broken = chargers.connector(
        1, status="Faulted", errorCode="GroundFailure", vendorErrorCode="E17", info="Call someone"
    )
    await tell(hass, proxy, entry, chargers.charger("CP1", [broken]))
    after = state_of(hass, "CP1_error_code")
    told = (after.attributes["vendor_error_code"], after.attributes["info"])
    await tell(hass, proxy, entry, chargers.idle("CP1"))

    assert ("NoError", "GroundFailure") == (before, after.state)
    assert ("E17", "Call someone") == told
    assert "NoError" == shown(hass, "CP1_error_code")


async def test_the_last_message_moves_once_a_minute_at_most(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """Of a charger that goes, the last one is shown."""
    proxy.put(chargers.idle("CP1", lastSeen=None))
    await set_up(entry)
    seen = [shown(hass, "CP1_last_message")]
    for second, link, connected in (
        ("12:00:00", "holding", True),
        ("12:00:59", "connected", True),
        ("12:01:00", "holding", True),
        ("12:01:20", "connected", True),
        ("12:01:30", "connected", False),
    ):
        facts = {"lastSeen": f"2026-11-21T{second}Z", "link": link, "connected": connected}
        await tell(hass, proxy, entry, chargers.idle("CP1", **facts))
        seen.append(shown(hass, "CP1_last_message").removeprefix("2026-11-21T").partition("+")[0])

    assert ["unknown", "12:00:00", "12:00:00", "12:01:00", "12:01:00", "12:01:30"] == seen


async def test_a_message_alone_is_written_when_a_minute_is_over(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """It moves nothing else, so it can wait."""
    proxy.put(chargers.idle("CP1", lastSeen="2026-11-21T12:00:00Z"))
    await set_up(entry)
    await tell(hass, proxy, entry, chargers.idle("CP1", lastSeen="2026-11-21T12:05:00Z"))

    assert "2026-11-21T12:00:00+00:00" == shown(hass, "CP1_last_message")
