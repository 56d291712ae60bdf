"""
Notifications for the owner, kept until Core can show them.

The app starts before Core, and Core restarts when it likes: what is to be said lies in a folder,
one file for each id, and the newest of an id counts. `errands.py` delivers.
"""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from oye_proxy.errors import SupervisorError
from oye_proxy.ha_app.files import PRIVATE, make_folder, write_file
from oye_proxy.ha_app.home_assistant import HomeAssistant
from oye_proxy.ha_app.wording import ENGLISH, sentence

TITLE: Final = "OYE"

_ID: Final = re.compile(r"[a-z0-9_]+", re.ASCII)
_SUFFIX: Final = ".json"


class Notice(Struct, frozen=True, kw_only=True):
    """
    One notification; without a text it takes an older one of its id away.

    `text` is the key of a sentence, which is said in the language that Core has when it is shown,
    with `values` in it. `until_loaded` names the integration that makes it needless once Core has
    loaded it.
    """

    notification_id: str
    text: str | None = None
    values: Mapping[str, str] = {}
    until_loaded: str | None = None
    shown: bool = False


class Notices:
    """The folder of notifications that wait."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, notice: Notice) -> None:
        """Keep a notification for Core, in place of an older one of the same id."""
        if not _ID.fullmatch(notice.notification_id):
            raise ValueError(notice.notification_id)
        make_folder(self._folder, 0o700)
        write_file(self._path(notice), msgspec.json.encode(notice), PRIVATE)

    def dismiss(self, notification_id: str) -> None:
        """Have a notification taken away."""
        self.put(Notice(notification_id=notification_id))

    async def deliver(self, home_assistant: HomeAssistant) -> None:
        """Hand over what waits; raise SupervisorError, upon which the rest goes on waiting."""
        for notice in await asyncio.to_thread(self.waiting):
            now = await _deliver(notice, home_assistant)
            await asyncio.to_thread(self._settle, notice, now)

    def waiting(self) -> list[Notice]:
        """Return what waits; a damaged file is nothing."""
        found = []
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            notice = _read(path)
            if notice is not None:
                found.append(notice)
        return found

    def _settle(self, before: Notice, now: Notice | None) -> None:
        """Note what became of a notification, unless a newer one came meanwhile."""
        path = self._path(before)
        if _read(path) != before or now == before:
            return
        if now is None:
            path.unlink()
        else:
            self.put(now)

    def _path(self, notice: Notice) -> Path:
        return self._folder / f"{notice.notification_id}{_SUFFIX}"


async def _deliver(notice: Notice, home_assistant: HomeAssistant) -> Notice | None:
    """Do the next thing for a notification; return what is left of it to do."""
    if notice.text is None:
        await home_assistant.dismiss(notice.notification_id)
        return None
    if notice.until_loaded is not None and await _has_loaded(home_assistant, notice.until_loaded):
        if notice.shown:
            await home_assistant.dismiss(notice.notification_id)
        return None
    if not notice.shown:
        language = await _language(home_assistant)
        message = await asyncio.to_thread(sentence, language, notice.text, notice.values)
        await home_assistant.notify(notice.notification_id, TITLE, message)
    return None if notice.until_loaded is None else replace(notice, shown=True)


async def _has_loaded(home_assistant: HomeAssistant, integration: str) -> bool:
    return integration in (await home_assistant.core_config()).components


async def _language(home_assistant: HomeAssistant) -> str:
    """Return the language of Core; a notification is not lost for want of it."""
    try:
        return (await home_assistant.core_config()).language
    except SupervisorError:
        return ENGLISH


def _read(path: Path) -> Notice | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Notice)
    except (OSError, ValueError):
        return None
