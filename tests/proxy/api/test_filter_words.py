"""How a filter is split into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.api.filter_words import MAX_WORDS, Word, split_words
from oye_proxy.errors import InvalidRequestError


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (
            "  one two",
            [Word("one", 3, excludes=False, bare=3), Word("two", 7, excludes=False, bare=3)],
        ),
        ('-"a b"', [Word("a b", 1, excludes=True, bare=0)]),
        ('charger:"a b"', [Word("charger:a b", 1, excludes=False, bare=8)]),
        (r'"a \" b \\ c \d"', [Word(r'a " b \ c \d', 1, excludes=False, bare=0)]),
        ("-", [Word("-", 1, excludes=False, bare=1)]),
        ("--a", [Word("-a", 1, excludes=True, bare=2)]),
    ],
)
def test_words_are_split_at_spaces_and_held_together_by_quotation_marks(
    text: str, words: list[Word]
) -> None:
    assert words == split_words(text)


def test_what_is_wrong_is_told_with_its_place() -> None:
    with pytest.raises(InvalidRequestError, match="filter: at character 6: the quotation mark"):
        split_words('one  "two')
    with pytest.raises(InvalidRequestError, match="filter: at character 101: more than 50 words"):
        split_words(" ".join(["a"] * (MAX_WORDS + 1)))


@given(st.text())
def test_a_text_in_quotation_marks_is_one_word(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')

    assert [Word(text, 1, excludes=False, bare=0)] == split_words(f'"{quoted}"')
