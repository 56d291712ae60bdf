"""What the fake proxy reads from a request, and how it refuses one."""

import base64
import json
from typing import Any

from aiohttp import web
from tests.integration.contract import ContractError, check_request

STATUS_OF_CODE = {
    "invalid_request": 400,
    "invalid_payload": 400,
    "not_authenticated": 401,
    "not_permitted": 403,
    "charger_unknown": 404,
    "not_found": 404,
    "charger_not_accepted": 409,
    "charger_read_only": 409,
    "confirmation_required": 409,
    "conflict": 409,
    "not_supported": 409,
    "too_many_requests": 429,
    "injection_rejected": 502,
    "charger_not_connected": 503,
    "injection_aborted": 503,
    "storage": 503,
    "injection_timeout": 504,
}

type Json = dict[str, Any]


class ProblemError(Exception):
    """The API's answer when it does not do what it was asked."""

    def __init__(self, code: str, **members: Any) -> None:
        super().__init__(code)
        self.status = STATUS_OF_CODE[code]
        self.body = {"error": f"The fake proxy says {code}", "code": code, **members}


def template(request: web.Request) -> str:
    """Return the request's path as docs/openapi.json names it."""
    resource = request.match_info.route.resource
    assert resource is not None
    return resource.canonical


async def body_of(request: web.Request) -> Json:
    """Return the request's body, which the real proxy would take."""
    text = await request.text()
    try:
        body = json.loads(text or "{}")
    except ValueError as error:
        raise ProblemError("invalid_request", description=str(error)) from error
    check_against_contract(request, body)
    return body  # type: ignore[no-any-return]  # the contract says that it is an object


def check_against_contract(request: web.Request, body: Any) -> None:
    """Raise ProblemError for what the real proxy would refuse."""
    try:
        check_request(request.method, template(request), request.query, body)
    except ContractError as error:
        raise ProblemError("invalid_request", description=str(error)) from error


def decode_charge_point_id(part: str) -> str:
    """Return the id that a part of a path stands for; percents are decoded already."""
    if not part.startswith("~"):
        return part
    return base64.urlsafe_b64decode(part[1:] + "=" * (-len(part[1:]) % 4)).decode()
