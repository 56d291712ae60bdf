import base64

import pytest
from argon2 import PasswordHasher

from oye_proxy.ocppj.frames import MessageId, build_call, build_result
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import Secret
from oye_proxy.transport.credentials import (
    CredentialChecker,
    LearnedKey,
    canonical,
    learned_key,
    parse_basic,
)

V1_6, V2_0_1 = OcppVersion.V1_6, OcppVersion.V2_0_1
KEY = bytes(range(20))


def basic(user: bytes, password: bytes) -> str:
    return "Basic " + base64.b64encode(user + b":" + password).decode()


@pytest.fixture
def checker() -> CredentialChecker:
    return CredentialChecker(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def test_basic_is_split_at_the_first_colon_as_bytes() -> None:
    credentials = parse_basic("bAsIc " + base64.b64encode(b"CP:1:\xff\x00:").decode())

    assert credentials is not None
    assert (b"CP", b"1:\xff\x00:") == (credentials.user, credentials.password)
    assert "BasicCredentials(***)" == repr(credentials)


@pytest.mark.parametrize(
    "header", [None, "", "Basic", "Basic !!!", "Basic Q1A=", "Bearer Q1A6eA==", "Basic é"]
)
def test_anything_else_is_no_basic_header(header: str | None) -> None:
    assert parse_basic(header) is None


@pytest.mark.parametrize(
    ("password", "version", "expected"),
    [
        (KEY, V1_6, KEY),
        (KEY[:16], V1_6, KEY[:16]),
        (KEY.hex().encode(), V1_6, KEY),
        (KEY.hex().upper().encode(), V1_6, KEY),
        (KEY[:15], V1_6, None),
        (KEY + b"x", V1_6, None),
        (42 * b"a", V1_6, None),
        (KEY.hex().encode(), V2_0_1, KEY.hex().encode()),
        (16 * "é".encode(), V2_0_1, 16 * "é".encode()),
        (b"too short", V2_0_1, None),
        (41 * b"x", V2_0_1, None),
        (16 * b"\xff", V2_0_1, None),
    ],
)
def test_the_length_rules_of_each_version(
    password: bytes, version: OcppVersion, expected: bytes | None
) -> None:
    """SW A00.FR.205 and J16 6.2.2 for 1.6, P2 A00.FR.205 for 2.x."""
    assert expected == canonical(password, version)


async def test_the_right_password_is_found_among_several(checker: CredentialChecker) -> None:
    old = await checker.hash(KEY, V1_6)
    new = await checker.hash(KEY[::-1], V1_6)

    for password in (KEY[::-1], KEY[::-1].hex().encode()):
        assert new == await checker.check(basic(b"CP1", password), "CP1", V1_6, [old, new])


async def test_everything_else_is_refused(checker: CredentialChecker) -> None:
    """A00.FR.204: the user is the charger's id."""
    known = [await checker.hash(KEY, V1_6)]
    nobody: list[str] = []
    attempts = [
        (None, known),
        ("Bearer x", known),
        (basic(b"CP2", KEY), known),
        (basic(b"CP1", KEY[::-1]), known),
        (basic(b"CP1", b"nobody"), nobody),
        (basic(b"CP1", KEY), nobody),
        (basic(b"CP1", KEY), ["not a hash"]),
    ]

    assert [None] * len(attempts) == [
        await checker.check(header, "CP1", V1_6, hashes) for header, hashes in attempts
    ]


async def test_a_password_of_the_wrong_length_is_not_stored(checker: CredentialChecker) -> None:
    with pytest.raises(ValueError, match="16 to 20 bytes"):
        await checker.hash(b"short", V1_6)


def change(key: str, status: str) -> LearnedKey | None:
    call = build_call("1", "ChangeConfiguration", {"key": key, "value": "0123456789abcdef" * 2})
    return learned_key(build_result(MessageId.of("1"), {"status": status}), call)


@pytest.mark.parametrize(("status", "both"), [("Accepted", False), ("RebootRequired", True)])
def test_a_rotated_key_of_1_6_is_learned(status: str, *, both: bool) -> None:
    """A01.FR.03: switch on Accepted; accept both until the new one is seen after a reboot."""
    learned = change("AuthorizationKey", status)

    assert LearnedKey(Secret("0123456789abcdef" * 2), both=both) == learned


@pytest.mark.parametrize(
    ("key", "status"),
    [("AuthorizationKey", "Rejected"), ("AuthorizationKey", "NotSupported"), ("Url", "Accepted")],
)
def test_else_the_old_key_counts(key: str, status: str) -> None:
    """A01.FR.04."""
    assert change(key, status) is None


def test_a_rotated_password_of_2_x_is_learned_among_other_variables() -> None:
    other = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
    password = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
    call = build_call(
        "1",
        "SetVariables",
        {
            "setVariableData": [
                {**other, "attributeValue": "300"},
                {**password, "attributeValue": "a-new-password-1"},
            ]
        },
    )
    results = [
        {**other, "attributeStatus": "Rejected"},
        {**password, "attributeStatus": "Accepted"},
    ]
    answer = build_result(MessageId.of("1"), {"setVariableResult": results})

    assert LearnedKey(Secret("a-new-password-1"), both=False) == learned_key(answer, call)


@pytest.mark.parametrize("payload", [{}, {"setVariableData": 1}, {"setVariableData": [1]}, [], 1])
def test_odd_payloads_teach_nothing(payload: object) -> None:
    for action in ("SetVariables", "ChangeConfiguration", "Reset"):
        call = build_call("1", action, payload)

        assert learned_key(build_result(MessageId.of("1"), payload), call) is None
