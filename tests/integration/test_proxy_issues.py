"""What the proxy says a person must look at is shown, when it is worth it and while it lasts."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from custom_components.oye.const import CONF_APP_SLUG, DOMAIN
from custom_components.oye.issues import issue_id
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from tests.integration import chargers, fake_proxy
from tests.integration.conftest import SLUG, SetUp, until
from tests.integration.fake_proxy import INSTANCE, FakeProxy

CONSOLE = f"homeassistant://app/{SLUG}"
AT_ONCE = timedelta()


def told(
    key: str,
    charge_point_id: str | None = None,
    *,
    ago: timedelta = AT_ONCE,
    severity: str = "warning",
    **params: Any,
) -> dict[str, Any]:
    """Return an issue that the proxy has told for some time."""
    since = (dt_util.utcnow() - ago).isoformat()
    issue = fake_proxy.issue(key, charge_point_id, **params)
    return issue | {"since": since, "severity": severity}


def shown(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return what is shown, by its key."""
    issues = ir.async_get(hass).issues.values()
    return {one.translation_key or "": one for one in issues if one.domain == DOMAIN}


async def later(hass: HomeAssistant, minutes: float) -> None:
    """Let happen what is to happen until then."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=minutes))
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("issue", "severity", "placeholders", "link"),
    [
        (
            told("csms_refused", "CP1", ago=timedelta(minutes=10), severity="error", status=401),
            IssueSeverity.ERROR,
            {"charger": "Garage"},
            CONSOLE,
        ),
        (
            told("charger_not_accepted", "CP1", ago=timedelta(minutes=10), status="pending"),
            IssueSeverity.WARNING,
            {"charger": "Garage"},
            CONSOLE,
        ),
        (
            told("csms_loop", "CP1", severity="error"),
            IssueSeverity.ERROR,
            {"charger": "Garage"},
            CONSOLE,
        ),
        (
            told("csms_unreachable", "CP1", ago=timedelta(hours=1), reason="unreachable"),
            IssueSeverity.WARNING,
            {"charger": "Garage"},
            CONSOLE,
        ),
        (
            told("charger_redirected", "CP1", severity="critical", action="ChangeConfiguration"),
            IssueSeverity.CRITICAL,
            {"charger": "Garage"},
            CONSOLE,
        ),
        (
            told("limit_conflict", "CP1", reason="Another limit is in force."),
            IssueSeverity.WARNING,
            {"charger": "Garage"},
            CONSOLE,
        ),
        (
            told("charger_unsecured", "CP1", encrypted=False, authenticated=False),
            IssueSeverity.WARNING,
            {"charger": "Garage"},
            CONSOLE,
        ),
        (
            told("duplicate_charger", "CP1", remoteAddress="192.0.2.1"),
            IssueSeverity.WARNING,
            {"charger": "Garage"},
            None,
        ),
        (
            told("storage_trouble", severity="error", reason="The disk is full."),
            IssueSeverity.ERROR,
            {},
            CONSOLE,
        ),
        (told("storage_trouble", reason="The disk fills."), IssueSeverity.WARNING, {}, CONSOLE),
        (told("certificate_expiring", days=14), IssueSeverity.WARNING, {}, None),
        (told("certificate_expiring", days=0), IssueSeverity.WARNING, {}, None),
        (told("certificate_expiring", days=-1), IssueSeverity.ERROR, {}, None),
        (told("certificate_expiring"), IssueSeverity.WARNING, {}, None),
    ],
    ids=lambda value: value["key"] if isinstance(value, dict) and "key" in value else "",
)
async def test_an_issue_is_shown_with_its_weight_and_goes_with_its_cause(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    issue: dict[str, Any],
    severity: IssueSeverity,
    placeholders: dict[str, str],
    link: str | None,
) -> None:
    proxy.put(chargers.idle("CP1", name="Garage"))
    proxy.issues = [issue]
    await set_up(entry)
    of_the_proxy = shown(hass)
    await proxy.push_issues()
    await until(hass, lambda: not shown(hass))

    assert [issue["key"]] == list(of_the_proxy)
    (one,) = of_the_proxy.values()
    assert (severity, placeholders, link, False) == (
        one.severity,
        one.translation_placeholders,
        one.learn_more_url,
        one.is_fixable,
    )


@pytest.mark.parametrize(
    "tell",
    [
        partial(told, "csms_refused", "CP1", ago=timedelta(minutes=9)),
        partial(told, "charger_not_accepted", "CP1", ago=timedelta(minutes=9)),
        partial(told, "csms_unreachable", "CP1", ago=timedelta(minutes=59)),
        partial(told, "certificate_expiring", days=15),
        # Those are for the console.
        partial(told, "charger_silent", "CP1"),
        partial(told, "journal_growing", "CP1", pending=1001),
        partial(told, "error_rate", "CP1", percent=7),
        # The coordinator tells of chargers that another entry has.
        partial(told, "duplicate_charger", "CP2"),
    ],
    ids=lambda tell: str(tell.args[0]),
)
async def test_what_nobody_must_act_on_is_not_shown(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
    tell: Callable[[], dict[str, Any]],
) -> None:
    proxy.put(chargers.idle("CP1"))
    proxy.issues = [tell()]
    await set_up(entry)

    assert {} == shown(hass)


async def test_an_issue_of_a_newer_proxy_is_ignored(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    await set_up(entry)
    known = told("storage_trouble")
    await proxy.send_garbage(
        f'{{"type":"issues","seq":1,"issues":[{{"key":"from_the_future","severity":"fatal"}},'
        f'{{"key":"storage_trouble","severity":"fatal","since":"{known["since"]}"}}]}}'
    )
    await until(hass, lambda: shown(hass))

    assert {"storage_trouble": IssueSeverity.WARNING} == {
        key: one.severity for key, one in shown(hass).items()
    }


async def test_what_lasts_is_shown_when_its_time_has_come(
    hass: HomeAssistant,
    proxy: FakeProxy,
    entry: MockConfigEntry,
    set_up: SetUp,
) -> None:
    """What ends before is never shown."""
    for charge_point_id in ("CP1", "CP2"):
        proxy.put(chargers.idle(charge_point_id))
    refused = told("csms_refused", "CP1", severity="error")
    proxy.issues = [refused, told("csms_unreachable", "CP2")]
    await set_up(entry)
    looks = []
    for minutes in (9, 11, 40):
        await later(hass, minutes)
        looks.append(set(shown(hass)))
    await proxy.push_issues(refused)
    await until(hass, lambda: len(entry.runtime_data.data.issues) == 1)
    await later(hass, 70)

    assert [set(), {"csms_refused"}, {"csms_refused"}] == looks
    assert {"csms_refused"} == set(shown(hass))


async def test_an_issue_follows_the_name_of_its_charger(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    proxy.put(chargers.idle("CP1", name=None))
    proxy.issues = [told("limit_conflict", "CP1"), told("charger_unsecured", "CP9")]
    await set_up(entry)
    before = shown(hass)
    await proxy.push(chargers.idle("CP1", name="Car port"))
    await until(hass, lambda: shown(hass)["limit_conflict"] != before["limit_conflict"])

    assert {"charger": "CP1"} == before["limit_conflict"].translation_placeholders
    assert {"charger": "CP9"} == before["charger_unsecured"].translation_placeholders
    assert {"charger": "Car port"} == shown(hass)["limit_conflict"].translation_placeholders


async def test_the_name_of_a_charger_is_no_markup(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    """Whoever connects chooses an id; descriptions are shown as Markdown."""
    hostile = "[win](https://evil.example) <img src=x> `a`"
    proxy.put(chargers.idle(hostile))
    proxy.issues = [told("limit_conflict", hostile)]
    await set_up(entry)

    assert {"charger": "(win)(https: //evil.example) (img src=x) 'a'"} == (
        shown(hass)["limit_conflict"].translation_placeholders
    )


async def test_without_the_app_the_link_leads_to_the_address(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    data = {key: value for key, value in entry.data.items() if key != CONF_APP_SLUG}
    manual = MockConfigEntry(domain=DOMAIN, unique_id=INSTANCE, data=data)
    proxy.issues = [told("storage_trouble")]
    await set_up(manual)

    assert f"{proxy.url}/" == shown(hass)["storage_trouble"].learn_more_url


async def test_two_chargers_have_an_issue_each_and_all_end_with_the_entry(
    hass: HomeAssistant, proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp
) -> None:
    for charge_point_id in ("CP1", "CP2"):
        proxy.put(chargers.idle(charge_point_id))
    both = [told("limit_conflict", one) for one in ("CP1", "CP2")]
    proxy.issues = [*both, told("csms_unreachable", "CP1")]
    await set_up(entry)
    at_first = set(ir.async_get(hass).issues)
    await proxy.push_issues(both[1])
    await until(hass, lambda: len(ir.async_get(hass).issues) == 1)
    then = set(ir.async_get(hass).issues)
    await hass.config_entries.async_unload(entry.entry_id)

    first, second = ((DOMAIN, issue_id(entry.entry_id, "limit_conflict", f"CP{n}")) for n in (1, 2))
    assert {first, second} == at_first
    assert {second} == then
    assert {} == ir.async_get(hass).issues
    assert ConfigEntryState.NOT_LOADED is entry.state
