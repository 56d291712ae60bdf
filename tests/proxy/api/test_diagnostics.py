"""What helps to find a fault."""

from tests.proxy.api.conftest import Api, MemoryHub, bearer

from oye_proxy.api.diagnostics import without_private
from oye_proxy.ocppj.facts import ConnectorFacts, ReservationFacts, TransactionFacts


async def test_all_of_it_is_one_file_without_what_identifies(api: Api, hub: MemoryHub) -> None:
    hub.change("CP1", serial_number="SN-123456", iccid="8931", remote_address="192.0.2.7")
    hub.change(
        "CP1",
        reservations=[ReservationFacts(reservation_id=5, id_tag="RESERVED7")],
        connectors=[
            ConnectorFacts(
                evse_id=1,
                transaction=TransactionFacts(transaction_id="8", id_tag="CARD1234"),
                last_transaction=TransactionFacts(transaction_id="7", id_tag="CARD5678"),
            )
        ],
    )
    url = "wss://user:hunter2@csms.example/ocpp"
    await api.ask("POST", "/api/config", {"targetCsmsUrl": url, "defaultIdTag": "04A1B2C3"})
    status, told = await api.ask("GET", "/api/diagnostics")

    assert 200 == status
    assert ("CP1", "***", "***") == (
        told["chargers"][0]["chargePointId"],
        told["chargers"][0]["serialNumber"],
        told["chargers"][0]["remoteAddress"],
    )
    assert "server.port" == told["settings"][0]["name"]
    assert told["database"]["up"]
    assert told["issues"]
    serials = ("SN-123456", "8931", "192.0.2.7", "hunter2")
    tags = ("04A1B2C3", "RVED7", "1234", "5678")
    assert [] == [secret for secret in serials + tags if secret in str(told)]


async def test_only_an_admin_gets_it(api: Api) -> None:
    status, _ = await api.ask("GET", "/api/diagnostics", headers=bearer("token-of-control"))

    assert 403 == status


def test_what_is_missing_stays_missing() -> None:
    assert {"imsi": None, "list": [{"idTag": "***"}]} == without_private(
        {"imsi": None, "list": ({"idTag": "A"},)}
    )
