import msgspec

from oye_proxy.api.config_models import ConfigPatch


def test_false_is_told_from_absent() -> None:
    patch = msgspec.json.decode(b'{"autoChargeEnabled": false}', type=ConfigPatch)

    assert patch.auto_charge_enabled is False
    assert patch.csms_forwarding_enabled is msgspec.UNSET
