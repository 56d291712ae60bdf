"""Home Assistant as a program, on a configuration of its own."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import aiohttp

from home_assistant.network import Network
from home_assistant.program import Program

ROOT: Final = Path(__file__).parents[2]
ENVIRONMENT: Final = ROOT / ".venv-ha-next"
DOMAIN: Final = "oye"

# What the pages of the user interface want, and nothing that goes to the internet.
CONFIGURATION: Final = """\
homeassistant:
  name: Home
  latitude: 52.37
  longitude: 4.89
  elevation: 2
  unit_system: metric
  currency: EUR
  country: NL
  time_zone: Europe/Amsterdam
automation: !include automations.yaml
config:
energy:
frontend:
history:
input_number:
logbook:
recorder:
  commit_interval: 0
script:
system_health:
logger:
  default: info
"""
# The other steps set up services of the internet.
ONBOARDING: Final = {
    "version": 4,
    "minor_version": 1,
    "key": "onboarding",
    "data": {"done": ["core_config", "analytics", "integration"]},
}
_LOG_LINE: Final = re.compile(r"^\S+ \S+ (?P<level>[A-Z]+) \(", re.MULTILINE)
# Home Assistant says so of every integration that is not its own.
_SAID_OF_ALL: Final = "has not been tested by Home Assistant"


class Instance:
    """One Home Assistant; `folder` is its configuration."""

    def __init__(
        self,
        folder: Path,
        network: Network,
        *,
        host: str = "127.0.0.1",
        port: int,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.network = network
        self.port = port
        self.url = f"http://{host}:{port}"
        self._program = Program(
            # Nothing is fetched at run time; scripts/setup has brought what these pages need.
            [str(ENVIRONMENT / "bin/hass"), "--config", str(folder), "--skip-pip"],
            folder / "output",
            network,
            # SETUP_PORT is the port of an installation that has chosen none yet.
            {
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": str(folder),
                "PYTHONPATH": str(Path(__file__).parent / "without_voice"),
                "SETUP_PORT": str(port),
                **(environment or {}),
            },
        )

    def configure(self) -> None:
        """Write the files of a new installation, whose welcome asks for the first user alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        storage = self.folder / ".storage"
        storage.mkdir(exist_ok=True)
        (storage / "onboarding").write_text(json.dumps(ONBOARDING))
        (self.folder / "configuration.yaml").write_text(CONFIGURATION)
        (self.folder / "automations.yaml").write_text("[]\n")

    def link_integration(self) -> None:
        """Use the integration of this checkout as it is."""
        components = self.folder / "custom_components"
        components.mkdir(exist_ok=True)
        link = components / DOMAIN
        if not link.exists():
            link.symlink_to(ROOT / "custom_components" / DOMAIN, target_is_directory=True)

    async def start(self) -> None:
        """Start it, for the first time or again, and wait until it serves its pages."""
        self._program.start()
        async with aiohttp.ClientSession(connector=self.network.connector()) as session:

            async def answers() -> bool:
                try:
                    async with session.get(f"{self.url}/manifest.json") as response:
                        return response.status == 200  # noqa: PLR2004
                except aiohttp.ClientError:
                    return False

            await self._program.until(answers)

    async def stop(self) -> int:
        """End it; return its exit code."""
        return await self._program.stop()

    @property
    def log(self) -> str:
        """Everything that it said."""
        return self._program.output

    def complaints(self) -> list[str]:
        """Return each warning and error that is about OYE, with what stands below it."""
        starts = [*_LOG_LINE.finditer(self.log)]
        ends = [*(match.start() for match in starts[1:]), len(self.log)]
        return [
            entry
            for match, end in zip(starts, ends, strict=True)
            if match["level"] in ("WARNING", "ERROR", "CRITICAL")
            # The folder of a checkout may have our name too.
            and re.search(
                r"\boye", (entry := self.log[match.start() : end].strip()).replace(str(ROOT), "")
            )
            and _SAID_OF_ALL not in entry
        ]


def why_no_home_assistant() -> str | None:
    """Return why there is no Home Assistant to start; None when there is one."""
    if not (ENVIRONMENT / "bin/hass").exists():
        return f"there is no Home Assistant in {ENVIRONMENT.name} (scripts/setup makes it)"
    return None
