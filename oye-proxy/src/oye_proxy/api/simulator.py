"""`/api/simulator`: simulated chargers, to try the proxy without a real one."""

from http import HTTPStatus

from oye_proxy.accounts import Scope
from oye_proxy.api.keys import DEPENDENCIES
from oye_proxy.api.models import Done
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.system_models import SimulatorEntry, SimulatorStart


async def list_simulators(exchange: Exchange) -> list[SimulatorEntry]:
    """Answer those that run."""
    return exchange.app[DEPENDENCIES].simulators.running()


async def start_simulator(exchange: Exchange) -> SimulatorEntry:
    """Start one more."""
    wanted: SimulatorStart = exchange.body
    return await exchange.app[DEPENDENCIES].simulators.start(wanted)


async def stop_simulator(exchange: Exchange) -> Done:
    """End one; what is stored of it stays until the charger is deleted."""
    await exchange.app[DEPENDENCIES].simulators.stop_one(exchange.charge_point_id)
    return Done()


ROUTES = (
    Route(
        method="GET",
        path="/api/simulator",
        handler=list_simulators,
        scope=Scope.READ,
        summary="The simulated chargers that run",
        answer=list[SimulatorEntry],
    ),
    Route(
        method="POST",
        path="/api/simulator",
        handler=start_simulator,
        scope=Scope.ADMIN,
        summary="Start a simulated charger",
        description="Its id begins with `SIM-`. At most five run. They come back after a restart "
        "of the proxy, until they are ended or deleted.",
        body=SimulatorStart,
        answer=SimulatorEntry,
        errors=(HTTPStatus.CONFLICT,),
    ),
    Route(
        method="DELETE",
        path="/api/simulator/{charge_point_id}",
        handler=stop_simulator,
        scope=Scope.ADMIN,
        summary="End a simulated charger",
        answer=Done,
        errors=(HTTPStatus.NOT_FOUND,),
    ),
)
