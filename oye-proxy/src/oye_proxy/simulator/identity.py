"""Who a simulated charger is and how it connects."""

from pathlib import Path

from msgspec import Struct

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import Secret
from oye_proxy.simulator.configuration import SAMPLED

SUBPROTOCOL_OF = {
    OcppVersion.V1_6: "ocpp1.6",
    OcppVersion.V2_0_1: "ocpp2.0.1",
    OcppVersion.V2_1: "ocpp2.1",
}


class ChargerSimulation(Struct, frozen=True, kw_only=True):
    """
    One simulated charger.

    It connects to `{url}/ocpp/{charge_point_id}`. Intervals and delays are in simulated seconds,
    `call_timeout` in real ones.
    """

    url: str = "ws://localhost:8080"
    charge_point_id: str = "TEST-CHARGER-001"
    version: OcppVersion = OcppVersion.V1_6
    password: Secret | None = None
    ca_file: Path | None = None
    connectors: int = 1
    phases: int = 3
    max_current_a: float = 32.0
    id_tag: str = "04A1B2C3D4"
    plug_in: bool = False
    meter_interval: float = 10.0
    measurands: str = SAMPLED
    heartbeat_interval: float = 300.0
    reconnect_delay: float = 5.0
    call_timeout: float = 30.0
    boot_on_reconnect: bool = True
    vendor: str = "TestVendor"
    model: str = "TestModel"
    firmware_version: str = "1.0.0"
    seed: int = 0
