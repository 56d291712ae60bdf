"""
The official JSON Schemas: who may send what, and whether a payload keeps to its schema.

The texts are handed in, (version, file name) → text, as `schema_files.py` reads them; each is
mended (J16-E 2) and compiled when it is first needed. A finding names the place in the payload and
the rule, never a value: its text goes out in CALLERRORs and logs.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from jsonschema_rs import ValidationError, Validator, validator_for
from msgspec import Struct

from oye_proxy.ocppj.actions import CHARGER_ACTIONS, CSMS_ACTIONS, SEND_ACTIONS
from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.ocppj.versions import OcppVersion

MESSAGE_LENGTH: Final = 255


class Violation(Struct, frozen=True):
    """What is wrong with a payload: the cause of a CALLERROR and a sentence without raw input."""

    cause: Cause
    message: str


class Schemas:
    """Validates payloads; extra properties pass in the actions of `allow_additional`."""

    def __init__(
        self,
        texts: Mapping[tuple[str, str], str],
        *,
        allow_additional: frozenset[str] = frozenset({"DataTransfer"}),
    ) -> None:
        self._texts = texts
        self._allow_additional = allow_additional
        self._validators: dict[tuple[OcppVersion, str], Validator] = {}

    def actions(self, version: OcppVersion) -> frozenset[str]:
        """Return every action of the version."""
        return self.from_charger(version) | self.from_csms(version)

    def from_charger(self, version: OcppVersion) -> frozenset[str]:
        """Return the actions that a charger may send."""
        return CHARGER_ACTIONS[version]

    def from_csms(self, version: OcppVersion) -> frozenset[str]:
        """Return the actions that a CSMS may send."""
        return CSMS_ACTIONS[version]

    def is_send(self, version: OcppVersion, action: str) -> bool:
        """Say whether the action is a SEND, which has no answer (Q4 4.2.4)."""
        return action in SEND_ACTIONS[version]

    def names(self, version: OcppVersion) -> list[str]:
        """Return the names of the version's schemas, sorted."""
        return sorted(name for of, name in self._texts if of == version)

    def schema_text(self, version: OcppVersion, name: str) -> str | None:
        """Return the official text of a schema, None when there is none of this name."""
        return self._texts.get((version.value, name))

    def validate_call(self, version: OcppVersion, action: str, payload: Any) -> Violation | None:
        """Check the payload of a CALL or SEND."""
        suffix = "" if version.is_1_6 or self.is_send(version, action) else "Request"
        return self._validate(version, action, suffix, payload)

    def validate_result(self, version: OcppVersion, action: str, payload: Any) -> Violation | None:
        """Check the payload of a CALLRESULT; `action` is that of its CALL."""
        return self._validate(version, action, "Response", payload)

    def _validate(
        self, version: OcppVersion, action: str, suffix: str, payload: Any
    ) -> Violation | None:
        if action not in CHARGER_ACTIONS[version] and action not in CSMS_ACTIONS[version]:
            return Violation(Cause.NOT_IMPLEMENTED, "action is unknown")
        if (version.value, action + suffix) not in self._texts:
            return Violation(Cause.GENERIC_ERROR, "a message without an answer was answered")
        if not isinstance(payload, dict):
            return Violation(Cause.FORMAT_VIOLATION, "payload is not a JSON object")
        validator = self._validator(version, action + suffix)
        try:
            if validator.is_valid(payload):
                return None
            findings = [
                finding
                for finding in validator.iter_errors(payload)
                if finding.kind.name != "additionalProperties"
                or action not in self._allow_additional
            ]
        except (ValueError, RecursionError, OverflowError):
            # Lone surrogates, nesting beyond the validator's limit.
            return Violation(Cause.FORMAT_VIOLATION, "payload cannot be checked")
        return _violation(min(findings, key=_weight)) if findings else None

    def _validator(self, version: OcppVersion, name: str) -> Validator:
        key = (version, name)
        if key not in self._validators:
            schema = msgspec.json.decode(self._texts[version.value, name])
            self._validators[key] = validator_for(_mended(name, schema))
        return self._validators[key]


# The rules of JSON Schema in the order in which a payload's faults count, each with the cause of
# OCPP and a sentence, `{}` being what the schema says. A date that is none has the wrong data type.
_RULES: Final = {
    "required": (Cause.PROTOCOL_ERROR, "required property {} is missing"),
    "additionalProperties": (Cause.FORMAT_VIOLATION, "has a property that the schema lacks"),
    "minItems": (Cause.OCCURRENCE_CONSTRAINT_VIOLATION, "has fewer than {} items"),
    "maxItems": (Cause.OCCURRENCE_CONSTRAINT_VIOLATION, "has more than {} items"),
    "type": (Cause.TYPE_CONSTRAINT_VIOLATION, "is not of type {}"),
    "format": (Cause.TYPE_CONSTRAINT_VIOLATION, "is not a {}"),
    "maxLength": (Cause.TYPE_CONSTRAINT_VIOLATION, "is longer than {} characters"),
    "enum": (Cause.PROPERTY_CONSTRAINT_VIOLATION, "is none of the values allowed"),
    "minimum": (Cause.PROPERTY_CONSTRAINT_VIOLATION, "is less than {:g}"),
    "maximum": (Cause.PROPERTY_CONSTRAINT_VIOLATION, "is more than {:g}"),
    "multipleOf": (Cause.PROPERTY_CONSTRAINT_VIOLATION, "is not a multiple of {}"),
}
_RANKS: Final = {keyword: rank for rank, keyword in enumerate(_RULES)}
_OTHER_RULE: Final = (Cause.FORMAT_VIOLATION, "breaks the schema")


def _violation(finding: ValidationError) -> Violation:
    cause, rule = _RULES.get(finding.kind.name, _OTHER_RULE)
    stated = finding.kind.value
    sentence = rule.format(" or ".join(stated) if finding.kind.name == "type" else stated)
    return Violation(cause, f"{_place(finding)}: {sentence}"[:MESSAGE_LENGTH])


def _weight(finding: ValidationError) -> tuple[int, str]:
    return _RANKS.get(finding.kind.name, len(_RANKS)), _place(finding)


def _place(finding: ValidationError) -> str:
    # The steps are names of the schema and indices: it judges no property that it does not know.
    path = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in finding.instance_path
    )
    return path.lstrip(".") or "payload"


def _mended(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """
    Mend a schema as J16-E 2 says.

    Both spellings of Celsius (2.1), as later texts add Hertz to one list only; a StopTransaction
    needs no reason (2.6). The integers of 2.4 and 2.5 are right in the package already.
    """
    if name == "StopTransaction":
        schema["required"] = [field for field in schema["required"] if field != "reason"]
    if name in ("MeterValues", "StopTransaction"):
        _widen_units(schema)
    return schema


def _widen_units(node: Any) -> None:
    if isinstance(node, dict):
        units = node.get("enum")
        if isinstance(units, list) and ("Celcius" in units or "Celsius" in units):
            node["enum"] = sorted({*units, "Celsius", "Celcius", "Hertz"})
        for child in node.values():
            _widen_units(child)
