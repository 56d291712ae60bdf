"""The descriptions that the console's types are made from."""

import msgspec
import pytest
from tests.proxy.api.camel_case import keys_of, models_of

from oye_proxy.api import mail_models as module


@pytest.mark.parametrize("model", models_of(module), ids=lambda model: model.__name__)
def test_a_model_is_json_in_camel_case(model: type[msgspec.Struct]) -> None:
    assert keys_of(model)
    assert [] == [key for key in keys_of(model) if "_" in key]
