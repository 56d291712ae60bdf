"""What passes is sampled while the proxy runs."""

from tests.proxy.hub.conftest import until

from oye_proxy.features.traffic import SAMPLE_SECONDS, Traffic
from oye_proxy.metrics import Metrics


async def test_what_passed_long_ago_is_left_out_in_time() -> None:
    metrics = Metrics()
    traffic = Traffic(metrics, sample_seconds=0.0)
    metrics.inbound.add(5)
    before = metrics.last_minute.value
    traffic.start()
    await until(lambda: metrics.last_minute.value == 0)
    await traffic.stop()

    assert 5 == before
    assert 1.0 == SAMPLE_SECONDS
