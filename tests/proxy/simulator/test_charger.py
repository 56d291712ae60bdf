"""Whole sessions between the simulated charger and the simulated operator, by a manual clock."""

import asyncio
import ssl
from functools import partial
from pathlib import Path

import pytest
import trustme
from tests.proxy.simulator.conftest import MakeCharger, booted, charging, every_version

from oye_proxy.ocppj.frames import CallResult
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import Secret
from oye_proxy.simulator.charger import ChargerSimulation, SimulatedCharger, SimulatedFault
from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.configuration import Option
from oye_proxy.simulator.csms import SimulatedCsms
from oye_proxy.simulator.evse import Status
from oye_proxy.simulator.ledger import LedgerTransaction
from oye_proxy.simulator.scripted import Handshake, ScriptedCsms, basic_authorization
from oye_proxy.simulator.vehicle import Vehicle


def has_failed(charger: SimulatedCharger, times: int) -> bool:
    return charger.failed_attempts == times


def is_accepted(charger: SimulatedCharger) -> bool:
    return charger.accepted


def currents(transaction: LedgerTransaction) -> list[float]:
    return [
        float(sampled["value"])
        for meter_value in transaction.samples
        for sampled in meter_value["sampledValue"]
        if sampled.get("measurand") == "Current.Import"
    ]


@every_version
async def test_a_charger_boots_and_tells_its_status(
    csms: SimulatedCsms, make_charger: MakeCharger, version: OcppVersion
) -> None:
    charger = make_charger(version, connectors=2)

    await booted(charger)
    await csms.until(lambda: ("CP1", 2) in csms.ledger.statuses)

    assert 1 == len(csms.ledger.boots["CP1"])
    assert "Available" == csms.ledger.statuses["CP1", 1]


