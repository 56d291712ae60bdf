"""What may be asked of the proxy itself."""

from typing import Any

import msgspec
import pytest

from oye_proxy.api.system_models import CsmsTest, LogPatch, SimulatorStart
from oye_proxy.ocppj.versions import OcppVersion


def test_a_simulated_charger_needs_no_choice() -> None:
    assert SimulatorStart(version=OcppVersion.V1_6, connectors=1, plug_in=True) == msgspec.convert(
        {}, SimulatorStart
    )


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (SimulatorStart, {"version": "3.0"}),
        (SimulatorStart, {"connectors": 5}),
        (SimulatorStart, {"chargePointId": "CP1"}),
        (LogPatch, {"level": "loud"}),
        (LogPatch, {}),
        (CsmsTest, {"url": "w" * 2001}),
    ],
)
def test_what_is_out_of_bounds_is_refused(model: Any, given: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(given, model)
