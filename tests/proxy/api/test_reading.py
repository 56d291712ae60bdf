"""Bodies that are no JSON, or not the JSON that was asked for."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proxy.api.conftest import ADMIN, Api, basic

from oye_proxy.api.models import InjectRequest
from oye_proxy.api.reading import decode
from oye_proxy.errors import InvalidRequestError


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "Object missing required field `action`"),
        (b"{", "The request is not valid JSON"),
        (b"action=Reset", "The request is not valid JSON"),
        (b'{"action": NaN}', "The request is not valid JSON"),
        (b'{"action": "Reset", "payload": {"a": Infinity}}', "The request is not valid JSON"),
        (b'{"action": "\xff"}', "The request is not valid JSON"),
        (b'{"action": "Reset"} {}', "The request is not valid JSON"),
        (b"[" * 100_000, "expected `object`, got `array`"),
        (b'{"action": "a", "payload": ' + b'{"a":' * 100_000, "The request is not valid JSON"),
        (b"[]", "Expected `object`, got `array`"),
        (b"null", "Expected `object`, got `null`"),
        (b'{"action": 7}', "action: expected `str`, got `int`"),
        (b'{"action": "a", "x": 1}', "Object contains unknown field `x`"),
    ],
)
async def test_a_body_that_cannot_be_used_is_400_with_a_sentence(
    api: Api, body: bytes, sentence: str
) -> None:
    async with api.session.post(
        f"{api.url}/api/inject/CP1", data=body, headers=basic(*ADMIN)
    ) as response:
        answer = await response.json()

        assert 400 == response.status
    assert ("invalid_request", sentence.lower()) == (answer["code"], answer["error"].lower())


@given(st.binary())
def test_any_bytes_are_a_request_or_an_error(data: bytes) -> None:
    with contextlib.suppress(InvalidRequestError):
        assert isinstance(decode(data, InjectRequest), InjectRequest)
