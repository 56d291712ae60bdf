import msgspec
import pytest

from oye_proxy.api.charger_models import ChargerPatch


def test_false_is_told_from_absent() -> None:
    patch = msgspec.json.decode(b'{"approved": false}', type=ChargerPatch)

    assert patch.approved is False
    assert patch.mode is msgspec.UNSET


@pytest.mark.parametrize("body", [{"mode": "odd"}, {"name": "x" * 256}, {"ownerStatus": None}])
def test_what_a_charger_cannot_be_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(body, ChargerPatch)
