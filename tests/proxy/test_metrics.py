import pytest
from prometheus_client.parser import text_string_to_metric_families

from oye_proxy import metrics as module
from oye_proxy.metrics import Metrics


def samples(metrics: Metrics) -> dict[tuple[str, str], float]:
    return {
        (
            sample.name,
            " ".join(f"{name}={sample.labels[name]}" for name in sorted(sample.labels)),
        ): (sample.value)
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }


def test_every_counter_has_the_name_that_others_know() -> None:
    """Dashboards of the gateway for fleets go on working."""
    served = {family.name for family in text_string_to_metric_families(Metrics().text().decode())}

    assert {
        "ocpp_connections_active",
        "ocpp_inbound",
        "ocpp_outbound",
        "ocpp_auth_failures",
        "ocpp_auth_success",
        "ocpp_error_codes",
        "ocpp_schema_failures",
        "ocpp_timeouts",
        "ocpp_payload_too_large",
        "ocpp_pending_overflow",
    } <= served
    assert {"oye_records_stored", "oye_records_dropped", "oye_injections"} <= served


def test_the_end_of_each_certificate_is_a_moment() -> None:
    metrics = Metrics()
    metrics.certificate_ends = lambda: {"main": 1_801_612_800.0}

    assert (
        1_801_612_800 == samples(metrics)["oye_certificate_end_timestamp_seconds", "purpose=main"]
    )


def test_counters_without_labels_start_at_zero() -> None:
    metrics = Metrics()
    metrics.inbound.add()
    metrics.inbound.add(2)
    metrics.connections = lambda: 7
    found = samples(metrics)

    assert 3 == found["ocpp_inbound_total", ""]
    assert 0 == found["ocpp_outbound_total", ""]
    assert 7 == found["ocpp_connections_active", ""]


def test_the_room_of_the_database_is_told_when_it_is_known() -> None:
    metrics = Metrics()
    before = [name for name, _ in samples(metrics) if name == "oye_storage_bytes"]
    metrics.storage_bytes = lambda: {"used": 5}

    assert [] == before
    assert 5 == samples(metrics)["oye_storage_bytes", "kind=used"]


def test_labels_keep_their_order() -> None:
    metrics = Metrics()
    metrics.auth_failures.add("basic_invalid", "local")
    metrics.auth_failures.add("basic_invalid", "local")
    metrics.injections.add('odd "label"\n')
    found = samples(metrics)

    assert 2 == found["ocpp_auth_failures_total", "mode=local reason=basic_invalid"]
    assert 1 == found["oye_injections_total", 'outcome=odd "label"\n']


def test_a_charger_cannot_grow_the_set_of_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_SERIES", 3)
    metrics = Metrics()
    for number in range(10):
        metrics.timeouts.add("down", f"Action{number}")
    metrics.timeouts.add("down", "Action0")

    assert {
        ("down", "Action0"): 2,
        ("down", "Action1"): 1,
        ("down", "Action2"): 1,
        ("other", "other"): 7,
    } == metrics.timeouts.values


def test_two_proxies_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.records_stored.add()

    assert 0 == other.records_stored.value


def test_of_the_last_minute_nothing_older_is_counted() -> None:
    metrics = Metrics()
    values = []
    for seconds, inbound, outbound in (
        (0, 3, 0),
        (1, 1, 1),
        (58, 1, 0),
        (1, 0, 0),
        (1, 4, 0),
        (60, 0, 0),
    ):
        for _ in range(seconds):
            metrics.last_minute.sample()
        metrics.inbound.add(inbound)
        metrics.outbound.add(outbound)
        values.append(metrics.last_minute.value)

    assert [3, 5, 6, 3, 5, 0] == values
