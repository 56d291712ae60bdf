"""
The integration in Home Assistant: its copy, its discovery and its notifications.

At the start each is done once; what Home Assistant did not take is done in the background.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from oye_proxy.errors import OyeError
from oye_proxy.ha_app.discovery import Announcer
from oye_proxy.ha_app.errands import EVERY, Errand
from oye_proxy.ha_app.home_assistant import HomeAssistant
from oye_proxy.ha_app.integration import DOMAIN, Change, Outcome, keep_integration
from oye_proxy.ha_app.notices import Notice, Notices
from oye_proxy.ha_app.options import Options
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.remarks import Lines, Remark
from oye_proxy.settings import LogLevel

NOTICE: Final = "oye_integration"
ANNOUNCED: Final = "announced to Home Assistant"


async def look_after_integration(
    home_assistant: HomeAssistant, paths: Paths, options: Options, lines: Lines
) -> None:
    """Keep the integration's copy; whatever fails is a line of the log."""
    if not options.install_integration:
        lines.say("Integration: not looked after, install_integration is off")
        return
    try:
        app = (await home_assistant.app_info()).slug
        outcome = await asyncio.to_thread(keep_integration, paths.bundle, paths.homeassistant, app)
        notices = Notices(paths.notices)
        await asyncio.to_thread(_tell, outcome, notices, lines)
    except (OyeError, OSError) as error:
        text = (
            f"Integration: not looked after, {_reason(error)}; it is tried again at the next start"
        )
        lines.tell([Remark(text)])


async def announce(announcer: Announcer, lines: Lines) -> None:
    """Announce the app once; what fails is tried again in the background."""
    try:
        await announcer.announce()
    except (OyeError, OSError) as error:
        text = f"Discovery: {_reason(error)}; it is tried again in the background"
        lines.tell([Remark(text)])
    else:
        lines.say(f"Discovery: {ANNOUNCED}")


def errands(
    home_assistant: HomeAssistant, announcer: Announcer, notices: Notices, lines: Lines
) -> list[Errand]:
    """Return what is done for Home Assistant in the background."""

    async def announce_again() -> str | None:
        return ANNOUNCED if await announcer.announce() else None

    return [
        # The start announces; this is for what it could not do, and for changes.
        Errand("Discovery", announce_again, lines, start_after=EVERY),
        # Core is often down for a while, and nobody waits for a notification.
        Errand("Notifications", partial(notices.deliver, home_assistant), lines, LogLevel.DEBUG),
    ]


async def keep_until_stopped(
    watch: Callable[[threading.Event], None], errands: Sequence[Errand]
) -> None:
    """Do both until this process is told to stop; a crash of one ends the other."""
    stop, stop_watch = asyncio.Event(), threading.Event()

    def end() -> None:
        stop.set()
        stop_watch.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(watch, stop_watch), name="watch")
            for errand in errands:
                group.create_task(errand.keep(stop), name=errand.name)
    finally:
        stop_watch.set()


def _reason(error: Exception) -> str:
    """Return a sentence without the number of an error."""
    if isinstance(error, OSError) and error.strerror is not None:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _tell(outcome: Outcome, notices: Notices, lines: Lines) -> None:
    text = f"Integration: {outcome.text}"
    if outcome.change in (Change.INSTALLED, Change.UPDATED):
        text = f"{text}, restart Home Assistant to load it"
        fresh = outcome.change is Change.INSTALLED
        notices.put(
            Notice(
                notification_id=NOTICE,
                text="integration_installed" if fresh else "integration_updated",
                values={"version": str(outcome.version)},
                # An older version that is loaded does not make the restart needless.
                until_loaded=DOMAIN if fresh else None,
            )
        )
    lines.say(text)
