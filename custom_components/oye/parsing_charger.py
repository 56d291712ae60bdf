"""One charger, from the proxy's JSON to models."""

from collections.abc import Mapping
from typing import Any

from .models import Boot, BootState, Charger, Link, Mode, OwnerStatus, PauseStrategy, Reservation
from .parsing_base import kept
from .parsing_condition import parse_condition
from .parsing_connector import parse_connectors
from .parsing_limits import parse_charger_limits, parse_told_limit
from .parsing_meter import parse_samples
from .reading import flag, integer, items, mapping, member, moment, name, number, text, texts


def parse_charger(data: Any, previous: Charger | None = None) -> Charger | None:
    """Read one charger; None when it cannot be told which one it is."""
    match data:
        case {"chargePointId": str(charge_point_id)} if _can_be_sent(charge_point_id):
            charger = _charger(charge_point_id, data, previous)
            return kept(charger, previous)
        case _:
            return None


def _charger(charge_point_id: str, data: Mapping[str, Any], previous: Charger | None) -> Charger:
    before = previous or Charger(charge_point_id=charge_point_id, name="")
    limits = mapping(data.get("limits"))
    modes = (member(Mode, one) for one in items(data.get("modes")))
    return Charger(
        charge_point_id=charge_point_id,
        name=name(data.get("name")) or name(charge_point_id) or "?",
        connected=flag(data.get("connected")),
        connected_at=moment(data.get("connectedAt")),
        remote_address=text(data.get("remoteAddress")),
        remote_port=integer(data.get("remotePort")),
        ocpp_version=text(data.get("ocppVersion")),
        subprotocol=text(data.get("subprotocol")),
        boot=kept(_boot(data), before.boot),
        last_seen=moment(data.get("lastSeen")),
        firmware_status=text(data.get("firmwareStatus")),
        log_status=text(data.get("logStatus")),
        mode=member(Mode, data.get("mode")),
        modes=tuple(filter(None, modes)),
        link=member(Link, data.get("link")),
        csms_connected=flag(data.get("csmsConnected")),
        csms_url=text(data.get("csmsUrl")),
        approved=flag(data.get("approved"), default=True),
        owner_status=member(OwnerStatus, data.get("ownerStatus")),
        journal_pending=max(0, integer(data.get("journalPending")) or 0),
        pause_strategy=member(PauseStrategy, data.get("pauseStrategy")),
        fault=flag(data.get("fault")),
        condition=kept(parse_condition(data), before.condition),
        limit=kept(parse_told_limit(data.get("limit")), before.limit),
        limits=kept(parse_charger_limits(limits), before.limits),
        local_list_version=integer(data.get("localListVersion")),
        reservations=tuple(filter(None, map(_reservation, items(data.get("reservations"))))),
        samples=parse_samples(data.get("samples"), before.samples),
        connectors=parse_connectors(data.get("connectors"), limits, before.connectors),
    )


def _boot(data: Mapping[str, Any]) -> Boot:
    return Boot(
        vendor=name(data.get("vendor")),
        model=name(data.get("model")),
        serial_number=name(data.get("serialNumber")),
        firmware_version=name(data.get("firmwareVersion")),
        iccid=text(data.get("iccid")),
        imsi=text(data.get("imsi")),
        meter_type=name(data.get("meterType")),
        meter_serial_number=name(data.get("meterSerialNumber")),
        state=member(BootState, data.get("bootState")),
        booted_at=moment(data.get("bootedAt")),
        reason=text(data.get("bootReason")),
        heartbeat_interval=integer(data.get("heartbeatInterval")),
        supported_feature_profiles=texts(data.get("supportedFeatureProfiles")),
        connector_count=integer(data.get("connectorCount")),
        rated_power_w=number(data.get("ratedPowerW")),
        rated_current_a=number(data.get("ratedCurrentA")),
    )


def _reservation(data: Any) -> Reservation | None:
    match data:
        case {"reservationId": int(reservation_id)}:
            return Reservation(
                reservation_id=reservation_id,
                number=integer(data.get("evseId")),
                id_tag=text(data.get("idTag")),
                until=moment(data.get("until")),
            )
        case _:
            return None


def _can_be_sent(charge_point_id: str) -> bool:
    """Whether an id can stand in a URL: it is not empty, and it is text."""
    try:
        return bool(charge_point_id.encode())
    except UnicodeEncodeError:
        return False
