"""The models keep the rules of the API's JSON."""

import inspect
import re

import msgspec
import pytest
from msgspec import Struct

from oye_proxy.api import models
from oye_proxy.api.models import ConfigPatch, Sent
from oye_proxy.api.server import ROUTES

REQUESTS = sorted(
    {route.body for route in ROUTES if route.body is not None}, key=lambda one: one.__name__
)
# Bodies of the Node oye-proxy whose clients may send more.
LENIENT = {"SmartChargingRequest"}
STRUCTS = [
    one
    for _, one in inspect.getmembers(models, inspect.isclass)
    if issubclass(one, Struct) and one.__module__ == models.__name__
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
    if model.__name__ in {"FrameRow", "ChargerRow"}:
        return

    assert [] == [
        name for name in model.__struct_encode_fields__ if not re.fullmatch(r"[a-z][A-Za-z]*", name)
    ]


def test_what_is_not_told_is_absent() -> None:
    assert b'{"status":"sent","messageId":"m-1"}' == msgspec.json.encode(Sent(message_id="m-1"))


def test_false_is_told_from_absent() -> None:
    patch = msgspec.json.decode(b'{"autoChargeEnabled": false}', type=ConfigPatch)

    assert patch.auto_charge_enabled is False
    assert patch.csms_forwarding_enabled is msgspec.UNSET
