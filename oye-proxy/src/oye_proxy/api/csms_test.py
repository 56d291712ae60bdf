"""`/api/config/test-csms`: whether a CSMS is at an address, and lets a charger in."""

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.system_models import CsmsTest, CsmsTestResult


async def try_csms(exchange: Exchange) -> CsmsTestResult:
    """Dial the address and answer what became of it."""
    wanted: CsmsTest = exchange.body
    return await exchange.app[DEPENDENCIES].test_csms(wanted.url, wanted.charge_point_id)


ROUTES = (
    Route(
        method="POST",
        path="/api/config/test-csms",
        handler=try_csms,
        scope=Scope.ADMIN,
        summary="Test the address of a CSMS",
        description="Opens a WebSocket as a charger would, without a password of the charger, and "
        "closes it at once; no frame is sent. One test at a time, ten a minute.",
        body=CsmsTest,
        answer=CsmsTestResult,
    ),
)
