"""What the start made is not looked through again while frames pass."""

import gc
from collections.abc import Iterator

import pytest

from oye_proxy import memory


@pytest.fixture
def settled() -> Iterator[None]:
    memory.settle()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("settled")
def test_later_collections_leave_out_what_was_there() -> None:
    later: list[object] = [object()]
    seen = {id(each) for each in gc.get_objects()}

    assert id(gc.callbacks) not in seen
    assert id(later) in seen
