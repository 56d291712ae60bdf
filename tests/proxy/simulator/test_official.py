from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.official import official_schemas


def test_the_schemas_are_read_once() -> None:
    assert official_schemas() is official_schemas()
    assert official_schemas().validate_call(OcppVersion.V1_6, "Heartbeat", {}) is None
