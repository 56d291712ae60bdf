"""What is shown to strangers tells no secret, and still tells what went wrong."""

from datetime import UTC, datetime

import pytest
from custom_components.oye.models import Mode
from custom_components.oye.redaction import Aliases, owner_of, redacted, secrets_in
from homeassistant.components.diagnostics import REDACTED


def aliases(*charge_point_ids: str, **names: str) -> Aliases:
    return Aliases({**{one: one for one in charge_point_ids}, **names})


def test_chargers_are_numbered_in_the_order_of_their_ids() -> None:
    ours = aliases("CP2", "CP1")

    assert ["charger_1", "charger_2", "charger_3"] == [ours.of(f"CP{n}") for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("unique_id", "expected"),
    [
        ("A_1_energy", "charger_1_1_energy"),
        ("A_1_2_session_energy", "charger_2_2_session_energy"),
        ("energy", REDACTED),
    ],
)
def test_unique_ids_have_the_alias_of_their_charger(unique_id: str, expected: str) -> None:
    assert expected == aliases("A", "A_1").of_unique_id(unique_id)


def test_a_unique_id_of_no_connector_has_no_owner() -> None:
    assert owner_of("0f8e6d2c") is None


@pytest.mark.parametrize("charge_point_id", ["1", "1.6", "16", "A", "v2", "2.0.1", "42528", "5e3"])
def test_a_short_id_mangles_no_version_and_no_number(charge_point_id: str) -> None:
    data = {
        "version": "1.6",
        "info": "A 16 A fuse, OCPP 1.6 and 2.0.1 on port 42528, firmware v2, 5e3 W",
        "1": 1,
        "number": 16,
    }

    assert data == redacted(data, aliases(charge_point_id))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CP1 is away", "charger_1 is away"),
        ("cp1, CP10 and xCP1", "charger_1, charger_2 and xCP1"),
        ("the port CP1_1_energy", "the port charger_1_1_energy"),
        ("Anna's garage is open", "charger_1 is open"),
        ("wss://u:p@csms.example:9/CP1?key=1 is away", f"wss://csms.example:9/{REDACTED} is away"),
        ("http://192.0.2.1/", "http://192.0.2.1/"),
        ("http://192.0.2.1", "http://192.0.2.1"),
        ("AuthorizationKey=0123456789 set", f"AuthorizationKey={REDACTED} set"),
        ('{"password": "hunter2"}', f'{{"password": "{REDACTED}"}}'),
        ("Authorization: Bearer oye_abcdef", f"Authorization: Bearer {REDACTED}"),
        ("the token is not in force", "the token is not in force"),
        ("from 198.51.100.7:1234 and 04AABBCC", f"from {REDACTED}:1234 and {REDACTED}"),
    ],
)  # fmt: skip
def test_free_text_keeps_its_sense(text: str, expected: str) -> None:
    ours = Aliases({"CP1": "Anna's garage", "CP10": "CP10"})

    assert {"info": expected} == redacted({"info": text}, ours, ["198.51.100.7", "04AABBCC"])


def test_what_stands_under_a_telling_key_goes_and_wherever_it_is_repeated() -> None:
    data = {
        "serial_number": "SN-778899",
        "iccid": None,
        "params": [{"idTag": "04AABBCC", "detail": "Tag 04aabbcc of sn-778899"}],
        "setting": {"key": "AuthorizationKey", "value": "0123456789abcdef"},
        "harmless": {"key": "HeartbeatInterval", "value": "300"},
    }

    assert {
        "serial_number": REDACTED,
        "iccid": None,
        "params": [{"idTag": REDACTED, "detail": f"Tag {REDACTED} of {REDACTED}"}],
        "setting": {"key": "AuthorizationKey", "value": REDACTED},
        "harmless": {"key": "HeartbeatInterval", "value": "300"},
    } == redacted(data, aliases())
    assert ["SN-778899", "04AABBCC"] == list(secrets_in(data))


def test_words_that_are_not_of_the_owner_stay() -> None:
    """A charger can be called as its maker, or as a state."""
    data = {"vendor": "Wallbox", "unit": "CP1", "mode": Mode.FORWARD, "info": "Wallbox, forward"}

    assert {
        "vendor": "Wallbox",
        "unit": "CP1",
        "mode": "forward",
        "info": "charger_1, charger_2",
    } == redacted(data, Aliases({"CP1": "Wallbox", "forward": "forward"}))


def test_ids_in_keys_become_aliases_and_all_of_it_can_be_json() -> None:
    data = {
        "CP1": ("CP1", frozenset({"b", "a"})),
        1: datetime(2026, 11, 21, tzinfo=UTC),
        "csms_url": "no address at all",
    }

    assert {
        "charger_1": ["charger_1", ["a", "b"]],
        1: "2026-11-21T00:00:00+00:00",
        "csms_url": REDACTED,
    } == redacted(data, aliases("CP1"))
