"""
Telling Home Assistant how its integration reaches the proxy.

Supervisor keeps the message under one uuid, and gives it to Core again at each of Core's starts. It
passes the same payload on only once, so the payload holds everything whose change must arrive:
address, token, and the version.
"""

import asyncio
import hashlib
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from oye_proxy.errors import StorageError
from oye_proxy.ha_app.files import PRIVATE, Owner, write_file
from oye_proxy.ha_app.home_assistant import HomeAssistant
from oye_proxy.ha_app.paths import Paths
from oye_proxy.ha_app.proxy_secrets import read_proxy_secrets

SERVICE: Final = "oye"
PORT: Final = 8098
API_VERSION: Final = 1


class Payload(Struct, frozen=True, kw_only=True):
    """What the integration gets."""

    host: str
    port: int
    token: str
    instance_id: str
    api_version: int
    version: str


class Announced(Struct, frozen=True):
    """What was announced in this start, without its token."""

    digest: str
    uuid: str


class Announcer:
    """Announces the app, and again when something of it changed."""

    def __init__(
        self, home_assistant: HomeAssistant, paths: Paths, owner: Owner, version: str
    ) -> None:
        self._home_assistant = home_assistant
        self._paths = paths
        self._owner = owner
        self._version = version
        self._hostname: str | None = None

    async def announce(self) -> bool:
        """
        Announce what was not announced yet; return whether there was something.

        Raise SupervisorError, or StorageError when the proxy has no token for us yet.
        """
        payload = await self._payload()
        digest = hashlib.sha256(msgspec.json.encode(payload)).hexdigest()
        before = await asyncio.to_thread(_read, self._paths.announced)
        if before is not None and before.digest == digest:
            return False
        uuid = await self._home_assistant.announce(SERVICE, msgspec.to_builtins(payload))
        now = msgspec.json.encode(Announced(digest, uuid))
        await asyncio.to_thread(write_file, self._paths.announced, now, PRIVATE)
        return True

    async def _payload(self) -> Payload:
        secrets = await asyncio.to_thread(read_proxy_secrets, self._paths.proxy_data, self._owner)
        if secrets.integration_token is None:
            raise StorageError("the proxy has made no token for the integration yet")
        if self._hostname is None:
            self._hostname = (await self._home_assistant.app_info()).hostname
        return Payload(
            host=self._hostname,
            port=PORT,
            token=secrets.integration_token,
            instance_id=secrets.instance_id,
            api_version=API_VERSION,
            version=self._version,
        )


def _read(path: Path) -> Announced | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Announced)
    except (OSError, ValueError):
        return None
