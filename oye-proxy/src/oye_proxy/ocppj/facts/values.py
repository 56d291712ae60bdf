"""Single values as chargers write them, made into numbers, texts, times and base units."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from oye_proxy.ocppj.timestamps import from_text

TEXT_LIMIT: Final = 255

_MAGNITUDE_LIMIT = 1e15
_MULTIPLIER_LIMIT = 30
_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)

# Unit in lower case: base unit, factor, offset that is added after the factor.
_UNITS: Final[dict[str, tuple[str, float, float]]] = {
    "wh": ("Wh", 1, 0),
    "kwh": ("Wh", 1000, 0),
    "varh": ("varh", 1, 0),
    "kvarh": ("varh", 1000, 0),
    "vah": ("VAh", 1, 0),
    "kvah": ("VAh", 1000, 0),
    "w": ("W", 1, 0),
    "kw": ("W", 1000, 0),
    "va": ("VA", 1, 0),
    "kva": ("VA", 1000, 0),
    "var": ("var", 1, 0),
    "kvar": ("var", 1000, 0),
    "a": ("A", 1, 0),
    "v": ("V", 1, 0),
    "kv": ("V", 1000, 0),
    "hz": ("Hz", 1, 0),
    "hertz": ("Hz", 1, 0),
    "percent": ("%", 1, 0),
    "%": ("%", 1, 0),
    "celsius": ("°C", 1, 0),
    "celcius": ("°C", 1, 0),  # 1.6 spells it so (C16 7.45)
    "c": ("°C", 1, 0),
    "fahrenheit": ("°C", 5 / 9, -160 / 9),
    "k": ("°C", 1, -273.15),
}

BASE_UNITS: Final = frozenset(base for base, _, _ in _UNITS.values())

# The unit of a measurand sent without one, by its beginning; the first that fits.
_DEFAULT_UNITS: Final[tuple[tuple[str, str | None], ...]] = (
    ("Energy.Reactive", "varh"),
    ("Energy.Apparent", "VAh"),
    ("Energy", "Wh"),
    ("Power.Reactive", "var"),
    ("Power.Factor", None),
    ("Power", "W"),
    ("Current", "A"),
    ("Voltage", "V"),
    ("SoC", "%"),
    ("Temperature", "°C"),
    ("Frequency", "Hz"),
)


def text(value: Any) -> str | None:
    """Return a text of at most 255 characters; None when the value is none or empty."""
    if not isinstance(value, str):
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        value = str(value)
    return value.strip()[:TEXT_LIMIT] or None


def number(value: Any) -> float | None:
    """Return a finite number; 1.6 sends texts, some with a decimal comma."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, OverflowError):
        return None
    except ValueError:
        return number(value.replace(",", ".", 1)) if "," in value else None
    # Written so that it is false for what is not a number.
    return found if -_MAGNITUDE_LIMIT < found < _MAGNITUDE_LIMIT else None


def integer(value: Any) -> int | None:
    """Return a whole number; None when the value is none."""
    if type(value) is int:
        return value if -_MAGNITUDE_LIMIT < value < _MAGNITUDE_LIMIT else None
    found = number(value)
    return int(found) if found is not None and found.is_integer() else None


def moment(value: Any, now: datetime) -> datetime:
    """Return the time a charger wrote, `now` when it is missing or absurd (1970, next year)."""
    found = from_text(value)
    return found if found is not None and _EARLIEST <= found <= now + _AHEAD else now


def default_unit(measurand: str) -> str | None:
    """Return the base unit of a measurand that was sent without one (C16 7.31)."""
    return next((unit for start, unit in _DEFAULT_UNITS if measurand.startswith(start)), None)


def normalised(
    value: float, unit: str | None, multiplier: float | None, measurand: str
) -> tuple[float, str | None] | None:
    """Return a value in its base unit and that unit; None when the multiplier is absurd."""
    if multiplier:
        if abs(multiplier) > _MULTIPLIER_LIMIT:
            return None
        value *= 10.0**multiplier
    if unit is None:
        return round(value, 6), default_unit(measurand)
    base, factor, offset = _UNITS.get(unit.lower(), (unit[:TEXT_LIMIT], 1, 0))
    return round(value * factor + offset, 6), base
