"""The owner's choice of what is stored: checked, stored, told; kept over restarts."""

import logging
from collections.abc import Mapping

import pytest

from oye_proxy.errors import InvalidRequestError, StorageError
from oye_proxy.hub.storage_policy import (
    KEY,
    LEAST_MAX_BYTES,
    RetentionLimits,
    StorageChoice,
    StoragePolicy,
)
from oye_proxy.settings import StorageSettings
from oye_proxy.storage.selection import Keep, KeepRule, Preset

SETTINGS = StorageSettings(retention_count=7, retention_days=8, max_bytes=9)
RULES = (KeepRule(action="MeterValues", keep=Keep.NONE),)


class Config:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.away = False

    async def all(self) -> dict[str, str]:
        return dict(self.values)

    async def set(self, values: Mapping[str, str]) -> None:
        if self.away:
            raise StorageError("it is away")
        self.values.update(values)


async def policy(config: Config) -> StoragePolicy:
    policy = StoragePolicy(config, SETTINGS)
    await policy.load()
    return policy


async def test_by_default_all_is_stored_within_the_limits_of_the_settings() -> None:
    found = await policy(Config())

    assert found.selection.keeps_all
    assert RetentionLimits(count=7, days=8, max_bytes=9) == found.limits


async def test_a_choice_is_told_and_survives_a_restart() -> None:
    config = Config()
    first = await policy(config)
    told: list[bool] = []
    first.subscribe(lambda: told.append(first.selection.keeps_all))
    choice = StorageChoice(
        preset=Preset.CUSTOM, rules=RULES, retention_count=50, retention_days=0, max_bytes=0
    )
    await first.change(choice)
    second = await policy(config)

    assert [False] == told
    assert choice == second.choice
    assert RetentionLimits(count=50, days=0, max_bytes=0) == second.limits
    assert Keep.NONE is second.selection.keep("MeterValues", "UPSTREAM")


async def test_who_unsubscribed_is_told_nothing() -> None:
    found = await policy(Config())
    told: list[int] = []
    found.subscribe(lambda: told.append(1))()
    await found.change(StorageChoice(preset=Preset.SELECTIVE))

    assert [] == told


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (StorageChoice(otherwise=Keep.LAST), "otherwise"),
        (StorageChoice(rules=RULES * 2), "MeterValues is named twice"),
        (StorageChoice(max_bytes=LEAST_MAX_BYTES - 1), "maxBytes: give at least 16777216 bytes"),
    ],
)
async def test_a_choice_that_cannot_be_changes_nothing(
    choice: StorageChoice, sentence: str
) -> None:
    config = Config()
    found = await policy(config)
    with pytest.raises(InvalidRequestError, match=sentence):
        await found.change(choice)

    assert StorageChoice() == found.choice
    assert {} == config.values


async def test_a_choice_that_is_not_stored_is_not_in_force() -> None:
    config = Config()
    config.away = True
    found = await policy(config)
    with pytest.raises(StorageError):
        await found.change(StorageChoice(preset=Preset.SELECTIVE))

    assert found.selection.keeps_all


@pytest.mark.parametrize("stored", ["", "{", '{"preset": "unheard of"}', "[]"])
async def test_a_stored_choice_that_is_not_usable_keeps_everything(
    stored: str, caplog: pytest.LogCaptureFixture
) -> None:
    config = Config()
    config.values[KEY] = stored
    with caplog.at_level(logging.WARNING):
        found = await policy(config)

    assert found.selection.keeps_all
    assert "all frames are kept" in caplog.text
