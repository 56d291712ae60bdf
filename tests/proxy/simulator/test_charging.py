"""What happens at the outlets, without any connection: the CALLs are collected."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from oye_proxy.simulator.charging import Charging
from oye_proxy.simulator.clock import ManualClock
from oye_proxy.simulator.configuration import ConfigurationKeys, Option
from oye_proxy.simulator.evse import Authorization, Reservation, Status
from oye_proxy.simulator.exchange import Outgoing, Payload
from oye_proxy.simulator.identity import ChargerSimulation
from oye_proxy.simulator.messages_v16 import MessagesV16
from oye_proxy.simulator.vehicle import Vehicle

ACCEPTED: Payload = {"transactionId": 1, "idTagInfo": {"status": "Accepted"}}


class Site:
    """A charger of two EVSEs without a CSMS; `answer` is what every CALL gets."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.sent: list[Outgoing] = []
        self.online = True
        self.answer: Callable[[Outgoing], Payload | None] = lambda _outgoing: ACCEPTED
        self.keys = ConfigurationKeys(connectors=2, meter_interval=10, heartbeat_interval=300)
        self.charging = Charging(
            clock=self.clock,
            options=self.keys,
            messages=MessagesV16(ChargerSimulation(), self.clock),
            send=self._send,
            is_online=lambda: self.online,
            evse_count=2,
            phases=3,
            max_current_a=32,
            seed=1,
        )

    @property
    def actions(self) -> list[str]:
        return [outgoing.action for outgoing in self.sent]

    def _send(self, outgoing: Outgoing) -> None:
        self.sent.append(outgoing)
        if outgoing.on_result is not None:
            outgoing.on_result(self.answer(outgoing))


@pytest.fixture
def site() -> Site:
    return Site()


def statuses(site: Site) -> list[str]:
    return [
        outgoing.build()["status"]
        for outgoing in site.sent
        if outgoing.action == "StatusNotification"
    ]


def test_a_session_in_order(site: Site) -> None:
    site.charging.plug_in(1, Vehicle())
    site.charging.present_tag("A")
    site.clock.advance(10)
    site.charging.present_tag("a")
    site.charging.unplug(1)

    assert [
        "StatusNotification",
        "Authorize",
        "StartTransaction",
        "StatusNotification",
        "MeterValues",
        "StopTransaction",
        "StatusNotification",
        "StatusNotification",
    ] == site.actions
    assert ["Preparing", "Charging", "Finishing", "Available"] == statuses(site)


def test_a_tag_may_come_before_the_car_but_not_too_long_before(site: Site) -> None:
    """ConnectionTimeOut (C16 9.1.5)."""
    site.charging.present_tag("A")
    assert Status.PREPARING == site.charging.evses[0].status
    site.clock.advance(60)
    assert "Available" == statuses(site)[-1]

    site.charging.present_tag("A")
    site.clock.advance(59)
    site.charging.plug_in(1)
    assert "StartTransaction" in site.actions


def test_a_tag_belongs_to_the_waiting_car(site: Site) -> None:
    site.charging.plug_in(2)
    site.charging.present_tag("A")

    assert site.charging.evses[1].transaction is not None


def test_plugging_twice_and_unplugging_nothing_change_nothing(site: Site) -> None:
    site.charging.unplug(1)
    site.charging.plug_in(1)
    vehicle = site.charging.evses[0].vehicle
    site.charging.plug_in(1)

    assert vehicle is site.charging.evses[0].vehicle
    assert ["StatusNotification"] == site.actions


def test_a_remote_start_asks_first_when_configured(site: Site) -> None:
    """AuthorizeRemoteTxRequests (C16 5.11)."""
    evse = site.charging.evses[0]
    site.charging.plug_in(1)
    site.keys.put(Option.AUTHORIZE_REMOTE_START, "true")
    site.charging.start_remotely(evse, Authorization("A", 1))

    assert ["StatusNotification", "Authorize", "StartTransaction"] == site.actions[:3]
    site.charging.start_remotely(evse, Authorization("B", 1))
    assert 1 == site.actions.count("StartTransaction"), "it charges already"


