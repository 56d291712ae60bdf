"""`oye-proxy config`: the stored state, without a running proxy."""

from pathlib import Path

import pytest
from tests.proxy.cli.conftest import Run

from oye_proxy.storage.claim import claimed


def test_all_values_are_printed_with_their_defaults(run: Run) -> None:
    run("config", "set", "autoChargeEnabled", "false")
    result = run("config", "get")

    assert 0 == result.code
    assert [
        "targetCsmsUrl=ws://localhost/ocpp",
        "csmsForwardingEnabled=false",
        "autoChargeEnabled=false",
        "defaultIdTag=ADMIN_TAG",
    ] == result.out.splitlines()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("targetCsmsUrl", "wss://csms.example.com/ocpp"),
        ("csmsForwardingEnabled", "true"),
        ("autoChargeEnabled", "true"),
        ("defaultIdTag", "GARAGE"),
    ],
)
def test_a_value_is_set(run: Run, key: str, value: str) -> None:
    changed = run("config", "set", key, value)

    assert (0, "") == (changed.code, changed.out)
    assert f"{value}\n" == run("config", "get", key).out


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("targetCsmsUrl", "http://csms.example.com"),
        ("targetCsmsUrl", "ws://127.0.0.1:8080/ocpp"),
        ("csmsForwardingEnabled", "yes"),
        ("defaultIdTag", " "),
    ],
)
def test_a_value_that_cannot_be_is_one_sentence_and_changes_nothing(
    run: Run, key: str, value: str
) -> None:
    run("config", "set", "autoChargeEnabled", "false")
    before = run("config", "get", key).out
    result = run("config", "set", key, value)

    assert 1 == result.code
    assert result.err.startswith("oye-proxy: ")
    assert before == run("config", "get", key).out


def test_nothing_is_changed_beside_a_proxy_that_would_not_see_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "data/db/oye-proxy.db"
    arguments = ("--data-dir", str(tmp_path / "data"))
    run("config", "set", "autoChargeEnabled", "false", *arguments)

    with claimed(path):
        result = run("config", "set", "autoChargeEnabled", "true", *arguments)

    assert 1 == result.code
    assert "oye-proxy: " in result.err
    assert "false\n" == run("config", "get", "autoChargeEnabled", *arguments).out
