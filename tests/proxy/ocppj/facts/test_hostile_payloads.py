"""No payload, however odd, breaks the facts or makes them grow."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.proxy.ocppj.facts.wire import Wire

from oye_proxy.ocppj.actions import CHARGER_ACTIONS, CSMS_ACTIONS
from oye_proxy.ocppj.facts import Facts
from oye_proxy.ocppj.versions import OcppVersion

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-05-04T18:00:00Z", "1970-01-01", "9999-12-31T23:59:59-14:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


_KEYS = st.sampled_from(
    [
        *["connectorId", "evseId", "evse", "id", "transactionId", "transactionInfo", "eventType"],
        *["meterValue", "sampledValue", "value", "measurand", "phase", "unit", "unitOfMeasure"],
        *["multiplier", "timestamp", "status", "idTag", "idToken", "idTagInfo", "idTokenInfo"],
        *["meterStart", "meterStop", "transactionData", "seqNo", "eventData", "component"],
        *["variable", "name", "actualValue", "reportData", "configurationKey", "key", "type"],
        *["chargingSchedule", "chargingSchedulePeriod", "limit", "startPeriod", "interval"],
        *["connectorStatus", "chargingStation", "model", "chargePointModel", "remoteStartId"],
    ]
)


_WORDS = st.sampled_from(
    [
        *[1, 2, 0, -1, "1", 1e14, 10**40, "kWh", "Started", "Ended", "Occupied", "Available"],
        *["Charging", "Accepted", "AvailabilityState", "Problem", "NumberOfConnectors"],
    ]
)


_PAYLOADS = st.recursive(
    _WORDS | _JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=12,
)


_ACTIONS = st.sampled_from(
    sorted(
        (version, action)
        for version in OcppVersion
        for action in CHARGER_ACTIONS[version] | CSMS_ACTIONS[version]
    )
)


@given(st.lists(st.tuples(_ACTIONS, _PAYLOADS, _PAYLOADS, st.booleans()), max_size=6))
def test_no_payload_raises(
    exchanges: list[tuple[tuple[OcppVersion, str], Any, Any, bool]],
) -> None:
    """Whatever JSON a charger or a CSMS sends with a known action, facts ignore it or take it."""
    wire = Wire(OcppVersion.V1_6)
    for (version, action), payload, answer, by_charger in exchanges:
        wire.version = version
        for event in (wire.charger if by_charger else wire.csms)(action, payload, answer):
            msgspec.json.encode(event)
        view = wire.facts.view(wire.now)
        assert view == msgspec.json.decode(msgspec.json.encode(view), type=type(view))
        Facts.restore(wire.facts.dump())


def test_a_hostile_charger_cannot_make_it_grow() -> None:
    wire = Wire(OcppVersion.V1_6)
    for number in range(300):
        wire.charger(
            "MeterValues",
            {
                "connectorId": number,
                "transactionId": number,
                "meterValue": [
                    {"sampledValue": [{"value": "1", "measurand": f"{number}-{n}" + "x" * 999}]}
                    for n in range(90)
                ],
            },
        )
        wire.charger("Authorize", {"idTag": f"tag-{number}"}, {"idTagInfo": {"status": "Invalid"}})
    view = wire.facts.view(wire.now)

    assert 64 == len(view.connectors)
    assert {64} == {len(one.samples) for one in view.connectors}
    assert 255 == max(len(name) for one in view.connectors for name in one.samples)
