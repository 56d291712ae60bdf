"""What helps to find a fault."""

import io
import logging
from collections.abc import Iterator

import pytest
from tests.proxy.api.conftest import Api, bearer
from tests.proxy.api.memory import MemoryHub

from oye_proxy import logs
from oye_proxy.api.diagnostics import without_addresses, without_private
from oye_proxy.ocppj.facts import ConnectorFacts, ReservationFacts, TransactionFacts
from oye_proxy.settings import LogSettings


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


@pytest.fixture
def _logging() -> Iterator[None]:
    stop = logs.start(LogSettings(), io.StringIO())
    yield
    stop()


@pytest.mark.usefixtures("_logging")
async def test_the_log_in_it_tells_no_addresses(api: Api) -> None:
    logging.getLogger("oye_proxy.test").info("CP1 connected from %s", "192.0.2.7")
    _, told = await api.ask("GET", "/api/diagnostics")

    assert "CP1 connected from ***" in [line["message"] for line in told["log"]["lines"]]
    assert "192.0.2.7" not in str(told)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("CP1 connected from 192.0.2.7, ocpp2.0.1", "CP1 connected from ***, ocpp2.0.1"),
        ("refused from 192.0.2.7.", "refused from ***."),
        ("[Errno 111] ('192.0.2.7', 9000) 192.0.2.7:9000", "[Errno 111] ('***', 9000) ***:9000"),
        ("from 2001:db8::7, fe80::1%eth0 and ::1", "from ***, ***%eth0 and ***"),
        ("from ::ffff:192.0.2.7", "from ::ffff:***"),
        ("at 10:00:00, 2 :: 3, firmware 1.2.3, a:b", "at 10:00:00, 2 :: 3, firmware 1.2.3, a:b"),
    ],
)
def test_no_line_of_the_log_tells_an_address(text: str, shown: str) -> None:
    assert shown == without_addresses(text)
