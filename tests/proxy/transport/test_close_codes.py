import pytest

from oye_proxy.transport import close_codes


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1014, 3000, 4999])
def test_what_may_be_sent_is_passed_on(code: int) -> None:
    assert (code, "why") == close_codes.relayed(code, "why")


@pytest.mark.parametrize(
    ("code", "expected"), [(1005, 1000), (1006, 1001), (1015, 1001), (0, 1001), (5000, 1001)]
)
def test_what_may_not_be_sent_is_translated(code: int, expected: int) -> None:
    assert (expected, "") == close_codes.relayed(code, "why")


def test_a_rejection_is_told_from_an_outage() -> None:
    codes = (1000, 1001, 1008, 1011, 3999, 4000, 4999)

    assert [1008, 4000, 4999] == [code for code in codes if close_codes.is_rejection(code)]


def test_a_reason_is_cut_at_a_character() -> None:
    """RFC 6455 5.5: a control frame carries at most 125 bytes."""
    payload = close_codes.payload(1008, 62 * "é")

    assert (1008).to_bytes(2, "big") + (61 * "é").encode() == payload
