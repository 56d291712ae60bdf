"""Answers that are the same in every version; the conftest's operator judges them by schema."""

from typing import Any

import pytest
from tests.proxy.simulator.conftest import MakeCharger, asked, booted, every_version, status_of

from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.simulator.answers_common import raised
from oye_proxy.simulator.clock import START, ManualClock, rfc3339
from oye_proxy.simulator.csms import SimulatedCsms


@every_version
@pytest.mark.parametrize(
    ("action", "payload", "expected"),
    [
        ("ClearCache", {}, {"status": "Accepted"}),
        (
            "DataTransfer",
            {"vendorId": "TestVendor", "data": "echo"},
            {"status": "Accepted", "data": "echo"},
        ),
        ("DataTransfer", {"vendorId": "Other"}, {"status": "UnknownVendorId"}),
        ("CancelReservation", {"reservationId": 9}, {"status": "Rejected"}),
    ],
)
async def test_what_every_version_answers_alike(
    csms: SimulatedCsms,
    make_charger: MakeCharger,
    version: OcppVersion,
    action: str,
    payload: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    await booted(make_charger(version))

    assert expected == await asked(csms, action, payload)


@every_version
async def test_a_cleared_cache_knows_no_tag(
    csms: SimulatedCsms, make_charger: MakeCharger, version: OcppVersion
) -> None:
    charger = await booted(make_charger(version))
    charger.charging.tags.cache["a"] = "Accepted"

    assert "Accepted" == await status_of(csms, "ClearCache", {})
    assert {} == charger.charging.tags.cache


@every_version
async def test_new_firmware_boots_with_its_version(
    csms: SimulatedCsms, make_charger: MakeCharger, clock: ManualClock, version: OcppVersion
) -> None:
    charger = await booted(make_charger(version))
    place = {"location": "ftp://127.0.0.1/fw"}
    if version.is_1_6:
        payload: dict[str, Any] = {**place, "retrieveDate": rfc3339(START)}
    else:
        payload = {"requestId": 3, "firmware": {**place, "retrieveDateTime": rfc3339(START)}}
    await asked(csms, "UpdateFirmware", payload)
    clock.advance(26)
    await charger.until(lambda: not charger.connected)
    clock.advance(5)
    await csms.until(lambda: len(csms.ledger.boots["CP1"]) == 2)

    boot = csms.ledger.boots["CP1"][1]
    about = boot if version.is_1_6 else boot["chargingStation"]
    assert "1.0.1" == about["firmwareVersion"]


@pytest.mark.parametrize(
    ("version", "expected"), [("1.0.9", "1.0.10"), ("beta", "beta.1"), ("7", "8")]
)
def test_the_next_version(version: str, expected: str) -> None:
    assert expected == raised(version)
