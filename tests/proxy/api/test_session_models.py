"""The descriptions that the console's types are made from."""

import msgspec
import pytest

from oye_proxy.api import session_models as module

MODELS = [
    one
    for one in vars(module).values()
    if isinstance(one, type)
    and issubclass(one, msgspec.Struct)
    and one.__module__ == module.__name__
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_is_json_in_camel_case(model: type[msgspec.Struct]) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(model)]

    assert names
    assert [] == [name for name in names if "_" in name]
