from datetime import UTC, datetime
from typing import Any

import pytest

from oye_proxy.errors import ConflictError, InvalidRequestError
from oye_proxy.ocppj.intents.context import (
    IntentContext,
    charging_connector,
    connector_for,
    id_tag_for,
    only_connector,
    transaction_for,
)
from oye_proxy.ocppj.versions import OcppVersion


def context(**members: Any) -> IntentContext:
    return IntentContext(now=datetime(2026, 11, 21, 12, tzinfo=UTC), **members)


def test_the_only_connector_need_not_be_named() -> None:
    assert 1 == connector_for(None, context(connector_ids=(0, 1)))
    assert 2 == connector_for(2, context(connector_ids=(0, 1)))
    assert only_connector(context(connector_ids=(1, 2))) is None
    assert only_connector(context()) is None


@pytest.mark.parametrize(
    ("connector_ids", "said"),
    [
        ((), "No connector of this charger is known yet: give connectorId."),
        ((0,), "No connector of this charger is known yet: give connectorId."),
        ((1, 2), "This charger has several connectors: give connectorId."),
    ],
)
def test_a_connector_that_cannot_be_guessed_must_be_named(
    connector_ids: tuple[int, ...], said: str
) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        connector_for(None, context(connector_ids=connector_ids))

    assert said == str(refused.value)


def test_the_only_connector_that_charges_is_meant() -> None:
    busy = context(connector_ids=(1, 2), transactions={2: "42"})

    assert 2 == charging_connector(None, busy)
    assert 1 == charging_connector(1, busy)
    assert 1 == charging_connector(None, context(connector_ids=(1,)))


def test_which_transaction_is_meant() -> None:
    one = context(transactions={2: "42"})

    assert "7" == transaction_for("7", None, one)
    assert "42" == transaction_for(None, 2, one)
    assert "42" == transaction_for(None, None, one)
    with pytest.raises(ConflictError, match="No transaction is running on connector 1"):
        transaction_for(None, 1, one)
    with pytest.raises(ConflictError, match="No transaction is running"):
        transaction_for(None, None, context())
    with pytest.raises(InvalidRequestError, match="Several"):
        transaction_for(None, None, context(transactions={1: "41", 2: "42"}))


@pytest.mark.parametrize(
    ("version", "longest"),
    [(OcppVersion.V1_6, 20), (OcppVersion.V2_0_1, 36), (OcppVersion.V2_1, 255)],
)
def test_a_tag_that_the_version_cannot_carry_is_refused(version: OcppVersion, longest: int) -> None:
    """C16 3.9; the schemas of 2.0.1 and 2.1."""
    assert "A" * longest == id_tag_for("A" * longest, version, context())
    with pytest.raises(InvalidRequestError, match=f"at most {longest} characters"):
        id_tag_for("A" * (longest + 1), version, context())
    with pytest.raises(InvalidRequestError, match=f"at most {longest} characters"):
        id_tag_for(None, version, context(id_tag="A" * (longest + 1)))


def test_the_tag_of_the_caller_goes_first() -> None:
    assert "MINE" == id_tag_for("MINE", OcppVersion.V1_6, context(id_tag="DEFAULT"))
    assert "DEFAULT" == id_tag_for(None, OcppVersion.V1_6, context(id_tag="DEFAULT"))
    with pytest.raises(InvalidRequestError, match="Give an idTag"):
        id_tag_for(None, OcppVersion.V1_6, context(id_tag=""))
