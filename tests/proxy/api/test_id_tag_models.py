import msgspec
import pytest

from oye_proxy.api.id_tag_models import IdTagChange


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, msgspec.UNSET),
        ({"name": None}, None),
        ({"name": "Ann"}, "Ann"),
    ],
)
def test_a_name_that_is_absent_is_told_from_one_that_is_taken_away(
    body: dict[str, object], name: object
) -> None:
    assert name == msgspec.convert({"status": "accepted", **body}, IdTagChange).name


def test_a_tag_has_a_known_verdict() -> None:
    with pytest.raises(msgspec.ValidationError, match="status"):
        msgspec.convert({"status": "Accepted"}, IdTagChange)
