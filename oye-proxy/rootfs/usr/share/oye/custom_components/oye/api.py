"""The proxy's REST API and live stream; knows nothing of Home Assistant."""

import base64
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, Self
from urllib.parse import quote

import aiohttp
from yarl import URL

from .models import CommandResult, Proxy, SessionPage, State
from .parsing_base import InvalidAnswerError
from .parsing_command import parse_command_result
from .parsing_live import parse_proxy, parse_state
from .parsing_session import parse_sessions

READ_TIMEOUT: Final = 10.0
COMMAND_WAIT: Final = 30.0
# What a charger keeps for good is sent to it once a minute at most.
LASTING_WAIT: Final = 90.0
MARGIN: Final = 5.0
HEARTBEAT: Final = 30
# Whoever leaves the stream wants a new one now, and does not wait for a goodbye.
CLOSE_AT_ONCE: Final = aiohttp.ClientWSTimeout(ws_close=0)
LARGEST_MESSAGE: Final = 16 * 1024 * 1024
TOKEN_NAME: Final = "Home Assistant"  # noqa: S105 - a name
# What everything between us and the proxy leaves as it is.
PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:")


class OyeError(Exception):
    """The proxy did not do what was asked; the text is a sentence."""


class OyeConnectionError(OyeError):
    """The proxy cannot be reached."""


class OyeSslError(OyeConnectionError):
    """The proxy's certificate is not trusted, or it does not speak TLS."""


class OyeAnswerError(OyeConnectionError):
    """What answers is not OYE, or cannot be understood."""


class OyeAuthenticationError(OyeError):
    """The token, or the user and password, are not in force."""


class OyeRequestError(OyeError):
    """The proxy refused a request: act on `code`, never on the text."""

    def __init__(self, status: int, code: str, text: str, params: Mapping[str, Any]) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.params = params


class OyeClient:
    """Speaks to one proxy; `url` has no trailing slash and may have a path."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    @classmethod
    def signed_in(
        cls, session: aiohttp.ClientSession, url: str, username: str, password: str
    ) -> Self:
        """Return a client that speaks for a user, to get a token."""
        client = cls(session, url, "")
        encoded = base64.b64encode(f"{username}:{password}".encode()).decode()
        client._headers = {"Authorization": f"Basic {encoded}"}
        return client

    async def info(self) -> Proxy:
        """Return who the proxy is."""
        return parse_answer(parse_proxy, await self._request("GET", "/api/info"))

    async def state(self, previous: State | None = None) -> State:
        """Return everything that is live; what equals `previous` is the same object."""
        answer = await self._request("GET", "/api/state")
        return parse_answer(lambda data: parse_state(data, previous), answer)

    async def check_control(self) -> None:
        """Raise OyeRequestError `not_permitted` when the token may not command chargers."""
        try:
            # No charger has an empty id: this is refused in any case, and reaches nobody.
            await self._request("POST", "/api/chargers/~/stop", body={})
        except OyeRequestError as error:
            if error.status == HTTPStatus.FORBIDDEN:
                raise

    async def create_token(self) -> str:
        """Return a new API token with the scope that we need."""
        body = {"name": TOKEN_NAME, "scope": "control"}
        answer = await self._request("POST", "/api/tokens", body=body)
        match answer:
            case {"token": str(token)} if token:
                return token
            case _:
                raise OyeAnswerError("the answer has no token")

    async def command(
        self,
        charge_point_id: str,
        intent: str,
        body: Mapping[str, Any] | None = None,
        *,
        wait: float | None = COMMAND_WAIT,
    ) -> CommandResult:
        """Send a command to a charger and return what became of it within `wait` seconds."""
        path = f"/api/chargers/{path_segment(charge_point_id)}/{intent}"
        return await self._command(path, body or {}, wait)

    async def inject(
        self,
        charge_point_id: str,
        action: str,
        payload: Mapping[str, Any],
        *,
        wait: float | None = COMMAND_WAIT,
    ) -> CommandResult:
        """Send any OCPP call to a charger and return what became of it within `wait` seconds."""
        path = f"/api/inject/{path_segment(charge_point_id)}"
        return await self._command(path, {"action": action, "payload": payload}, wait)

    async def transactions(self, **query: str | int) -> SessionPage:
        """Return recorded transactions; the query's names are those of the API."""
        answer = await self._request("GET", "/api/transactions", query=query)
        return parse_answer(parse_sessions, answer)

    async def live(self) -> AsyncGenerator[dict[str, Any]]:
        """Yield the messages of the live stream until it ends; the first is a snapshot."""
        try:
            async with self._session.ws_connect(
                f"{self._url}/api/live",
                headers=self._headers,
                heartbeat=HEARTBEAT,
                timeout=CLOSE_AT_ONCE,
                max_msg_size=LARGEST_MESSAGE,
            ) as socket:
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        yield _object(message.data)
        except aiohttp.WSServerHandshakeError as error:
            if error.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                raise OyeAuthenticationError("the token is not in force") from error
            raise OyeAnswerError(f"HTTP {error.status}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unreachable(error) from error

    async def _command(
        self, path: str, body: Mapping[str, Any], wait: float | None
    ) -> CommandResult:
        answer = await self._request(
            "POST",
            path,
            body=body,
            query={} if wait is None else {"wait": f"{wait:g}"},
            timeout=READ_TIMEOUT if wait is None else wait + MARGIN,
        )
        return parse_answer(parse_command_result, answer)

    async def _request(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str | int] | None = None,
        timeout: float = READ_TIMEOUT,  # noqa: ASYNC109 - aiohttp's own
    ) -> dict[str, Any]:
        url = URL(f"{self._url}{path}", encoded=True).with_query(query or {})
        try:
            async with self._session.request(
                method,
                url,
                json=body,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=timeout),
                allow_redirects=False,
            ) as response:
                text = await response.text()
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unreachable(error) from error
        except (ValueError, LookupError) as error:
            raise OyeAnswerError("the answer is no text") from error
        if status != HTTPStatus.OK:
            raise _refusal(status, text)
        return _object(text)


