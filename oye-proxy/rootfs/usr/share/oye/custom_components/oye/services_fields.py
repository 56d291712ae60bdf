"""The fields of the actions: what Home Assistant takes, and the API's word for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import probatio
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

YEAR: Final = timedelta(days=365)
WEEK: Final = timedelta(days=7)

type Validator = Callable[[Any], Any]
type Fields = dict[probatio.Marker, Any]


def moment(value: datetime) -> str:
    """Return a time as the API takes it; one without a zone is in Home Assistant's."""
    return dt_util.as_utc(value).isoformat()


def seconds(value: timedelta) -> int:
    """Return a duration in whole seconds."""
    return int(value.total_seconds())


def setting_value(value: Any) -> str:
    """Return the text of a charger's setting; YAML makes booleans of some."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return cv.string(value)


def text(longest: int, *, shortest: int = 1) -> Validator:
    """Return a text of so many characters."""
    return probatio.All(cv.string, probatio.Length(min=shortest, max=longest))


def whole(minimum: int, maximum: int) -> Validator:
    """Return a whole number; a selector gives 6.0 where 6 is meant."""
    return probatio.All(_integer, probatio.Range(min=minimum, max=maximum))


def amount(maximum: float) -> Validator:
    """Return a number that is not negative."""
    return probatio.All(probatio.Coerce(float), probatio.Range(min=0, max=maximum))


def duration(longest: timedelta) -> Validator:
    """Return a duration of a second or more."""
    period = probatio.Range(min=timedelta(seconds=1), max=longest)
    return probatio.All(cv.positive_time_period, period, seconds)


def word(*words: str) -> Validator:
    """Return one of some words, in any case."""
    return probatio.All(cv.string, probatio.Lower, probatio.In(words))


def _integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise probatio.Invalid("expected a whole number")
    number: int = probatio.Coerce(int)(value)
    return number


MOMENT: Final = probatio.All(cv.datetime, moment)
ID_TAG: Final = text(255)
CURRENT: Final = amount(2000)
UNIT: Final = probatio.All(word("a", "w"), probatio.Upper)
SCOPE: Final = word("session", "default", "maximum")

CONNECTOR: Final[Fields] = {probatio.Optional("connector_id"): whole(1, 99)}
CONFIRM: Final[Fields] = {probatio.Optional("confirm"): cv.boolean}
