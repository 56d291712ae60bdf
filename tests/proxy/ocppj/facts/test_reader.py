import msgspec
import pytest

from oye_proxy.ocppj.facts.payloads import (
    BootNotification,
    MeterValue,
    MeterValues,
    SampledValue,
    StatusNotification,
)
from oye_proxy.ocppj.facts.reader import Reader


def test_a_payload_is_read() -> None:
    payload = Reader(MeterValues).read(
        '{"connectorId":1,"meterValue":[{"timestamp":"t","sampledValue":[{"value":"1"}]}],"x":[]}'
    )

    assert (
        MeterValues(
            connector_id=1,
            meter_value=[MeterValue(timestamp="t", sampled_value=[SampledValue(value="1")])],
        )
        == payload
    )


def test_what_has_the_wrong_shape_costs_its_own_field_alone() -> None:
    payload = Reader(MeterValues).read(
        '{"connectorId":{},"transactionId":7,"meterValue":[5,{"timestamp":[],'
        '"sampledValue":[{"value":"1","phase":4},null,{"value":{},"unit":"W"}]}]}'
    )

    assert (
        MeterValues(
            transaction_id=7,
            meter_value=[
                MeterValue(sampled_value=[SampledValue(value="1"), SampledValue(unit="W")])
            ],
        )
        == payload
    )


@pytest.mark.parametrize(
    "payload_text",
    ["", "{", "[]", "null", "5", '"x"', "[" * 100_000, '{"a":1e999}', '{"a":"\ud800"}'],
)
def test_what_is_no_object_reads_as_an_empty_payload(payload_text: str) -> None:
    assert BootNotification() == Reader(BootNotification).read(payload_text)


def test_null_reads_as_missing() -> None:
    text = '{"connectorId":1,"vendorId":null,"status":null}'

    assert StatusNotification(connector_id=1) == Reader(StatusNotification).read(text)


def test_a_list_that_must_be_salvaged_is_cut() -> None:
    """A list of a million odd things does not stop the proxy."""
    text = msgspec.json.encode({"meterValue": [5, *({} for _ in range(2000))]}).decode()

    assert 511 == len(Reader(MeterValues).read(text).meter_value or [])
