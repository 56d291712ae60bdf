"""The proxy's REST API and live stream."""

import json
from collections.abc import AsyncGenerator, Callable
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from .models import InvalidAnswerError, Proxy, State, parse_proxy, parse_state

READ_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
HEARTBEAT: Final = 30
LARGEST_MESSAGE: Final = 16 * 1024 * 1024


class OyeError(Exception):
    """The proxy did not do what was asked."""


class OyeConnectionError(OyeError):
    """The proxy cannot be reached, or its answer cannot be understood."""


class OyeAuthenticationError(OyeError):
    """The token is not in force."""


class OyeClient:
    """Speaks to one proxy; `url` has no trailing slash."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    async def info(self) -> Proxy:
        """Return who the proxy is."""
        return parse_answer(parse_proxy, await self._get("/api/info"))

    async def state(self) -> State:
        """Return everything that is live."""
        return parse_answer(parse_state, await self._get("/api/state"))

    async def live(self) -> AsyncGenerator[dict[str, Any]]:
        """Yield the messages of the live stream until it ends; the first is a snapshot."""
        try:
            async with self._session.ws_connect(
                f"{self._url}/api/live",
                headers=self._headers,
                heartbeat=HEARTBEAT,
                max_msg_size=LARGEST_MESSAGE,
            ) as socket:
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        yield _object(message.data)
        except aiohttp.WSServerHandshakeError as error:
            raise _refusal(error.status) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OyeConnectionError(str(error) or type(error).__name__) from error

    async def _get(self, path: str) -> Any:
        try:
            async with self._session.get(
                f"{self._url}{path}", headers=self._headers, timeout=READ_TIMEOUT
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise _refusal(response.status)
                return _object(await response.text())
        except (aiohttp.ClientError, TimeoutError, UnicodeError) as error:
            raise OyeConnectionError(str(error) or type(error).__name__) from error


def parse_answer[T](parse: Callable[[Any], T], data: Any) -> T:
    """Parse what the proxy said; raise OyeConnectionError when it is not to be understood."""
    try:
        return parse(data)
    except InvalidAnswerError as error:
        raise OyeConnectionError(str(error)) from error


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise OyeConnectionError("the answer is no JSON") from error
    if not isinstance(data, dict):
        raise OyeConnectionError("the answer is no JSON object")
    return data


def _refusal(status: int) -> OyeError:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return OyeAuthenticationError(f"HTTP {status}")
    return OyeConnectionError(f"HTTP {status}")
