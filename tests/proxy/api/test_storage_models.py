import msgspec
import pytest

from oye_proxy.api.storage_models import StoragePolicyPatch


def test_null_is_told_from_absent() -> None:
    """A limit of null is that of the settings again."""
    patch = msgspec.json.decode(b'{"maxBytes": null}', type=StoragePolicyPatch)

    assert (None, msgspec.UNSET) == (patch.max_bytes, patch.retention_days)


@pytest.mark.parametrize("body", [{"preset": "odd"}, {"retentionCount": 0}, {"maxBytes": -1}])
def test_a_policy_is_one_that_can_be_kept(body: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(body, StoragePolicyPatch)
