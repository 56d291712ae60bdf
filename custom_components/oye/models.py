"""What the proxy tells, as frozen data; the parsers ignore what they do not know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class InvalidAnswerError(Exception):
    """An answer of the proxy lacks what makes it usable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """The proxy itself; its instance id stays for ever."""

    instance_id: str
    api_version: int
    version: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charger:
    """One charger."""

    charge_point_id: str
    name: str
    connected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that is live; `seq` counts the messages of one connection."""

    epoch: str
    seq: int
    proxy: Proxy
    chargers: Mapping[str, Charger]


def parse_proxy(data: Any) -> Proxy:
    """Read the body of `/api/info`; raise InvalidAnswerError."""
    match data:
        case {"instanceId": str(instance_id), "apiVersion": int(api_version)} if instance_id:
            return Proxy(
                instance_id=instance_id,
                api_version=api_version,
                version=_text(data.get("version")) or "",
                name=_text(data.get("name")) or "OYE",
            )
    raise InvalidAnswerError("no instanceId and apiVersion")


def parse_state(data: Any) -> State:
    """Read the body of `/api/state` or a snapshot; raise InvalidAnswerError."""
    match data:
        case {"epoch": str(epoch), "seq": int(seq), "chargers": list(chargers)}:
            parsed = filter(None, map(parse_charger, chargers))
            return State(
                epoch=epoch,
                seq=seq,
                proxy=parse_proxy(data.get("proxy")),
                chargers={charger.charge_point_id: charger for charger in parsed},
            )
    raise InvalidAnswerError("no epoch, seq and chargers")


def parse_charger(data: Any) -> Charger | None:
    """Read one charger; None when it cannot be told which one it is."""
    match data:
        case {"chargePointId": str(charge_point_id)} if charge_point_id:
            return Charger(
                charge_point_id=charge_point_id,
                name=_text(data.get("name")) or _text(charge_point_id) or "?",
                connected=data.get("connected") is True,
            )
    return None


def _text(value: Any) -> str | None:
    """Return a text for people, without control characters and not too long."""
    if not isinstance(value, str):
        return None
    return "".join(character for character in value if character.isprintable())[:64].strip()
