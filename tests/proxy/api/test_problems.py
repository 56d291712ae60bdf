"""Each error has one status and one code."""

import inspect

import pytest
from aiohttp.test_utils import make_mocked_request
from msgspec.json import decode

from oye_proxy import errors
from oye_proxy.api.problems import STATUSES, code_of, respond

# What no caller can cause: these are answered 500.
NEVER_THE_CALLERS = {
    "AccessError",
    "AdmissionError",
    "CertificateError",
    "CsmsRefusedError",
    "CsmsLoopError",
    "CsmsUnreachableError",
    "FrameError",
    "InjectionError",
    "OyeError",
    "RewriteError",
    "SettingsError",
    "SupervisorError",
    "TransportError",
}
CASES: list[tuple[Exception, int, dict[str, object]]] = [
    (
        errors.ChargerNotConnectedError(),
        503,
        {"error": "Charger not connected", "code": "charger_not_connected"},
    ),
    (
        errors.TooManyRequestsError("Slower", 1.2),
        429,
        {"error": "Slower", "code": "too_many_requests", "retryAfter": 2},
    ),
    (
        errors.ConfirmationRequiredError("Sure?", "danger"),
        409,
        {"error": "Sure?", "code": "confirmation_required", "guard": "danger"},
    ),
    (
        errors.InjectionRejectedError("m-1", "NotSupported", "no", {"a": 1}),
        502,
        {
            "error": "NotSupported: no",
            "code": "injection_rejected",
            "messageId": "m-1",
            "errorCode": "NotSupported",
            "description": "no",
            "details": {"a": 1},
        },
    ),
    (
        errors.InjectionTimeoutError("Late", "m-1"),
        504,
        {"error": "Late", "code": "injection_timeout", "messageId": "m-1"},
    ),
    (
        errors.InjectionAbortedError("Gone", "m-1"),
        503,
        {"error": "Gone", "code": "injection_aborted", "messageId": "m-1"},
    ),
    (errors.ChargerReadOnlyError("No"), 409, {"error": "No", "code": "charger_read_only"}),
    (errors.StorageError("Full"), 503, {"error": "Full", "code": "storage"}),
]


@pytest.mark.parametrize(("error", "status", "body"), CASES, ids=lambda case: str(case)[:30])
def test_an_error_becomes_its_status_and_body(
    error: Exception, status: int, body: dict[str, object]
) -> None:
    response = respond(error, make_mocked_request("GET", "/"))

    assert isinstance(response.body, bytes)
    assert (status, body) == (response.status, decode(response.body))


def test_retry_after_is_a_header_too() -> None:
    response = respond(errors.TooManyRequestsError("Slower", 1.2), make_mocked_request("GET", "/"))

    assert "2" == response.headers["Retry-After"]


def test_every_error_a_caller_can_cause_has_a_status() -> None:
    classes = [
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.OyeError)
    ]
    without = {
        cls.__name__ for cls in classes if not any(issubclass(cls, known) for known in STATUSES)
    }

    assert without <= NEVER_THE_CALLERS


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.NotAuthenticatedError, "not_authenticated"),
        (errors.InjectionTimeoutError, "injection_timeout"),
        (errors.ChargerUnknownError, "charger_unknown"),
    ],
)
def test_the_code_is_the_class_in_snake_case(error: type[Exception], code: str) -> None:
    assert code == code_of(error)
