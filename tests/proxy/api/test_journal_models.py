import msgspec
import pytest

from oye_proxy.api.journal_models import JournalEntry, JournalSearch


def test_the_class_of_an_entry_has_its_own_word() -> None:
    assert "class" in JournalEntry.__struct_encode_fields__


@pytest.mark.parametrize("asked", [{"limit": 201}, {"before": -1}, {"state": "lost"}])
def test_a_search_is_bounded(asked: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(asked, JournalSearch)
