from datetime import UTC, datetime

import msgspec

from oye_proxy.api.health_models import Dependency, ServiceHealth


def test_the_health_of_the_service_has_the_shape_of_the_gateway_for_fleets() -> None:
    health = ServiceHealth(
        status="ok",
        time=datetime(2026, 11, 21, tzinfo=UTC),
        dependencies={"database": Dependency(status="up")},
        required={"database": True},
    )

    assert {
        "status": "ok",
        "service": "oye-proxy",
        "time": "2026-11-21T00:00:00Z",
        "dependencies": {"database": {"status": "up"}},
        "required": {"database": True},
    } == msgspec.to_builtins(health)
