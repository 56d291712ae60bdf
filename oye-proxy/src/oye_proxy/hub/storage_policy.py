"""
What is stored and for how long: the owner's choice, which changes while the proxy runs.

The settings give the limits until the owner sets others. Kept as JSON in the table `config`.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from oye_proxy.errors import InvalidRequestError
from oye_proxy.settings import StorageSettings
from oye_proxy.state import ConfigStorage
from oye_proxy.storage.selection import (
    Keep,
    KeepRule,
    Preset,
    Selection,
    check_rules,
    selection_of,
)

KEY: Final = "storagePolicy"
LEAST_MAX_BYTES: Final = 16 * 1024 * 1024

_logger = logging.getLogger(__name__)

_Count = Annotated[int, Meta(ge=1, le=2**31)]
_Days = Annotated[int, Meta(ge=0, le=36_500)]
_Bytes = Annotated[int, Meta(ge=0, le=2**62)]


class StorageChoice(Struct, frozen=True, kw_only=True, rename="camel"):
    """
    What the owner chose; a limit of None is the setting's.

    `rules` and `otherwise` count with the preset `custom` alone.
    """

    preset: Preset = Preset.ALL
    rules: tuple[KeepRule, ...] = ()
    otherwise: Keep = Keep.ALL
    retention_count: _Count | None = None
    retention_days: _Days | None = None
    max_bytes: _Bytes | None = None


class RetentionLimits(Struct, frozen=True, kw_only=True):
    """The limits in force; 0 days and 0 bytes are none."""

    count: int
    days: int
    max_bytes: int


Listener = Callable[[], None]


class StoragePolicy:
    """The choice: one owner, every change checked, stored, then told."""

    def __init__(self, storage: ConfigStorage, settings: StorageSettings) -> None:
        self._storage = storage
        self._settings = settings
        self._changing = asyncio.Lock()
        self._listeners: list[Listener] = []
        self.choice = StorageChoice()

    async def load(self) -> None:
        """Read what is stored."""
        stored = (await self._storage.all()).get(KEY)
        if stored is None:
            return
        try:
            self.choice = msgspec.json.decode(stored, type=StorageChoice)
        except msgspec.MsgspecError as error:
            _logger.warning("the stored %s is not usable (%s): all frames are kept", KEY, error)

    @property
    def selection(self) -> Selection:
        """Which frames are stored."""
        return selection_of(self.choice.preset, self.choice.rules, self.choice.otherwise)

    @property
    def limits(self) -> RetentionLimits:
        """How many, how long, and how much."""
        choice, settings = self.choice, self._settings
        return RetentionLimits(
            count=_first(choice.retention_count, settings.retention_count),
            days=_first(choice.retention_days, settings.retention_days),
            max_bytes=_first(choice.max_bytes, settings.max_bytes),
        )

    async def change(self, choice: StorageChoice) -> None:
        """Take over a whole new choice; raise InvalidRequestError for one that cannot be."""
        check_choice(choice)
        async with self._changing:
            await self._storage.set({KEY: msgspec.json.encode(choice).decode()})
            self.choice = choice
        for listener in tuple(self._listeners):
            listener()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def check_choice(choice: StorageChoice) -> None:
    """Raise InvalidRequestError for a choice that cannot be."""
    check_rules(choice.rules, choice.otherwise)
    if choice.max_bytes and choice.max_bytes < LEAST_MAX_BYTES:
        raise InvalidRequestError(
            f"maxBytes: give at least {LEAST_MAX_BYTES} bytes, or 0 for no limit"
        )


def _first(chosen: int | None, setting: int) -> int:
    return setting if chosen is None else chosen
