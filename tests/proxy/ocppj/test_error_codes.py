"""One cause, two spellings (J16 4.2.3, P4/Q4 4.3)."""

import pytest

from oye_proxy.ocppj.error_codes import Cause, cause_of, spell
from oye_proxy.ocppj.versions import OcppVersion

V1_6, V2_0_1, V2_1 = OcppVersion


@pytest.mark.parametrize(
    ("cause", "in_1_6", "in_2"),
    [
        (Cause.NOT_IMPLEMENTED, "NotImplemented", "NotImplemented"),
        (Cause.NOT_SUPPORTED, "NotSupported", "NotSupported"),
        (Cause.FORMAT_VIOLATION, "FormationViolation", "FormatViolation"),
        (Cause.PROTOCOL_ERROR, "ProtocolError", "ProtocolError"),
        (
            Cause.OCCURRENCE_CONSTRAINT_VIOLATION,
            "OccurenceConstraintViolation",
            "OccurrenceConstraintViolation",
        ),
        (Cause.TYPE_CONSTRAINT_VIOLATION, "TypeConstraintViolation", "TypeConstraintViolation"),
        (
            Cause.PROPERTY_CONSTRAINT_VIOLATION,
            "PropertyConstraintViolation",
            "PropertyConstraintViolation",
        ),
        (Cause.SECURITY_ERROR, "SecurityError", "SecurityError"),
        (Cause.INTERNAL_ERROR, "InternalError", "InternalError"),
        (Cause.GENERIC_ERROR, "GenericError", "GenericError"),
        (Cause.MESSAGE_TYPE_NOT_SUPPORTED, "GenericError", "MessageTypeNotSupported"),
        (Cause.RPC_FRAMEWORK_ERROR, "GenericError", "RpcFrameworkError"),
    ],
)
def test_each_version_gets_its_spelling(cause: Cause, in_1_6: str, in_2: str) -> None:
    assert (in_1_6, in_2, in_2) == tuple(spell(cause, version) for version in (V1_6, V2_0_1, V2_1))


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("FormationViolation", Cause.FORMAT_VIOLATION),
        ("FormatViolation", Cause.FORMAT_VIOLATION),
        ("OccurenceConstraintViolation", Cause.OCCURRENCE_CONSTRAINT_VIOLATION),
        ("OccurrenceConstraintViolation", Cause.OCCURRENCE_CONSTRAINT_VIOLATION),
        *((cause.value, cause) for cause in Cause),
    ],
)
def test_every_spelling_is_read_whatever_the_version(code: str, cause: Cause) -> None:
    assert cause is cause_of(code)


@pytest.mark.parametrize("code", ["", "Nonsense", "formatviolation"])
def test_a_code_that_no_version_has_is_no_cause(code: str) -> None:
    assert cause_of(code) is None
