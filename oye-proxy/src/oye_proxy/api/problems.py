"""
Errors as HTTP: `{"error": "<sentence>", "code": "<slug>"}` with a status, and nothing else.

The code is the class's name in snake case without `Error`; it is stable and what clients act on.
"""

import logging
import math
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import hdrs, web
from msgspec import UNSET, Struct, UnsetType

from oye_proxy.errors import (
    ChargerNotConnectedError,
    ChargerUnknownError,
    ConfirmationRequiredError,
    ConflictError,
    InjectionAbortedError,
    InjectionError,
    InjectionRejectedError,
    InjectionTimeoutError,
    InvalidRequestError,
    MailError,
    NotAuthenticatedError,
    NotPermittedError,
    OyeError,
    StorageError,
    TooManyRequestsError,
)

CONSOLE_HEADER = "X-OYE-Console"
CHALLENGE = 'Basic realm="OCPP Proxy"'

# The first class that fits decides; an OyeError that is not named here is a bug of ours.
STATUSES: dict[type[OyeError], HTTPStatus] = {
    InvalidRequestError: HTTPStatus.BAD_REQUEST,
    NotAuthenticatedError: HTTPStatus.UNAUTHORIZED,
    NotPermittedError: HTTPStatus.FORBIDDEN,
    ChargerUnknownError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    InjectionRejectedError: HTTPStatus.BAD_GATEWAY,
    MailError: HTTPStatus.BAD_GATEWAY,
    ChargerNotConnectedError: HTTPStatus.SERVICE_UNAVAILABLE,
    InjectionAbortedError: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
    InjectionTimeoutError: HTTPStatus.GATEWAY_TIMEOUT,
}

# What HTTP itself refuses; other statuses take their name from the standard.
_SENTENCES = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method",
    HTTPStatus.REQUEST_TIMEOUT: "The request body did not come in time",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request body is too large",
    HTTPStatus.UPGRADE_REQUIRED: "This address is a WebSocket",
}
_CODES = {
    HTTPStatus.BAD_REQUEST: "invalid_request",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "payload_too_large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error",
}

_logger = logging.getLogger(__name__)


class Problem(Struct, frozen=True, kw_only=True, rename="camel"):
    """
    Why a request failed: a sentence for a person, and a stable code to act on.

    `messageId` names the injection that failed; `errorCode`, `description` and `details` are those
    of the charger's CALLERROR; `guard` (`lockout`, `danger`) says what `confirm` is needed for;
    `retryAfter` is in seconds.
    """

    error: str
    code: str
    message_id: str | UnsetType = UNSET
    error_code: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    details: Any = UNSET
    guard: str | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET


def code_of(error: type[Exception]) -> str:
    """Return the slug of an error class: `ChargerUnknownError` → `charger_unknown`."""
    name = error.__name__.removesuffix("Error")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def status_of(error: OyeError) -> HTTPStatus | None:
    """Return the status of an error; None when no caller can cause it."""
    return next((status for cls, status in STATUSES.items() if isinstance(error, cls)), None)


def problem_response(
    status: HTTPStatus, problem: Problem, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Make the answer of a failed request."""
    return web.Response(
        status=status,
        body=msgspec.json.encode(problem),
        headers=headers,
        content_type="application/json",
    )


def respond(error: Exception, request: web.Request) -> web.Response:
    """Turn whatever a handler raised into its answer; log it when it is a bug."""
    if isinstance(error, web.HTTPException):
        return _from_http(error)
    status = status_of(error) if isinstance(error, OyeError) else None
    if status is None or not isinstance(error, OyeError):
        _logger.error("%s %s failed", request.method, request.path, exc_info=error)
        return http_problem(HTTPStatus.INTERNAL_SERVER_ERROR)
    return problem_response(status, _describe(error), _headers(error, request))


def http_problem(
    status: HTTPStatus, sentence: str | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Make the answer for what HTTP itself refuses."""
    code = _CODES.get(status, status.name.lower())
    text = sentence or _SENTENCES.get(status, status.phrase)
    return problem_response(status, Problem(error=text, code=code), headers)


def _from_http(error: web.HTTPException) -> web.Response:
    kept = {"Allow": error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else None
    return http_problem(HTTPStatus(error.status), headers=kept)


def _describe(error: OyeError) -> Problem:
    problem = Problem(error=str(error), code=code_of(type(error)))
    match error:
        case InjectionRejectedError():
            return msgspec.structs.replace(
                problem,
                message_id=error.message_id,
                error_code=error.error_code,
                description=error.description,
                details=error.details,
            )
        case InjectionError():
            return msgspec.structs.replace(problem, message_id=error.message_id)
        case ConfirmationRequiredError():
            return msgspec.structs.replace(problem, guard=error.guard)
        case TooManyRequestsError():
            return msgspec.structs.replace(problem, retry_after=math.ceil(error.retry_after))
        case _:
            return problem


def _headers(error: OyeError, request: web.Request) -> dict[str, str]:
    if isinstance(error, TooManyRequestsError):
        return {hdrs.RETRY_AFTER: str(math.ceil(error.retry_after))}
    # Only who sent no credentials is asked for them; the console has its own login.
    unasked = hdrs.AUTHORIZATION not in request.headers and CONSOLE_HEADER not in request.headers
    if isinstance(error, NotAuthenticatedError) and unasked:
        return {hdrs.WWW_AUTHENTICATE: CHALLENGE}
    return {}
