import pytest

from oye_proxy.accounts.rules import check_password, generated_password, is_name, new_secret
from oye_proxy.errors import InvalidRequestError


@pytest.mark.parametrize("name", ["", "a:b", "a\n", "a\0", "x" * 65])
def test_what_is_no_name(name: str) -> None:
    """A colon ends the name in HTTP Basic."""
    assert not is_name(name)


def test_a_password_has_eight_characters_at_least_and_a_bound() -> None:
    check_password("12345678")
    for password in ("1234567", "x" * 1025):
        with pytest.raises(InvalidRequestError):
            check_password(password)


def test_secrets_are_long_and_different() -> None:
    assert 16 == len(generated_password())
    assert 43 == len(new_secret())
    assert new_secret() != new_secret()
