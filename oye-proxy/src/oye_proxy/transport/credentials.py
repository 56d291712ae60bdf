"""
A charger's password, checked by the proxy itself (SW 2.3, J16 6.2, P2 A00 and A01).

1.6 chargers have a key of 16 to 20 bytes, written as hexadecimal digits in `AuthorizationKey`
(SW A00.FR.205, J16 6.2.2); some send the digits instead of the bytes. 2.x chargers have a password
of 16 to 40 characters (A00.FR.205).
"""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Sequence
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from oye_proxy.ocppj.frames import Call, CallResult
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import Secret

WWW_AUTHENTICATE = 'Basic realm="OCPP"'
PARALLEL_CHECKS = 4

_KEY_BYTES = range(16, 21)
_PASSWORD_CHARACTERS = range(16, 41)
_SCHEME = "basic "


class BasicCredentials(Struct, frozen=True):
    """What an `Authorization: Basic` header says, as bytes: passwords need not be UTF-8."""

    user: bytes
    password: bytes

    def __repr__(self) -> str:
        return "BasicCredentials(***)"


class LearnedKey(Struct, frozen=True):
    """A charger took a new password; the old one counts until the new one is seen if `both`."""

    secret: Secret
    both: bool


class CredentialChecker:
    """Checks passwords against argon2id hashes, off the loop and only a few at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._turn = asyncio.Semaphore(PARALLEL_CHECKS)
        # Compared when a charger has no password, so that this takes as long as a wrong one.
        self._nobody = self._hasher.hash(b"nobody")

    async def hash(self, password: bytes, version: OcppVersion) -> str:
        """Return the hash to store; raise ValueError when the password breaks the length rules."""
        secret = canonical(password, version)
        if secret is None:
            raise ValueError("1.6 keys have 16 to 20 bytes, 2.x passwords 16 to 40 characters")
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, secret)

    async def check(
        self,
        header: str | None,
        charge_point_id: str,
        version: OcppVersion,
        hashes: Sequence[str],
    ) -> str | None:
        """Return the hash that the header's password matches; None when it is not this charger."""
        credentials = parse_basic(header)
        if credentials is None:
            return None
        secret = canonical(credentials.password, version)
        matched = None
        async with self._turn:
            for candidate in hashes or [self._nobody]:
                if await asyncio.to_thread(self._verify, candidate, secret or b""):
                    matched = candidate
        # A00.FR.204: the user is the charger's id.
        same_user = hmac.compare_digest(credentials.user, charge_point_id.encode())
        return matched if same_user and secret is not None and matched in hashes else None

    def _verify(self, candidate: str, secret: bytes) -> bool:
        try:
            return self._hasher.verify(candidate, secret)
        except (VerificationError, InvalidHashError):
            return False


def parse_basic(header: str | None) -> BasicCredentials | None:
    """Read an `Authorization: Basic` header, split at the first colon; None when it is none."""
    if header is None or header[: len(_SCHEME)].lower() != _SCHEME:
        return None
    try:
        decoded = base64.b64decode(header[len(_SCHEME) :].strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    user, colon, password = decoded.partition(b":")
    return BasicCredentials(user, password) if colon else None


def canonical(password: bytes, version: OcppVersion) -> bytes | None:
    """Return the bytes that count, None when the password breaks the length rules."""
    if not version.is_1_6:
        try:
            return password if len(password.decode()) in _PASSWORD_CHARACTERS else None
        except UnicodeDecodeError:
            return None
    if len(password) in _KEY_BYTES:
        return password
    try:
        key = binascii.unhexlify(password)
    except binascii.Error:
        return None
    return key if len(key) in _KEY_BYTES else None


def learned_key(answer: CallResult, call: Call) -> LearnedKey | None:
    """
    Tell whether this exchange gave the charger a new password (A01.FR.03, A01.FR.04).

    A key is staged by the CALL and counts from `Accepted` on; with `RebootRequired` both do.
    """
    if call.action == "ChangeConfiguration":
        staged, status = _changed_configuration(call.payload, answer.payload)
    elif call.action == "SetVariables":
        staged, status = _set_variable(call.payload, answer.payload)
    else:
        return None
    if not isinstance(staged, str) or status not in {"Accepted", "RebootRequired"}:
        return None
    return LearnedKey(Secret(staged), both=status == "RebootRequired")


def _changed_configuration(request: Any, answer: Any) -> tuple[Any, Any]:
    if _of(request, "key") != "AuthorizationKey":
        return None, None
    return _of(request, "value"), _of(answer, "status")


def _set_variable(request: Any, answer: Any) -> tuple[Any, Any]:
    staged = next(
        (_of(one, "attributeValue") for one in _list(request, "setVariableData") if _is_key(one)),
        None,
    )
    status = next(
        (_of(one, "attributeStatus") for one in _list(answer, "setVariableResult") if _is_key(one)),
        None,
    )
    return staged, status


def _is_key(one: Any) -> bool:
    names = _of(_of(one, "component"), "name"), _of(_of(one, "variable"), "name")
    return names == ("SecurityCtrlr", "BasicAuthPassword")


def _of(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: Any, key: str) -> list[Any]:
    found = _of(value, key)
    return found if isinstance(found, list) else []