@every_version
async def test_it_beats_at_the_interval_that_the_operator_told(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    csms.heartbeat_interval = 60
    charger = await booted(make_charger(version))

    clock.advance(59)
    assert [] == charger.waiting
    clock.advance(1)
    await csms.until(lambda: csms.ledger.calls_of("CP1", "Heartbeat"))


@every_version
async def test_a_session_from_plug_to_plug(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    charger = make_charger(version)
    transaction = await charging(csms, charger)
    for _ in range(6):
        clock.advance(10)
    await charger.until(lambda: not charger.waiting)
    charger.present_tag()
    charger.unplug()
    await charger.until(lambda: not charger.waiting)

    assert transaction.ended
    assert "Local" == transaction.reason
    assert charger.settings.id_tag == transaction.id_tag
    assert transaction.meter_start_wh is not None
    assert transaction.meter_stop_wh is not None
    energy_wh = transaction.meter_stop_wh - transaction.meter_start_wh
    # One minute at three phases of 16 A.
    assert 3 * 230 * 16 / 60 == pytest.approx(energy_wh, rel=0.05)
    assert Status.AVAILABLE == charger.charging.evses[0].status
    assert "Available" == csms.ledger.statuses["CP1", 1]


@every_version
async def test_a_charging_profile_limits_the_reported_current(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    charger = make_charger(version)
    transaction = await charging(csms, charger)
    clock.advance(10)
    await charger.until(lambda: not charger.waiting)
    unlimited = currents(transaction)[-3:]

    answer = await csms.set_limit("CP1", 10.0)
    clock.advance(10)
    await charger.until(lambda: not charger.waiting)
    limited = currents(transaction)[-3:]
    await csms.clear_limit("CP1")
    clock.advance(10)
    await charger.until(lambda: not charger.waiting)

    assert isinstance(answer, CallResult)
    assert "Accepted" == answer.payload["status"]
    assert [16.0] * 3 == unlimited
    assert [10.0] * 3 == limited
    assert [16.0] * 3 == currents(transaction)[-3:]


@every_version
async def test_a_limit_of_nothing_suspends_charging(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    charger = make_charger(version)
    transaction = await charging(csms, charger)

    await csms.set_limit("CP1", 0.0, purpose="TxProfile", transaction_id=transaction.transaction_id)
    await charger.until(lambda: charger.charging.evses[0].status == Status.SUSPENDED_EVSE)
    before = charger.charging.evses[0].meter.register_wh
    clock.advance(3600)

    assert before == charger.charging.evses[0].meter.register_wh
    assert not transaction.ended


@every_version
async def test_remote_start_waits_for_the_car_and_remote_stop_ends(
    csms: SimulatedCsms, make_charger: MakeCharger, version: OcppVersion
) -> None:
    charger = await booted(make_charger(version))

    started = await csms.remote_start("CP1", "REMOTE")
    await charger.until(lambda: charger.charging.evses[0].status == Status.PREPARING)
    charger.plug_in()
    await csms.until(lambda: csms.ledger.transactions)
    await charger.until(lambda: not charger.waiting)
    transaction = next(iter(csms.ledger.transactions.values()))
    stopped = await csms.remote_stop("CP1", transaction.transaction_id)
    await csms.until(lambda: transaction.ended)

    assert isinstance(started, CallResult)
    assert isinstance(stopped, CallResult)
    assert "REMOTE" == transaction.id_tag
    assert "Remote" == transaction.reason


@every_version
async def test_an_unwanted_tag_does_not_charge(
    csms: SimulatedCsms, make_charger: MakeCharger, version: OcppVersion
) -> None:
    csms.tags["BAD"] = "Blocked"
    charger = await booted(make_charger(version))
    charger.plug_in()
    charger.present_tag("BAD")
    await charger.until(lambda: "bad" in charger.charging.tags.cache)

    assert {} == csms.ledger.transactions


@every_version
async def test_a_tag_that_is_refused_at_the_start_ends_the_transaction(
    csms: SimulatedCsms, make_charger: MakeCharger, version: OcppVersion
) -> None:
    csms.tags["BAD"] = "Blocked"
    charger = await booted(make_charger(version))
    charger.plug_in()
    await csms.remote_start("CP1", "BAD")
    await csms.until(lambda: any(each.ended for each in csms.ledger.transactions.values()))

    assert ["DeAuthorized"] == [each.reason for each in csms.ledger.transactions.values()]


@every_version
async def test_a_reset_ends_the_transaction_and_boots_again(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    charger = make_charger(version)
    transaction = await charging(csms, charger)

    await csms.reset("CP1", at_once=True)
    await csms.until(lambda: transaction.ended)
    assert transaction.reason == ("HardReset" if version.is_1_6 else "ImmediateReset")
    clock.advance(1)
    await charger.until(lambda: not charger.connected)
    clock.advance(5)
    await csms.until(lambda: len(csms.ledger.boots["CP1"]) == 2)


@every_version
@pytest.mark.parametrize("message", ["BootNotification", "Heartbeat", "StatusNotification"])
async def test_a_triggered_message_follows_the_answer(
    csms: SimulatedCsms, make_charger: MakeCharger, version: OcppVersion, message: str
) -> None:
    await booted(make_charger(version))
    await csms.until(lambda: csms.ledger.calls_of("CP1", "StatusNotification"))
    before = len(csms.ledger.calls_of("CP1", message))

    answer = await csms.trigger("CP1", message, evse_id=1)
    assert isinstance(answer, CallResult)
    if message == "BootNotification" and not version.is_1_6:
        assert "Rejected" == answer.payload["status"], "F06.FR.17: it was accepted already"
        return
    await csms.until(lambda: len(csms.ledger.calls_of("CP1", message)) > before)

    assert "Accepted" == answer.payload["status"]


@every_version
async def test_a_session_that_happens_offline_is_told_afterwards(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    """Transaction messages are queued while offline, in order (C16 4.6, E04)."""
    charger = make_charger(version)
    transaction = await charging(csms, charger)
    await csms.stop()
    await charger.until(lambda: not charger.connected)
    for _ in range(3):
        clock.advance(10)
    charger.unplug()
    waiting = charger.waiting

    await csms.start()
    clock.advance(5)
    await csms.until(lambda: transaction.ended)

    assert len(waiting) >= 4
    assert "EVDisconnected" == transaction.reason
    assert transaction.meter_start_wh is not None
    assert (transaction.meter_stop_wh or 0) > transaction.meter_start_wh


@every_version
async def test_an_offline_start_needs_a_tag_that_was_accepted_before(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    charger = make_charger(version)
    await charging(csms, charger)
    charger.present_tag()
    charger.unplug()
    await charger.until(lambda: not charger.waiting)
    await csms.stop()
    await charger.until(lambda: not charger.connected)

    charger.plug_in()
    charger.present_tag("UNKNOWN")
    assert charger.charging.evses[0].transaction is None
    charger.present_tag()
    assert charger.charging.evses[0].transaction is not None

    await csms.start()
    clock.advance(5)
    await csms.until(lambda: len(csms.ledger.transactions) == 2)
    await charger.until(lambda: not charger.waiting)


@every_version
async def test_a_full_battery_suspends_from_the_cars_side(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    charger = await booted(make_charger(version))
    charger.plug_in(vehicle=Vehicle(capacity_wh=1000, stored_wh=990))
    charger.present_tag()
    await csms.until(lambda: csms.ledger.transactions)
    await charger.until(lambda: not charger.waiting)

    for _ in range(12):
        clock.advance(10)
    await charger.until(lambda: not charger.waiting)

    assert Status.SUSPENDED_EV == charger.charging.evses[0].status
    if version.is_1_6:
        assert "SuspendedEV" == csms.ledger.statuses["CP1", 1]


async def test_a_pending_boot_is_repeated_and_nothing_else_is_sent(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock
) -> None:
    """C16 4.2: before it is accepted a charger sends nothing unasked."""
    csms.registration = "Pending"
    csms.heartbeat_interval = 20
    charger = make_charger()
    await csms.until(lambda: "CP1" in csms.ledger.boots)
    await charger.until(lambda: not charger.waiting)
    charger.plug_in()

    csms.registration = "Accepted"
    clock.advance(20)
    await booted(charger)

    actions = [call.action for call in csms.ledger.calls_of("CP1")]
    assert ["BootNotification", "BootNotification", "StatusNotification"] == actions[:3]


async def test_a_transaction_message_that_fails_is_tried_again(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock
) -> None:
    """TransactionMessageAttempts and TransactionMessageRetryInterval (C16 4.6)."""
    charger = make_charger(call_timeout=0.05)
    transaction = await charging(csms, charger)
    charger.cause(SimulatedFault.HALF_OPEN)
    charger.present_tag()
    assert ["StopTransaction", "StatusNotification"] == charger.waiting

    charger.cause(SimulatedFault.DROP)
    await charger.until(lambda: not charger.connected)
    clock.advance(5)
    await csms.until(lambda: transaction.ended)


async def test_faults_of_answers_happen_once(
    csms: SimulatedCsms, make_charger: MakeCharger
) -> None:
    charger = await booted(make_charger())

    charger.cause(SimulatedFault.ANSWER_TWICE)
    await csms.trigger("CP1", "Heartbeat")
    await csms.until(lambda: csms.ledger.violations)
    charger.cause(SimulatedFault.ANSWER_NEVER)
    with pytest.raises(TimeoutError):
        await csms.command("CP1", "ClearCache", {}, timeout=0.05)
    charger.cause(SimulatedFault.ANSWER_MALFORMED)
    with pytest.raises(TimeoutError):
        await csms.command("CP1", "ClearCache", {}, timeout=0.05)
    answer = await csms.command("CP1", "ClearCache", {})

    assert isinstance(answer, CallResult)
    assert ["an answer without a CALL", "not_json"] == [
        each.message for each in csms.ledger.violations
    ]
    csms.ledger.violations.clear()


async def test_a_late_answer_comes_after_two_minutes(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock
) -> None:
    charger = await booted(make_charger())
    charger.cause(SimulatedFault.ANSWER_LATE)
    with pytest.raises(TimeoutError):
        await csms.command("CP1", "ClearCache", {}, timeout=0.05)

    clock.advance(120)
    await csms.until(lambda: csms.ledger.violations or '"Accepted"' in csms.ledger.frames[-1].text)
    csms.ledger.violations.clear()


async def test_garbage_is_no_frame(csms: SimulatedCsms, make_charger: MakeCharger) -> None:
    charger = await booted(make_charger())

    charger.cause(SimulatedFault.GARBAGE)
    await csms.until(lambda: csms.ledger.violations)

    assert "no frame" == csms.ledger.violations.pop().action


async def test_a_fault_shows_and_recovers(csms: SimulatedCsms, make_charger: MakeCharger) -> None:
    charger = make_charger()
    transaction = await charging(csms, charger)

    charger.cause(SimulatedFault.FAULTED)
    await csms.until(lambda: csms.ledger.statuses["CP1", 1] == "Faulted")
    charger.cause(SimulatedFault.FAULTED)
    await csms.until(lambda: csms.ledger.statuses["CP1", 1] == "Finishing")

    assert "Other" == transaction.reason


async def test_a_cut_connection_comes_back_after_the_delay(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock
) -> None:
    charger = await booted(make_charger(boot_on_reconnect=False, reconnect_delay=7.0))

    charger.cause(SimulatedFault.DROP)
    await charger.until(lambda: not charger.connected)
    clock.advance(7)
    await charger.until(lambda: charger.connected and not charger.waiting)

    assert 1 == len(csms.ledger.boots["CP1"])


async def test_a_reboot_fault_boots_again(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock
) -> None:
    charger = await booted(make_charger(boot_on_reconnect=False))

    charger.cause(SimulatedFault.REBOOT)
    clock.advance(1)
    await charger.until(lambda: not charger.connected)
    clock.advance(5)
    await csms.until(lambda: len(csms.ledger.boots["CP1"]) == 2)
    assert "300" == charger.option(Option.HEARTBEAT_INTERVAL)


async def test_it_says_who_it_is_over_tls(tmp_path: Path) -> None:
    """J16 6.2: Basic authentication, the server's certificate checked against the given CA."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    async with ScriptedCsms(ssl_context=context) as server:
        charger = SimulatedCharger(
            ChargerSimulation(
                url=f"{server.url}/",
                charge_point_id="CP/1",
                password=Secret("s:cret"),
                ca_file=tmp_path / "ca.pem",
                version=OcppVersion.V2_1,
            )
        )
        charger.start()
        request = await server.next_request()
        peer = await server.next_connection()
        boot = await peer.receive_call()
        await charger.stop()

    assert "/ocpp/CP%2F1" == request.path
    assert ["ocpp2.1"] == request.subprotocols
    assert basic_authorization("CP/1", "s:cret")[1] == request.header("Authorization")
    assert "BootNotification" == boot.action


async def test_a_certificate_of_strangers_is_not_trusted(clock: ManualClock) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    async with ScriptedCsms(ssl_context=context) as server:
        charger = SimulatedCharger(ChargerSimulation(url=server.url), clock=clock)
        charger.start()
        await charger.until(lambda: charger.failed_attempts)
        await charger.stop()

    assert [] == server.requests


async def test_a_refused_handshake_is_tried_again_for_ever(clock: ManualClock) -> None:
    async with ScriptedCsms() as server:
        server.plan(Handshake(status=401), Handshake(status=503), Handshake(status=404))
        said: list[str] = []
        charger = SimulatedCharger(
            ChargerSimulation(url=server.url), clock=clock, announce=said.append
        )
        charger.start()
        for attempt in range(1, 4):
            await charger.until(partial(has_failed, charger, attempt))
            clock.advance(5)
        await charger.until(lambda: charger.connected)
        await charger.stop()

    assert 4 == len(server.requests)
    assert "401" in said[0]
    assert "connected" == said[3]
    assert "disconnected" in said[4]


async def test_a_hundred_chargers_share_one_process(csms: SimulatedCsms) -> None:
    clock = ManualClock()
    chargers = [
        SimulatedCharger(
            ChargerSimulation(url=csms.url, charge_point_id=f"CP-{number:03}"), clock=clock
        )
        for number in range(100)
    ]
    for charger in chargers:
        charger.start()
    await csms.until(lambda: len(csms.ledger.boots) == len(chargers), timeout=20)
    for charger in chargers:
        await charger.until(partial(is_accepted, charger))
    await asyncio.gather(*(charger.stop() for charger in chargers))
