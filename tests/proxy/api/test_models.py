"""All models keep the rules of the API's JSON."""

import inspect
import re
from importlib import import_module
from pkgutil import iter_modules

import pytest
from msgspec import Struct

from oye_proxy import api
from oye_proxy.api.server import ROUTES

REQUESTS = sorted(
    {route.body for route in ROUTES if route.body is not None}, key=lambda one: one.__name__
)
# Bodies of the Node oye-proxy whose clients may send more.
LENIENT = {"SmartChargingRequest"}
# Rows of the Node oye-proxy.
SNAKE_CASE = {"FrameRow", "ChargerRow"}
MODULES = [
    import_module(f"{api.__name__}.{one.name}")
    for one in iter_modules(api.__path__)
    if one.name.endswith("models")
]
STRUCTS = [
    one
    for module in MODULES
    for _, one in inspect.getmembers(module, inspect.isclass)
    if issubclass(one, Struct) and one.__module__ == module.__name__
]


@pytest.mark.parametrize("model", REQUESTS, ids=lambda model: model.__name__)
def test_a_request_refuses_what_it_does_not_know(model: type[Struct]) -> None:
    refuses = model.__struct_config__.forbid_unknown_fields

    assert refuses != (model.__name__ in LENIENT)


@pytest.mark.parametrize("model", STRUCTS, ids=lambda model: model.__name__)
def test_models_are_frozen_and_described(model: type[Struct]) -> None:
    assert model.__struct_config__.frozen
    assert model.__doc__ or model.__name__.startswith("_")


@pytest.mark.parametrize("model", STRUCTS, ids=lambda model: model.__name__)
def test_json_is_camel_case_but_in_rows_of_the_node_proxy(model: type[Struct]) -> None:
    if model.__name__ in SNAKE_CASE:
        return

    assert [] == [
        name
        for name in model.__struct_encode_fields__
        if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name)
    ]
