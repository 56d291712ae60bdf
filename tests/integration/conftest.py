"""The integration in a Home Assistant of the test's own, in front of a proxy that a test steers."""

# isort: off
import custom_components.oye  # noqa: F401 - before the helpers' own package of this name

# isort: on
import asyncio
import logging
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator

import pytest
from custom_components.oye.const import CONF_APP_SLUG, DOMAIN
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion
from tests.integration.actions import furnish
from tests.integration.fake_proxy import INSTANCE, TOKEN, FakeProxy

SLUG = "a1b2c3d4_oye-proxy"
DEADLINE = 10
IN_CI = os.environ.get("CI") == "true"  # noqa: TID251 - the tests have no settings of their own
UNWANTED_LOGS = re.compile(
    r"is deprecated|will stop working|Detected that custom integration 'oye'"
    r"|Error while setting up|Error setting up|Setup failed for|Error adding entit"
    r"|Error doing job|Exception in|[Uu]nexpected (?:error|exception)|does not generate unique IDs"
    r"|was never (?:retrieved|awaited)|Unable to prepare setup|Platform oye"
)

type SetUp = Callable[[MockConfigEntry], Awaitable[None]]


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load what lies in this checkout."""


@pytest.fixture(autouse=True)
def _nothing_unwanted_is_logged(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail on what Home Assistant only logs: errors in set-up, deprecations, exceptions."""
    yield
    expected = [re.compile(mark.args[0]) for mark in request.node.iter_markers("expected_log")]
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    lines = [
        f"{record.name}: {record.getMessage()}"
        for record in records
        if (record.exc_info and record.levelno >= logging.INFO)
        or UNWANTED_LOGS.search(record.getMessage())
    ]

    assert [] == [line for line in lines if not any(one.search(line) for one in expected)]


@pytest.fixture
async def proxy(request: pytest.FixtureRequest) -> AsyncIterator[FakeProxy]:
    """Start a proxy without chargers; it says nothing that the real one could not say."""
    request.getfixturevalue("socket_enabled")
    fake = FakeProxy()
    await fake.start()
    yield fake
    await fake.stop()

    assert [] == fake.faults


@pytest.fixture
def entry(proxy: FakeProxy) -> MockConfigEntry:
    """Return an entry as the flow makes it for the app; not yet added."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="OYE",
        unique_id=INSTANCE,
        data={
            CONF_URL: proxy.url,
            CONF_TOKEN: TOKEN,
            CONF_VERIFY_SSL: True,
            CONF_APP_SLUG: SLUG,
        },
    )


@pytest.fixture
def set_up(hass: HomeAssistant, proxy: FakeProxy) -> SetUp:
    """Return what adds an entry, sets it up and waits for its live stream."""

    async def set_up(entry: MockConfigEntry) -> None:
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await until(hass, lambda: proxy.listeners > 0)

    return set_up


@pytest.fixture
async def loaded(proxy: FakeProxy, entry: MockConfigEntry, set_up: SetUp) -> MockConfigEntry:
    """Return an entry whose proxy has every feature, and a charger of each kind."""
    furnish(proxy)
    await set_up(entry)
    return entry


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare without what differs from run to run, such as ids in registries."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def every_entity_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable also the entities that are off until the owner wants them."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


async def until(hass: HomeAssistant, condition: Callable[[], object]) -> None:
    """Wait until it is so; the live stream is a background task that nothing else waits for."""
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await asyncio.sleep(0.005)
            await hass.async_block_till_done()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one in CI."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report
