import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.api.paths import decode_segment, match, row_of, segments_of
from oye_proxy.errors import InvalidRequestError


@pytest.mark.parametrize(
    ("raw_path", "segments"),
    [
        ("/", [""]),
        ("/api/chargers", ["api", "chargers"]),
        ("/api/chargers/", ["api", "chargers"]),
        ("/a//b", ["a", "", "b"]),
        ("/a%2Fb", ["a%2Fb"]),
        ("*", []),
    ],
)
def test_paths_are_split_before_they_are_decoded(raw_path: str, segments: list[str]) -> None:
    assert segments == segments_of(raw_path)


@pytest.mark.parametrize(
    ("raw_path", "parameters"),
    [
        ("/api/x/CP%2F1", {"id": "CP%2F1"}),
        ("/api/x/", None),
        ("/api/x", None),
        ("/api/y/CP1", None),
        ("/api/x/CP1/more", None),
    ],
)
def test_a_parameter_is_one_segment(raw_path: str, parameters: dict[str, str] | None) -> None:
    assert parameters == match(["api", "x", "{id}"], segments_of(raw_path))


@given(st.text(alphabet=st.characters(min_codepoint=0, max_codepoint=0x24F)))
def test_any_text_is_an_id_or_an_error(raw: str) -> None:
    try:
        decode_segment(raw)
    except InvalidRequestError as error:
        assert "The id in the path cannot be decoded" == str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("segment", "row"),
    [("7", 7), ("9" * 18, 10**18 - 1), *[(odd, None) for odd in ("9" * 19, "9" * 5000, "", "-1")],
     ("1.0", None), ("\u0663", None), ("\u00b2", None)],
)  # fmt: skip
def test_a_row_is_named_by_a_few_digits(segment: str, row: int | None) -> None:
    """Python refuses to read a number of thousands of digits."""
    assert row == row_of(segment)
