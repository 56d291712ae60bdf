"""An import is bounded, and a file of version 1 is one too."""

from typing import Any

import msgspec
import pytest

from oye_proxy.api.settings_models import SettingsExport

VERSION_1: dict[str, Any] = {
    "version": 1,
    "config": {
        "targetCsmsUrl": "ws://localhost/ocpp",
        "csmsForwardingEnabled": False,
        "autoChargeEnabled": False,
        "defaultIdTag": "ADMIN_TAG",
    },
    "storage": {},
}


def test_version_1_had_no_tags_and_no_chargers() -> None:
    settings = msgspec.convert(VERSION_1, SettingsExport)

    assert ((), ()) == (settings.id_tags, settings.chargers)


@pytest.mark.parametrize(
    "change",
    [
        {"idTags": [{"idTag": "A" * 256, "status": "accepted"}]},
        {"idTags": [{"idTag": "A", "status": "accepted", "name": "n" * 65}]},
        {"idTags": [{"idTag": "A", "status": "accepted"}] * 10_001},
        {"idTags": [{"idTag": "A", "status": "accepted", "extra": 1}]},
        {"chargers": [{"chargePointId": "CP1"}]},
    ],
)
def test_what_is_out_of_bounds_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(VERSION_1 | change, SettingsExport)
