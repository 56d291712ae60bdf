"""The official schemas, read straight from the installed `ocpp` package."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import pytest
from jsonschema_rs import Validator, validator_for

from oye_proxy.ocppj.versions import OcppVersion

FOLDERS = {OcppVersion.V1_6: "v16", OcppVersion.V2_0_1: "v201", OcppVersion.V2_1: "v21"}


@cache
def _schema(version: OcppVersion, name: str) -> Any:
    path = files("ocpp").joinpath(FOLDERS[version], "schemas", f"{name}.json")
    return msgspec.json.decode(path.read_text(encoding="utf-8"))


@cache
def _validator(version: OcppVersion, name: str) -> Validator:
    return validator_for(_schema(version, name))


@pytest.fixture(scope="session")
def response_schemas() -> dict[tuple[OcppVersion, str], Any]:
    """Return every schema of an answer, by version and action."""
    return {
        (version, action): _schema(version, f"{action}Response")
        for version, folder in FOLDERS.items()
        for file in files("ocpp").joinpath(folder, "schemas").iterdir()
        if (action := file.name.removesuffix("Response.json")) != file.name
    }


@pytest.fixture(scope="session")
def request_faults() -> Callable[[OcppVersion, str, Any], list[str]]:
    """Return what the official schema finds wrong with a request."""

    def find(version: OcppVersion, action: str, payload: Any) -> list[str]:
        name = action if version.is_1_6 else f"{action}Request"
        return [error.message for error in _validator(version, name).iter_errors(payload)]

    return find


@pytest.fixture(scope="session")
def response_faults() -> Callable[[OcppVersion, str, Any], list[str]]:
    """Return what the official schema finds wrong with an answer."""

    def find(version: OcppVersion, action: str, payload: Any) -> list[str]:
        validator = _validator(version, f"{action}Response")
        return [error.message for error in validator.iter_errors(payload)]

    return find
