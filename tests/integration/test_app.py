"""What Supervisor tells of the app, and that it is said why nothing answers."""

from collections.abc import Callable
from typing import Any

import pytest
from custom_components.oye.app import async_is_installed, async_stopped_app
from homeassistant.components.hassio import HassioNotReadyError
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tests.integration.conftest import SLUG
from tests.integration.fake_proxy import FakeProxy

type Supervise = Callable[[dict[str, Any] | None], None]


@pytest.fixture
def supervise(monkeypatch: pytest.MonkeyPatch) -> Supervise:
    """Return what makes Supervisor tell of these apps; None before it told of any."""

    def supervise(apps: dict[str, Any] | None) -> None:
        def told(_hass: HomeAssistant) -> dict[str, Any]:
            if apps is None:
                raise HassioNotReadyError
            return apps

        monkeypatch.setattr("custom_components.oye.app.is_hassio", lambda _hass: True)
        monkeypatch.setattr("custom_components.oye.app.get_addons_info", told)

    return supervise


async def test_without_supervisor_nothing_is_known(hass: HomeAssistant) -> None:
    assert async_is_installed(hass, SLUG) is None
    assert async_stopped_app(hass, SLUG) is None


@pytest.mark.parametrize(
    ("apps", "installed", "stopped"),
    [
        (None, None, None),
        ({}, False, None),
        ({SLUG: None}, True, None),
        ({SLUG: {"name": "OYE", "state": "started"}}, True, None),
        ({SLUG: {"name": "OYE", "state": "stopped"}}, True, "OYE"),
        ({SLUG: {"state": "error"}}, True, SLUG),
    ],
)
async def test_an_app_that_does_not_run_is_named(
    hass: HomeAssistant,
    supervise: Supervise,
    apps: dict[str, Any] | None,
    installed: bool | None,  # noqa: FBT001 - a table
    stopped: str | None,
) -> None:
    supervise(apps)

    assert installed is async_is_installed(hass, SLUG)
    assert stopped == async_stopped_app(hass, SLUG)


async def test_an_entry_says_that_its_app_does_not_run(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, supervise: Supervise
) -> None:
    supervise({SLUG: {"name": "OYE", "state": "stopped"}})
    proxy.interference = (502, "")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)

    assert ConfigEntryState.SETUP_RETRY is entry.state
    assert "app_not_running" == entry.error_reason_translation_key
