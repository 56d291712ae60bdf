import msgspec
import pytest

from oye_proxy.accounts import Scope
from oye_proxy.api.token_models import NewToken, Token


def test_a_token_may_only_read_unless_more_is_asked() -> None:
    assert Scope.READ is msgspec.convert({"name": "meter"}, NewToken).scope
    with pytest.raises(msgspec.ValidationError, match="scope"):
        msgspec.convert({"name": "meter", "scope": "root"}, NewToken)


def test_a_list_of_tokens_tells_no_secret() -> None:
    assert "token" not in Token.__struct_encode_fields__
