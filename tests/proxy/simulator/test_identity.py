from oye_proxy.ocppj.versions import OcppVersion, version_of
from oye_proxy.settings import Secret
from oye_proxy.simulator.identity import SUBPROTOCOL_OF, ChargerSimulation


def test_every_version_has_its_subprotocol() -> None:
    assert list(OcppVersion) == [version_of(SUBPROTOCOL_OF[version]) for version in OcppVersion]


def test_the_defaults_are_those_of_the_node_proxys_test_charger() -> None:
    settings = ChargerSimulation()

    assert "ws://localhost:8080" == settings.url
    assert "TEST-CHARGER-001" == settings.charge_point_id
    assert ("TestVendor", "TestModel", "1.0.0") == (
        settings.vendor,
        settings.model,
        settings.firmware_version,
    )
    assert (300.0, 10.0, 5.0) == (
        settings.heartbeat_interval,
        settings.meter_interval,
        settings.reconnect_delay,
    )


def test_the_password_is_not_shown() -> None:
    assert "hunter2" not in repr(ChargerSimulation(password=Secret("hunter2")))
