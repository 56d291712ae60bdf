import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.storage.texts import escaped, storable, unescaped


def test_plain_texts_stay_as_they_are() -> None:
    assert "Zähler 1" == storable("Zähler 1")


def test_what_no_database_stores_becomes_a_question_mark() -> None:
    """NUL and half characters."""
    assert "a?b?" == storable("a\0b\ud800")


def test_long_texts_are_cut_unless_their_column_has_no_end() -> None:
    assert 255 == len(storable("x" * 300))
    assert 300 == len(storable("x" * 300, None))


@pytest.mark.parametrize(
    "text",
    ["", "plain", "Zähler 🚗", "a\0b", "\ud800", "\udfff\0", "\x1a", "\x1a0000", "\x1a\x1a001a\0"],
)
def test_an_escaped_text_can_be_stored_and_comes_back(text: str) -> None:
    stored = escaped(text)

    assert "\0" not in stored
    assert stored.encode().decode() == stored
    assert text == unescaped(stored)


@given(st.text(st.characters(codec=None, exclude_categories=()) | st.sampled_from("\0\x1a01a")))
def test_every_text_comes_back(text: str) -> None:
    assert text == unescaped(escaped(text))
