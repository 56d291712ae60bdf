"""What the proxy itself says, asked through the socket of ingress."""

from pathlib import Path
from typing import Any, Final

import aiohttp
import msgspec

from oye_proxy.ha_app.report import CsmsState

TIMEOUT: Final = 5.0


async def csms_state(socket: Path) -> CsmsState | None:
    """Return the CSMS that is in force; None when the proxy does not answer."""
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(str(socket)),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            ) as session,
            session.get("http://oye/api/config") as response,
        ):
            config = msgspec.json.decode(await response.read(), type=dict[str, Any])
        return CsmsState(config["targetCsmsUrl"], config["csmsForwardingEnabled"] == "true")
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError):
        return None
