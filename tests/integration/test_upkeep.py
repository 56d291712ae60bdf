"""The owner is told to restart Home Assistant, or that an app is gone; and when that is over."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from custom_components.oye import upkeep
from custom_components.oye.const import CONF_APP_SLUG, DOMAIN
from custom_components.oye.issues import issue_id
from homeassistant.components.hassio import HassioNotReadyError
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import async_get_integration
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from tests.integration.conftest import SLUG, SetUp, until
from tests.integration.fake_proxy import INSTANCE, FakeProxy

type Install = Callable[[str], None]
type Supervise = Callable[[dict[str, Any] | None], None]

NEWER = '{"domain": "oye", "version": "99.0.0"}'


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return what puts a manifest where the files of the integration are looked for."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text(upkeep.MANIFEST.read_text())
    monkeypatch.setattr(upkeep, "MANIFEST", manifest)

    def install(text: str) -> None:
        manifest.write_bytes(text.encode(errors="surrogateescape"))

    return install


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


def keys(hass: HomeAssistant) -> list[str | None]:
    return [one.translation_key for one in ir.async_get(hass).issues.values()]


async def later(hass: HomeAssistant) -> None:
    async_fire_time_changed(hass, dt_util.utcnow() + upkeep.LOOK_INTERVAL)
    await hass.async_block_till_done()


async def test_files_that_are_those_that_run_are_no_issue(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp
) -> None:
    await set_up(entry)
    await hass.async_block_till_done()

    assert upkeep.installed_version() == str((await async_get_integration(hass, DOMAIN)).version)
    assert [] == keys(hass)


async def test_other_files_ask_for_a_restart_until_they_are_those_that_run(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    set_up: SetUp,
    install: Install,
) -> None:
    own = upkeep.MANIFEST.read_text()
    await set_up(entry)
    install(NEWER)
    await later(hass)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id(DOMAIN, "restart_required"))
    install(own)
    await later(hass)

    assert issue is not None
    assert (ir.IssueSeverity.WARNING, {"version": "99.0.0"}, True) == (
        issue.severity,
        issue.translation_placeholders,
        issue.is_fixable,
    )
    assert [] == keys(hass)


async def test_an_update_of_the_app_is_seen_when_its_proxy_starts(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp, install: Install
) -> None:
    await set_up(entry)
    install(NEWER)
    await proxy.restart()
    await until(hass, lambda: keys(hass))

    assert ["restart_required"] == keys(hass)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 2}', "\udcff"])
async def test_files_that_are_being_replaced_say_nothing(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    set_up: SetUp,
    install: Install,
    text: str,
) -> None:
    await set_up(entry)
    install(text)
    await later(hass)
    upkeep.MANIFEST.unlink()
    await later(hass)

    assert [] == keys(hass)


async def test_two_entries_ask_for_one_restart_and_the_last_takes_it_along(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp, install: Install
) -> None:
    other = FakeProxy(instance_id="another")
    await other.start()
    second = MockConfigEntry(
        domain=DOMAIN, unique_id="another", data={**entry.data, "url": other.url}
    )
    install(NEWER)
    await set_up(entry)
    await set_up(second)
    await hass.async_block_till_done()
    counts = [len(keys(hass))]
    for one in (entry, second):
        await hass.config_entries.async_unload(one.entry_id)
        counts.append(len(keys(hass)))
    await until(hass, lambda: not other.listeners)
    await other.stop()

    assert [1, 1, 0] == counts


@pytest.mark.parametrize(
    ("apps", "expected"),
    [({}, ["app_missing"]), ({SLUG: {"state": "stopped"}}, []), (None, [])],
)
async def test_an_entry_that_cannot_be_set_up_says_that_its_app_is_gone(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    supervise: Supervise,
    apps: dict[str, Any] | None,
    expected: list[str],
) -> None:
    supervise(apps)
    proxy.interference = (502, "")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)

    assert ConfigEntryState.SETUP_RETRY is entry.state
    assert expected == keys(hass)


@pytest.mark.parametrize("how", ["installed", "disabled", "removed"])
async def test_a_missing_app_is_told_until_it_does_not_matter(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, supervise: Supervise, how: str
) -> None:
    supervise({})
    proxy.interference = (502, "")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    before = ir.async_get(hass).async_get_issue(DOMAIN, issue_id(entry.entry_id, "app_missing"))
    match how:
        case "installed":
            supervise({SLUG: {"state": "stopped"}})
            await hass.config_entries.async_reload(entry.entry_id)
        case "disabled":
            await hass.config_entries.async_set_disabled_by(
                entry.entry_id, ConfigEntryDisabler.USER
            )
        case _:
            await hass.config_entries.async_remove(entry.entry_id)

    assert before is not None
    assert (ir.IssueSeverity.WARNING, {"name": "OYE"}, True) == (
        before.severity,
        before.translation_placeholders,
        before.is_fixable,
    )
    assert [] == keys(hass)


async def test_a_proxy_that_ends_with_its_app_is_told_and_its_return_too(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    supervise: Supervise,
) -> None:
    """Supervisor's list is minutes old, so that it is looked at again."""
    apps: dict[str, Any] = {SLUG: {"state": "started"}}
    supervise(apps)
    await set_up(entry)
    await proxy.stop()
    await until(hass, lambda: not entry.runtime_data.last_update_success)
    at_once = keys(hass)
    apps.clear()
    await later(hass)
    then = keys(hass)
    await proxy.start()
    await entry.runtime_data.async_refresh()
    await hass.async_block_till_done()

    assert [] == at_once
    assert ["app_missing"] == then
    assert [] == keys(hass)


async def test_an_app_that_is_gone_is_no_matter_while_its_proxy_answers(
    hass: HomeAssistant, entry: MockConfigEntry, set_up: SetUp, supervise: Supervise
) -> None:
    """The owner may have moved the proxy and given its new address."""
    supervise({})
    await set_up(entry)
    await hass.async_block_till_done()

    assert [] == keys(hass)


async def test_an_entry_by_address_has_no_app_to_miss(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, supervise: Supervise
) -> None:
    data = {key: value for key, value in entry.data.items() if key != CONF_APP_SLUG}
    manual = MockConfigEntry(domain=DOMAIN, unique_id=INSTANCE, data=data)
    supervise({})
    proxy.interference = (502, "")
    manual.add_to_hass(hass)
    await hass.config_entries.async_setup(manual.entry_id)

    assert [] == keys(hass)


@pytest.mark.expected_log("Error setting up entry")
async def test_an_outdated_proxy_is_no_issue_of_a_disabled_entry(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry
) -> None:
    proxy.api_version = 0
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    before = keys(hass)
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)

    assert ["proxy_outdated"] == before
    assert [] == keys(hass)


def test_the_manifest_is_where_the_code_is() -> None:
    assert "oye" == json.loads(upkeep.MANIFEST.read_text())["domain"]
