"""The lists of actions against the official schemas: none forgotten, none invented."""

import pytest

from oye_proxy.ocppj.actions import CHARGER_ACTIONS, CSMS_ACTIONS, SEND_ACTIONS
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.schema_files import load_schema_texts


@pytest.mark.parametrize("version", OcppVersion)
def test_the_two_sides_together_have_every_action_of_the_schemas(version: OcppVersion) -> None:
    in_schemas = {
        name.removesuffix("Response").removesuffix("Request")
        for of, name in load_schema_texts()
        if of == version
    }

    assert in_schemas == CHARGER_ACTIONS[version] | CSMS_ACTIONS[version]


@pytest.mark.parametrize("version", OcppVersion)
def test_only_data_transfer_goes_both_ways(version: OcppVersion) -> None:
    assert {"DataTransfer"} == CHARGER_ACTIONS[version] & CSMS_ACTIONS[version]


@pytest.mark.parametrize("version", OcppVersion)
def test_a_send_is_an_action_without_a_schema_of_its_answer(version: OcppVersion) -> None:
    """Q4 4.2.4: a SEND is never answered."""
    names = {name for of, name in load_schema_texts() if of == version}
    actions = CHARGER_ACTIONS[version] | CSMS_ACTIONS[version]

    assert SEND_ACTIONS[version] == {
        action for action in actions if f"{action}Response" not in names
    }
