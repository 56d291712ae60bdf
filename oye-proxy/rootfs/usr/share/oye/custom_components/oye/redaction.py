"""
What a dump for strangers must not tell: who charges, which charger it is, and what opens doors.

Values under telling keys go, wherever else they are repeated too. Charge point ids and names of
chargers become aliases. Versions, numbers and OCPP's own words stay as they are, even when a
charger is called "1": what could be one of them is replaced only where it stands for the charger.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data

TO_REDACT: Final = frozenset(
    {
        "AuthorizationKey", "BasicAuthPassword", "access_token", "authorization", "iccid", "idTag",
        "idTagName", "idToken", "id_tag", "id_tag_name", "id_token", "imsi", "meterSerialNumber",
        "meter_serial_number", "otherAddress", "parentIdTag", "parent_id_tag", "password",
        "remoteAddress", "remote_address", "serialNumber", "serial_number", "tagName", "tag_name",
        "token", "username",
    }
)  # fmt: skip
# What the proxy or a standard worded: no id is in it, only words that an id could equal.
WORDED: Final = frozenset(
    {
        "charging_state", "context", "domain", "epoch", "features", "firmware_status",
        "firmware_version", "id_tag_status", "id_tag_type", "instance_id", "integration", "key",
        "limit_source", "location", "log_status", "ocpp_version", "paused_by", "source",
        "started_by", "state", "subprotocol", "supported_feature_profiles", "unit", "version",
    }
)  # fmt: skip
# Many owners call a charger as its maker does.
MAKERS: Final = frozenset({"vendor", "model", "meter_type"})
NAMES_OF_SETTINGS: Final = ("key", "name", "variable")
SHORTEST: Final = 3
SHORTEST_NUMBER: Final = 6
VERSION_OR_NUMBER: Final = re.compile(r"v?\d+([._-]\d+){0,2}[a-z]{0,3}\d*", re.IGNORECASE)
URL: Final = re.compile(
    r"([a-z][a-z0-9+.-]*://)(?:[^\s/?#\"'<>]*@)?([^\s/?#\"'<>]*)([^\s\"'<>]*)", re.IGNORECASE
)
SPELT_OUT: Final = re.compile(
    r"\b((?:AuthorizationKey|BasicAuthPassword|password|token)[\"']?\s*[:=]\s*[\"']?"
    r"|(?:Bearer|Basic)\s+)[^\s\"',;}]{4,}",
    re.IGNORECASE,
)
UNIQUE_ID: Final = re.compile(r"(.*)_\d+_[a-z][a-z0-9_]*", re.DOTALL)


class Aliases:
    """Calls chargers `charger_1`, `charger_2`, … in the order of their ids."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the names of all chargers by their ids."""
        self.names = names
        self._aliases: dict[str, str] = {}
        for charge_point_id in sorted(names):
            self.of(charge_point_id)

    def of(self, charge_point_id: str) -> str:
        """Return the alias of a charger; one that is not known gets the next."""
        return self._aliases.setdefault(charge_point_id, f"charger_{len(self._aliases) + 1}")

    def of_unique_id(self, unique_id: str) -> str:
        """Return the unique id of a connector's entity with the charger's alias."""
        owner = owner_of(unique_id)
        return REDACTED if owner is None else self.of(owner) + unique_id.removeprefix(owner)

    def items(self) -> Iterable[tuple[str, str]]:
        """Return ids and aliases."""
        return self._aliases.items()


def owner_of(unique_id: str) -> str | None:
    """Return the charge point id in the unique id of a connector's entity."""
    match = UNIQUE_ID.fullmatch(unique_id)
    return None if match is None else match[1]


def redacted(data: Any, aliases: Aliases, secrets: Iterable[str] = ()) -> Any:
    """Return data that JSON can hold, without what must not be told."""
    ids = dict(aliases.items())
    words = dict.fromkeys((*secrets, *secrets_in(data)), REDACTED) | ids
    names = {name: ids[key] for key, name in aliases.names.items() if key in ids}
    scrubber = _Scrubber(words, {**names, **words}, ids)
    return async_redact_data(scrubber.scrubbed(data), TO_REDACT)


def secrets_in(data: Any) -> Iterator[str]:
    """Yield the values under telling keys."""
    match data:
        case Mapping():
            for key, value in data.items():
                if key in TO_REDACT and isinstance(value, str):
                    yield value
                else:
                    yield from secrets_in(value)
        case list() | tuple():
            for one in data:
                yield from secrets_in(one)
        case _:
            return


class _Scrubber:
    """Goes through data and cleans every text that is not worded by a standard."""

    def __init__(
        self, words: Mapping[str, str], all_words: Mapping[str, str], ids: Mapping[str, str]
    ) -> None:
        self._words = _Words(words)
        self._all_words = _Words(all_words)
        self._ids = ids

    def scrubbed(self, data: Any, key: str = "") -> Any:
        match data:
            case Enum():
                return data.value
            case datetime():
                return data.isoformat()
            case str():
                return self._text(data, key)
            case Mapping():
                return {
                    self._key(inner): self.scrubbed(value, str(inner))
                    for inner, value in _without_secret_setting(data).items()
                }
            case frozenset() | set():
                return sorted(self.scrubbed(one, key) for one in data)
            case list() | tuple():
                return [self.scrubbed(one, key) for one in data]
            case _:
                return data

    def _key(self, key: Any) -> Any:
        if isinstance(key, str) and key in self._ids and _is_distinct(key):
            return self._ids[key]
        return key

    def _text(self, text: str, key: str) -> str:
        if key in WORDED:
            return text
        if key == "csms_url" and not URL.match(text):
            return REDACTED
        words = self._words if key in MAKERS else self._all_words
        return words.replaced_in(SPELT_OUT.sub(rf"\1{REDACTED}", URL.sub(_host, text)))


class _Words:
    """Words and what stands for them; only whole ones are replaced."""

    def __init__(self, words: Mapping[str, str]) -> None:
        distinct = {word.casefold(): alias for word, alias in words.items() if _is_distinct(word)}
        self._words = distinct
        # The longest first: an id can begin like another.
        listed = "|".join(re.escape(word) for word in sorted(distinct, key=len, reverse=True))
        self._pattern = (
            re.compile(rf"(?<![^\W_])(?:{listed})(?![^\W_])", re.IGNORECASE) if listed else None
        )

    def replaced_in(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self._words.get(match[0].casefold(), REDACTED), text)


def _is_distinct(word: str) -> bool:
    """Whether a word cannot be taken for a version or a number."""
    if VERSION_OR_NUMBER.fullmatch(word):
        return len(word) >= SHORTEST_NUMBER and "." not in word
    return len(word) >= SHORTEST


def _without_secret_setting(data: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Return a setting without its value when its name tells that it is a secret."""
    if "value" in data and any(data.get(name) in TO_REDACT for name in NAMES_OF_SETTINGS):
        return {**data, "value": REDACTED}
    return data


def _host(match: re.Match[str]) -> str:
    """Return scheme and host of an address; path and query can hold ids and keys."""
    return f"{match[1]}{match[2]}" + (f"/{REDACTED}" if match[3].strip("/") else match[3])
