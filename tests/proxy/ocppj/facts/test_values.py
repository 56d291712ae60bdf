from datetime import UTC, datetime
from typing import Any

import pytest

from oye_proxy.ocppj.facts.values import default_unit, integer, moment, normalised, number, text

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" ACE0123 ", "ACE0123"),
        ("", None),
        ("   ", None),
        (None, None),
        (True, None),
        (17, "17"),
        (1.5, "1.5"),
        ([], None),
        ("x" * 300, "x" * 255),
    ],
)
def test_text(value: Any, expected: str | None) -> None:
    assert expected == text(value)


def test_text_of_a_huge_number_is_cut() -> None:
    assert "1" + "0" * 254 == text(10**4200)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12.5", 12.5),
        ("12,5", 12.5),
        (" 7 ", 7.0),
        ("-3", -3.0),
        (4, 4.0),
        ("1,234.5", None),
        ("1,2,3", None),
        ("NaN", None),
        ("inf", None),
        ("1e300", None),
        (10**400, None),
        (True, None),
        (None, None),
        ("", None),
        ({}, None),
    ],
)
def test_number(value: Any, expected: float | None) -> None:
    """1.6 sends numbers as texts (C16 7.43), some chargers with a decimal comma."""
    assert expected == number(value)


@pytest.mark.parametrize(
    ("value", "expected"), [(3, 3), ("3", 3), (3.0, 3), (3.5, None), ("x", None), (None, None)]
)
def test_integer(value: Any, expected: int | None) -> None:
    assert expected == integer(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-04T17:30:00Z", datetime(2026, 5, 4, 17, 30, tzinfo=UTC)),
        ("2026-05-04T19:30:00+02:00", datetime(2026, 5, 4, 17, 30, tzinfo=UTC)),
        ("2026-05-05T17:59:00Z", datetime(2026, 5, 5, 17, 59, tzinfo=UTC)),
        ("2026-05-06T18:00:00Z", NOW),
        ("1970-01-01T00:00:00Z", NOW),
        ("9999-12-31T23:59:59-14:00", NOW),
        ("soon", NOW),
        (None, NOW),
        (5, NOW),
    ],
)
def test_a_missing_or_absurd_time_is_now(value: Any, expected: datetime) -> None:
    assert expected == moment(value, NOW)


@pytest.mark.parametrize(
    ("value", "unit", "multiplier", "measurand", "expected"),
    [
        (1.5, "kWh", None, "Energy.Active.Import.Register", (1500.0, "Wh")),
        (1.5, "KWH", None, "Energy.Active.Import.Register", (1500.0, "Wh")),
        (7.2, "kW", None, "Power.Active.Import", (7200.0, "W")),
        (7.2, "W", 3, "Power.Active.Import", (7200.0, "W")),
        (72, "kW", -1, "Power.Active.Import", (7200.0, "W")),
        (3.0, "kvarh", None, "Energy.Reactive.Import.Register", (3000.0, "varh")),
        (3.0, "kvar", None, "Power.Reactive.Import", (3000.0, "var")),
        (40.0, "Percent", None, "SoC", (40.0, "%")),
        (21.0, "Celcius", None, "Temperature", (21.0, "°C")),
        (68.0, "Fahrenheit", None, "Temperature", (20.0, "°C")),
        (293.15, "K", None, "Temperature", (20.0, "°C")),
        (5.0, None, None, "Energy.Active.Import.Register", (5.0, "Wh")),
        (5.0, None, 3, "Energy.Active.Import.Register", (5000.0, "Wh")),
        (16.0, None, None, "Current.Import", (16.0, "A")),
        (5.0, "parsec", None, "Distance", (5.0, "parsec")),
        (5.0, "W", 99, "Power.Active.Import", None),
    ],
)
def test_values_come_in_base_units(
    value: float,
    unit: str | None,
    multiplier: float | None,
    measurand: str,
    expected: tuple[float, str] | None,
) -> None:
    assert expected == normalised(value, unit, multiplier, measurand)


@pytest.mark.parametrize(
    ("measurand", "expected"),
    [
        ("Energy.Reactive.Export.Register", "varh"),
        ("Energy.Apparent.Net", "VAh"),
        ("Power.Reactive.Import", "var"),
        ("Power.Factor", None),
        ("Power.Offered", "W"),
        ("Voltage", "V"),
        ("SoC", "%"),
        ("Temperature", "°C"),
        ("Frequency", "Hz"),
        ("RPM", None),
    ],
)
def test_unit_of_a_measurand_without_one(measurand: str, expected: str | None) -> None:
    """C16 7.31: Wh for energy alone; the others follow from what is measured."""
    assert expected == default_unit(measurand)
