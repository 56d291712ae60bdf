import pytest

from oye_proxy.ocppj.facts.model import Status, is_fault, masked


@pytest.mark.parametrize(
    ("id_tag", "expected"),
    [
        ("04A1B2C33F2A", "…3F2A"),
        ("12345", "…2345"),
        ("1234", "…"),
        ("", None),
        (None, None),
    ],
)
def test_an_id_tag_is_shown_by_its_last_four_characters(
    id_tag: str | None, expected: str | None
) -> None:
    """Tags are personal data: a tag of four characters is hidden whole."""
    assert expected == masked(id_tag)


@pytest.mark.parametrize(
    ("status", "error_code", "expected"),
    [
        (Status.FAULTED, "NoError", True),
        (Status.AVAILABLE, "GroundFailure", True),
        (Status.AVAILABLE, "NoError", False),
        (None, None, False),
    ],
)
def test_fault(status: Status | None, error_code: str | None, expected: bool) -> None:  # noqa: FBT001 - a table
    assert expected is is_fault(status, error_code)
