"""The whole state, the issues and the news of the live stream, from the proxy's JSON to models."""

from collections.abc import Mapping
from typing import Any

from .models import Charger, Event, Issue, Proxy, Severity, State
from .parsing_base import InvalidAnswerError, kept, kept_mapping
from .parsing_charger import parse_charger
from .reading import items, mapping, member, moment, name, text, texts


def parse_proxy(data: Any) -> Proxy:
    """Read the body of `/api/info`; raise InvalidAnswerError."""
    match data:
        case {"instanceId": str(instance_id), "apiVersion": int(api_version)} if instance_id:
            return Proxy(
                instance_id=instance_id,
                api_version=api_version,
                version=name(data.get("version")) or "",
                name=name(data.get("name")) or "OYE",
                features=frozenset(texts(data.get("features"))),
            )
        case _:
            raise InvalidAnswerError("no instanceId and apiVersion")


def parse_state(data: Any, previous: State | None = None) -> State:
    """Read the body of `/api/state` or a snapshot; raise InvalidAnswerError."""
    match data:
        case {"epoch": str(epoch), "seq": int(seq), "chargers": list(listed)}:
            known = previous.chargers if previous else {}
            read = [_charger_of(one, known) for one in listed]
            chargers = {one.charge_point_id: one for one in read if one is not None}
            proxy, issues = parse_proxy(data.get("proxy")), parse_issues(data.get("issues"))
            return State(
                epoch=epoch,
                seq=seq,
                proxy=kept(proxy, previous.proxy if previous else None),
                chargers=kept_mapping(chargers, known),
                issues=kept(issues, previous.issues if previous else None),
                complete=None not in read,
            )
        case _:
            raise InvalidAnswerError("no epoch, seq and chargers")


def parse_issues(data: Any) -> tuple[Issue, ...]:
    """Read a list of issues, without those that have no key."""
    return tuple(filter(None, map(_issue, items(data))))


def parse_event(data: Any) -> Event | None:
    """Read a message of the type `event`."""
    match data:
        case {"event": str(event), "chargePointId": str(charge_point_id)}:
            return Event(
                event=event,
                charge_point_id=charge_point_id,
                time=moment(data.get("time")),
                data=mapping(data.get("data")),
            )
        case _:
            return None


def _charger_of(data: Any, known: Mapping[str, Charger]) -> Charger | None:
    charge_point_id = text(mapping(data).get("chargePointId"))
    return parse_charger(data, known.get(charge_point_id) if charge_point_id else None)


def _issue(data: Any) -> Issue | None:
    match data:
        case {"key": str(key)} if key:
            return Issue(
                key=key,
                severity=member(Severity, data.get("severity")) or Severity.WARNING,
                charge_point_id=text(data.get("chargePointId")),
                since=moment(data.get("since")),
                params=mapping(data.get("params")),
            )
        case _:
            return None
