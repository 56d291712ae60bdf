"""Versions, subprotocols and the choice of one."""

import pytest

from oye_proxy.ocppj.versions import (
    SUBPROTOCOLS,
    VERSION_TOKENS,
    OcppVersion,
    choose_subprotocol,
    version_of,
)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["ocpp1.6"], "ocpp1.6"),
        (["ocpp1.6", "ocpp2.0.1"], "ocpp1.6"),
        (["ocpp2.1", "ocpp2.0.1", "ocpp1.6"], "ocpp2.1"),
        (["ocpp1.5", "ocpp2.0", "ocpp2.0.1"], "ocpp2.0.1"),
        (["ocpp1.6j"], "ocpp1.6j"),
        (["OCPP1.6"], "OCPP1.6"),
        (["mqtt", "ocpp1.5"], None),
        ([], None),
    ],
)
def test_the_charger_s_order_decides_and_the_name_is_answered_as_offered(
    offered: list[str], chosen: str | None
) -> None:
    """Q4 3.1.2."""
    assert chosen == choose_subprotocol(offered)


@pytest.mark.parametrize(
    ("subprotocol", "version"),
    [
        ("ocpp1.6", OcppVersion.V1_6),
        ("OCPP1.6J", OcppVersion.V1_6),
        ("ocpp2.0.1", OcppVersion.V2_0_1),
        ("ocpp2.1", OcppVersion.V2_1),
        ("ocpp2.0", None),
        ("", None),
        (None, None),
    ],
)
def test_a_subprotocol_stands_for_a_version(
    subprotocol: str | None, version: OcppVersion | None
) -> None:
    assert version is version_of(subprotocol)


def test_every_version_has_a_subprotocol_and_tokens_of_a_url() -> None:
    assert set(OcppVersion) == set(SUBPROTOCOLS.values())
    assert set(OcppVersion) == set(VERSION_TOKENS.values())


def test_only_1_6_speaks_1_6() -> None:
    assert [True, False, False] == [version.is_1_6 for version in OcppVersion]
