"""What equals what was known is that object."""

from custom_components.oye.models import Proxy
from custom_components.oye.parsing_base import kept, kept_mapping


def test_an_equal_object_is_the_one_that_was_known() -> None:
    before = Proxy(instance_id="i-1", api_version=1)
    other = Proxy(instance_id="i-2", api_version=1)

    assert kept(Proxy(instance_id="i-1", api_version=1), before) is before
    assert kept(other, before) is other
    assert kept(other, None) is other


def test_a_mapping_of_the_same_objects_is_the_one_that_was_known() -> None:
    one, other = Proxy(instance_id="i-1", api_version=1), Proxy(instance_id="i-2", api_version=1)
    before = {"a": one}

    assert kept_mapping({"a": one}, before) is before
    assert {"a": other} == kept_mapping({"a": other}, before)
    assert {} == kept_mapping({}, before)
