from oye_proxy.simulator.clock import ScaledClock
from oye_proxy.simulator.demo import DEMO_CHARGERS, Demo


async def test_both_chargers_charge_within_ten_seconds_and_come_again() -> None:
    clock = ScaledClock(speed=600)
    began = clock.now()
    demo = Demo(clock=clock)
    await demo.prepare()
    ledger = demo.csms.ledger
    await demo.start(demo.csms_url)
    await demo.csms.until(lambda: DEMO_CHARGERS.keys() <= {key[0] for key in ledger.transactions})
    await demo.csms.until(
        lambda: all(len(ledger.transactions_of(name)) >= 2 for name in DEMO_CHARGERS)
    )
    await demo.stop()

    first = min(str(each.started_at) for each in ledger.transactions.values())
    assert first > began.isoformat()[:16]
    assert [] == ledger.violations
    ended = [each for each in ledger.transactions.values() if each.ended]
    assert {"Local"} == {each.reason for each in ended}
    assert all((each.meter_stop_wh or 0) > (each.meter_start_wh or 0) for each in ended)