def test_a_refused_tag_ends_the_transaction_only_if_so_configured(site: Site) -> None:
    """StopTransactionOnInvalidId (C16 9.1.26)."""
    site.answer = lambda _outgoing: {"transactionId": 1, "idTagInfo": {"status": "Blocked"}}
    site.keys.put(Option.STOP_ON_INVALID_TAG, "false")
    site.charging.plug_in(1)
    site.charging.admit(site.charging.evses[0], Authorization("A"))

    assert site.charging.evses[0].transaction is not None


def test_offline_the_local_list_goes_before_the_cache(site: Site) -> None:
    """C16 3.5: LocalAuthorizeOffline."""
    site.online = False
    site.charging.plug_in(1)
    site.charging.tags.cache["a"] = "Accepted"
    site.charging.tags.local_list["a"] = "Blocked"
    site.charging.present_tag("A")
    assert site.charging.evses[0].transaction is None

    site.charging.tags.local_list.clear()
    site.keys.put(Option.AUTHORIZE_OFFLINE, "false")
    site.charging.present_tag("A")
    assert site.charging.evses[0].transaction is None

    site.keys.put(Option.AUTHORIZE_OFFLINE, "true")
    site.charging.present_tag("A")
    assert site.charging.evses[0].transaction is not None


def test_no_answer_authorises_nobody(site: Site) -> None:
    site.answer = lambda _outgoing: None
    site.charging.plug_in(1)
    site.charging.present_tag("A")

    assert site.charging.evses[0].transaction is None


def test_the_cache_of_tags_is_bounded(site: Site) -> None:
    for number in range(150):
        site.charging.authorize(f"T{number}", lambda: None)

    assert 100 == len(site.charging.tags.cache)
    assert "t149" in site.charging.tags.cache


def test_a_reserved_evse_is_for_its_tag(site: Site) -> None:
    expiry = site.clock.now() + timedelta(minutes=1)
    evse = site.charging.evses[0]
    site.charging.reserve(evse, Reservation(1, "VIP", expiry))

    site.charging.present_tag("A", 1)
    assert evse.authorization is None
    assert site.charging.startable(1, "vip") is evse
    assert site.charging.reservable(0) is site.charging.evses[1]
    assert site.charging.reservable(1) is evse
    site.clock.advance(60)
    assert Status.AVAILABLE == evse.status


def test_meter_values_can_be_switched_off_and_on(site: Site) -> None:
    """C16 9.1.17: 0 sends none."""
    site.keys.put(Option.METER_INTERVAL, "0")
    site.charging.plug_in(1, Vehicle())
    site.charging.present_tag("A")
    site.clock.advance(30)
    assert "MeterValues" not in site.actions

    site.keys.put(Option.METER_INTERVAL, "5")
    site.clock.advance(15)
    assert 2 == site.actions.count("MeterValues")


def test_no_measurand_means_energy_and_an_unknown_one_nothing(site: Site) -> None:
    site.keys.put(Option.MEASURANDS, "")
    site.charging.sample(site.charging.evses[0])
    site.keys.put(Option.MEASURANDS, "SoC")
    site.charging.sample(site.charging.evses[0])

    [metered] = site.sent
    assert 1 == len(metered.build()["meterValue"][0]["sampledValue"])


def test_availability_set_twice_is_told_once(site: Site) -> None:
    evse = site.charging.evses[0]
    assert not site.charging.set_operative(evse, operative=False)
    assert not site.charging.set_operative(evse, operative=False)

    assert ["Unavailable"] == statuses(site)


def test_listeners_hear_of_changes_and_stop_cancels_all(site: Site) -> None:
    heard: list[int] = []
    site.charging.on_change(lambda: heard.append(1))
    site.charging.plug_in(1)
    site.charging.present_tag("A")
    site.charging.timers.stop()
    sent = len(site.sent)
    site.clock.advance(3600)

    assert heard
    assert sent == len(site.sent)


def test_evses_are_found_by_number_and_by_transaction(site: Site) -> None:
    assert site.charging.evse(0) is None
    assert site.charging.evse(3) is None
    assert site.charging.evse(2) is site.charging.evses[1]
    assert site.charging.evse_of("1") is None
    site.charging.end(site.charging.evses[0], "Local")
    assert [] == site.sent