def path_segment(charge_point_id: str) -> str:
    """Return the part of a path that names a charger, in a form that nothing on the way changes."""
    plain = PLAIN.issuperset(charge_point_id) and not set(charge_point_id) <= {"."}
    if plain:
        return quote(charge_point_id, safe="")
    encoded = base64.urlsafe_b64encode(charge_point_id.encode()).decode()
    return "~" + encoded.rstrip("=")


def parse_answer[T](parse: Callable[[Any], T], data: Any) -> T:
    """Parse what the proxy said; raise OyeAnswerError when it is not to be understood."""
    try:
        return parse(data)
    except InvalidAnswerError as error:
        raise OyeAnswerError(str(error)) from error


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise OyeAnswerError("the answer is no JSON") from error
    if not isinstance(data, dict):
        raise OyeAnswerError("the answer is no JSON object")
    return data


def _refusal(status: int, text: str) -> OyeError:
    """Return the error of an answer that is not 200; only OYE's own failures have a code."""
    if status == HTTPStatus.UNAUTHORIZED:
        return OyeAuthenticationError("the credentials are not in force")
    try:
        problem = _object(text)
    except OyeAnswerError:
        problem = {}
    match problem:
        case {"error": str(sentence), "code": str(code)}:
            params = {key: one for key, one in problem.items() if key not in ("error", "code")}
            return OyeRequestError(status, code, sentence, params)
        case _:
            # A reverse proxy says 502 to 504 when nobody is behind it.
            away = status >= HTTPStatus.INTERNAL_SERVER_ERROR
            return (OyeConnectionError if away else OyeAnswerError)(f"HTTP {status}")


def _unreachable(error: Exception) -> OyeConnectionError:
    kind = OyeSslError if isinstance(error, aiohttp.ClientSSLError) else OyeConnectionError
    return kind(str(error) or type(error).__name__)
