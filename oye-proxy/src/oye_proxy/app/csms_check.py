"""Tries the address of a CSMS with a real handshake, and says in words what became of it."""

import asyncio
import secrets
import socket
import ssl
import time
from collections import deque
from typing import Final
from urllib.parse import quote

from oye_proxy.api.system_models import CsmsTestResult
from oye_proxy.errors import (
    CsmsLoopError,
    CsmsRefusedError,
    CsmsUnreachableError,
    InvalidRequestError,
    OwnAddressError,
    TooManyRequestsError,
)
from oye_proxy.ocppj.redaction import redact_url
from oye_proxy.ocppj.versions import SUBPROTOCOLS
from oye_proxy.state import State
from oye_proxy.transport import close_codes
from oye_proxy.transport.csms import CsmsDialer
from oye_proxy.transport.csms_link import CsmsLink
from oye_proxy.transport.ports import CsmsTarget, Hello

TESTS_A_MINUTE: Final = 10
HANG_UP_SECONDS: Final = 2.0

_MINUTE = 60.0


class CsmsCheck:
    """Dials on demand: one at a time, so many a minute."""

    def __init__(self, dialer: CsmsDialer, state: State) -> None:
        self._dialer = dialer
        self._state = state
        self._began: deque[float] = deque(maxlen=TESTS_A_MINUTE)
        self._busy = asyncio.Lock()

    async def __call__(self, url: str, charge_point_id: str | None) -> CsmsTestResult:
        """
        Shake hands and hang up; raise InvalidRequestError, TooManyRequestsError.

        An address that leads back to this proxy is an OwnAddressError, seen at once or at our
        own door.
        """
        address = await self._state.check_csms_url(url)
        self._admit()
        async with self._busy:
            return await self._dial(address, charge_point_id or f"OYE-TEST-{secrets.token_hex(4)}")

    def _admit(self) -> None:
        now = time.monotonic()
        if self._busy.locked():
            raise TooManyRequestsError("Another test of a CSMS is under way", 5.0)
        if len(self._began) == TESTS_A_MINUTE and now - self._began[0] < _MINUTE:
            left = self._began[0] + _MINUTE - now
            raise TooManyRequestsError("Too many tests of a CSMS; wait a minute", left)
        self._began.append(now)

    async def _dial(self, url: str, charge_point_id: str) -> CsmsTestResult:
        began = time.monotonic()
        status: int | None = None
        subprotocol: str | None = None
        hello = Hello(raw_id=_raw(charge_point_id), offered=tuple(SUBPROTOCOLS))
        try:
            link = await self._dialer.dial(CsmsTarget(url=url), hello)
        except CsmsRefusedError as error:
            status, message = error.status, _refusal(error.status)
        except CsmsLoopError:
            raise OwnAddressError from None
        except CsmsUnreachableError as error:
            message = f"The CSMS cannot be reached: {_reason(error)}"
        else:
            subprotocol = link.subprotocol
            message = (
                "The CSMS let the charger in but chose no version of OCPP"
                if subprotocol is None
                else f"The CSMS let the charger in and speaks {subprotocol}"
            )
            await _hang_up(link)
            status = 101
        return CsmsTestResult(
            reached=status is not None,
            accepted=status == 101,  # noqa: PLR2004 - switching protocols
            http_status=status,
            subprotocol=subprotocol,
            charge_point_id=charge_point_id,
            milliseconds=round((time.monotonic() - began) * 1000, 1),
            message=message,
        )


async def _hang_up(link: CsmsLink) -> None:
    """Close as OCPP-J wants it, and drop a connection that does not end."""
    link.start(_ignore, _ignore)
    link.close(close_codes.NORMAL, "")
    try:
        async with asyncio.timeout(HANG_UP_SECONDS):
            await link.wait_closed()
    except TimeoutError:
        link.abort()
        await link.wait_closed()


def _ignore(*_told: object) -> None:
    """Hear nothing: the charger of a test has nothing to say."""


def _raw(charge_point_id: str) -> str:
    try:
        return quote(charge_point_id, safe="")
    except UnicodeEncodeError:
        raise InvalidRequestError("chargePointId holds a character that is not allowed") from None


def _reason(error: CsmsUnreachableError) -> str:
    """Say why nothing came of it, for who does not know the words of the machine."""
    match error.__cause__:
        case ssl.SSLCertVerificationError() as cause:
            return f"its certificate is not trusted ({cause.verify_message})"
        case ssl.SSLError() as cause:
            return f"TLS failed ({cause.strerror}); perhaps its address begins with ws://"
        case socket.gaierror():
            return "nobody knows the name in the address"
        case ConnectionRefusedError():
            return "nothing listens at this address and port"
        case TimeoutError():
            return "there was no answer in time"
        case ConnectionResetError() | EOFError():
            return "it closed the connection during the handshake"
        case _:
            return redact_url(str(error))


def _refusal(status: int) -> str:
    """Say what a refusal probably means."""
    match status:
        case 401 | 403:
            reason = "it asks for credentials, or does not know this charger"
        case 404:
            reason = "it does not know this charger, or the path of the address is another"
        case 502:
            reason = "it sends chargers to another server"
        case _:
            reason = "it gave no reason"
    return f"The CSMS is there and refused the charger with HTTP {status}: {reason}"
