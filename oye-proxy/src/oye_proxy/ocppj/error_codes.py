"""The codes of a CALLERROR: one cause, its spelling in each version (J16 4.2.3, P4/Q4 4.3)."""

from enum import StrEnum
from typing import Final

from oye_proxy.ocppj.versions import OcppVersion


class Cause(StrEnum):
    """Why a CALL is refused; the value is the spelling of OCPP 2.x."""

    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    FORMAT_VIOLATION = "FormatViolation"
    PROTOCOL_ERROR = "ProtocolError"
    OCCURRENCE_CONSTRAINT_VIOLATION = "OccurrenceConstraintViolation"
    TYPE_CONSTRAINT_VIOLATION = "TypeConstraintViolation"
    PROPERTY_CONSTRAINT_VIOLATION = "PropertyConstraintViolation"
    SECURITY_ERROR = "SecurityError"
    INTERNAL_ERROR = "InternalError"
    GENERIC_ERROR = "GenericError"
    MESSAGE_TYPE_NOT_SUPPORTED = "MessageTypeNotSupported"
    RPC_FRAMEWORK_ERROR = "RpcFrameworkError"


def spell(cause: Cause, version: OcppVersion) -> str:
    """Return the code that a peer of this version expects."""
    return _SPELT_IN_1_6.get(cause, cause.value) if version.is_1_6 else cause.value


def cause_of(code: str) -> Cause | None:
    """Read a code in any version's spelling; None when no version knows it."""
    return _CAUSES.get(code)


_SPELT_IN_1_6: Final = {
    Cause.FORMAT_VIOLATION: "FormationViolation",
    # One r: J16-E 5.1 says that it will not be fixed.
    Cause.OCCURRENCE_CONSTRAINT_VIOLATION: "OccurenceConstraintViolation",
    # 1.6 has no code for these two.
    Cause.MESSAGE_TYPE_NOT_SUPPORTED: "GenericError",
    Cause.RPC_FRAMEWORK_ERROR: "GenericError",
}

_CAUSES: Final = {cause.value: cause for cause in Cause} | {
    "FormationViolation": Cause.FORMAT_VIOLATION,
    "OccurenceConstraintViolation": Cause.OCCURRENCE_CONSTRAINT_VIOLATION,
}
