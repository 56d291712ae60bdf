"""Query strings and bodies into models; what is wrong becomes a sentence that names it."""

import asyncio
import re
from typing import Final, TypeVar

import msgspec
from aiohttp import web
from msgspec import Struct

from oye_proxy.errors import InvalidRequestError

BODY_SECONDS: Final = 30.0

_Model = TypeVar("_Model", bound=Struct)
_PLACE = re.compile(r"(?P<what>.*) - at `\$\.?(?P<where>.*)`", re.DOTALL)


async def read_body(request: web.Request, model: type[_Model]) -> _Model:
    """Read the JSON body; no body at all reads as `{}`."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except web.RequestPayloadError:
        raise InvalidRequestError("The request body cannot be read") from None
    return decode(body or b"{}", model)


def read_query(request: web.Request, model: type[_Model]) -> _Model:
    """Read the query string; an empty value counts as none."""
    query = request.rel_url.query
    twice = next((name for name in query if len(query.getall(name)) > 1), None)
    if twice is not None:
        raise InvalidRequestError(f"{twice}: given more than once")
    bad = next((name for name, value in query.items() if "\0" in value), None)
    if bad is not None:
        raise InvalidRequestError(f"{bad}: holds a character that is not allowed")
    given = {name: value for name, value in query.items() if value}
    try:
        return msgspec.convert(given, model, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidRequestError(_sentence(str(error))) from None


def decode(data: bytes, model: type[_Model]) -> _Model:
    """Read JSON into a model or raise InvalidRequestError."""
    try:
        return msgspec.json.decode(data, type=model)
    except msgspec.ValidationError as error:
        raise InvalidRequestError(_sentence(str(error))) from None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        # The message of the parser is left out: it may quote what was sent.
        raise InvalidRequestError("The request is not valid JSON") from None


def _sentence(message: str) -> str:
    """Turn msgspec's message around: the place first."""
    found = _PLACE.fullmatch(message)
    if found is None or not found["where"]:
        return message if found is None else found["what"]
    what = found["what"]
    return f"{found['where']}: {what[:1].lower()}{what[1:]}"
