"""
From the proxy's JSON to models: unknown keys are ignored, what is missing or malformed is None.

What equals a previous object is that object, so that a slice which did not change can be told by
`is`.
"""

from collections.abc import Mapping
from typing import Any, Final

from .models import (
    Availability,
    Boot,
    BootState,
    Charger,
    CommandResult,
    Condition,
    Connector,
    ConnectorLimits,
    Event,
    Issue,
    Limits,
    Link,
    Meter,
    Mode,
    OwnerStatus,
    Party,
    PauseStrategy,
    Proxy,
    Reservation,
    Sample,
    Session,
    SessionPage,
    Severity,
    State,
    Status,
    ToldLimit,
    Transaction,
)
from .reading import (
    flag,
    integer,
    items,
    mapping,
    member,
    moment,
    name,
    number,
    text,
    texts,
)

# OCPP's words, as the proxy tells them.
STATUSES: Final[Mapping[str, Status]] = {
    "Available": Status.AVAILABLE,
    "Preparing": Status.PREPARING,
    "Charging": Status.CHARGING,
    "SuspendedEV": Status.SUSPENDED_EV,
    "SuspendedEVSE": Status.SUSPENDED_EVSE,
    "Finishing": Status.FINISHING,
    "Reserved": Status.RESERVED,
    "Unavailable": Status.INOPERATIVE,
    "Faulted": Status.FAULTED,
}


class InvalidAnswerError(Exception):
    """An answer of the proxy lacks what makes it usable."""


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
                proxy=_kept(proxy, previous.proxy if previous else None),
                chargers=_kept_mapping(chargers, known),
                issues=_kept(issues, previous.issues if previous else None),
                complete=None not in read,
            )
        case _:
            raise InvalidAnswerError("no epoch, seq and chargers")


def parse_charger(data: Any, previous: Charger | None = None) -> Charger | None:
    """Read one charger; None when it cannot be told which one it is."""
    match data:
        case {"chargePointId": str(charge_point_id)} if _can_be_sent(charge_point_id):
            charger = _charger(charge_point_id, data, previous)
            return _kept(charger, previous)
        case _:
            return None


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


def parse_command_result(data: Any) -> CommandResult:
    """Read the answer to a command; raise InvalidAnswerError."""
    match data:
        case {"status": str(status)}:
            accepted, complete = data.get("accepted"), data.get("complete")
            return CommandResult(
                status=status,
                message_id=text(data.get("messageId")),
                queued=flag(data.get("queued")),
                accepted=accepted if isinstance(accepted, bool) else None,
                response=data.get("response"),
                follow_ups=tuple(items(data.get("followUps"))),
                complete=complete if isinstance(complete, bool) else None,
                reservation_id=integer(data.get("reservationId")),
                warnings=texts(data.get("warnings")),
            )
        case _:
            raise InvalidAnswerError("no status")


def parse_sessions(data: Any) -> SessionPage:
    """Read the body of `/api/transactions`; raise InvalidAnswerError."""
    match data:
        case {"transactions": list(listed)}:
            return SessionPage(
                sessions=tuple(filter(None, map(_session, listed))),
                next_before=integer(data.get("nextBefore")),
            )
        case _:
            raise InvalidAnswerError("no transactions")


def _charger_of(data: Any, known: Mapping[str, Charger]) -> Charger | None:
    charge_point_id = text(mapping(data).get("chargePointId"))
    return parse_charger(data, known.get(charge_point_id) if charge_point_id else None)


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
        boot=_kept(_boot(data), before.boot),
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
        condition=_kept(_condition(data), before.condition),
        limit=_kept(_told_limit(data.get("limit")), before.limit),
        limits=_kept(_charger_limits(limits), before.limits),
        local_list_version=integer(data.get("localListVersion")),
        reservations=tuple(filter(None, map(_reservation, items(data.get("reservations"))))),
        samples=_samples(data.get("samples"), before.samples),
        connectors=_connectors(data.get("connectors"), limits, before.connectors),
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


def _condition(data: Mapping[str, Any]) -> Condition:
    return Condition(
        status=_status(data.get("status")),
        status_since=moment(data.get("statusSince")),
        error_code=text(data.get("errorCode")),
        vendor_error_code=text(data.get("vendorErrorCode")),
        vendor_id=text(data.get("vendorId")),
        info=text(data.get("info")),
        availability=member(Availability, data.get("availability")),
    )


def _status(value: Any) -> Status | None:
    known = STATUSES.get(value) if isinstance(value, str) else None
    return known or member(Status, value)


def _connectors(
    data: Any, limits: Mapping[str, Any], before: Mapping[int, Connector]
) -> Mapping[int, Connector]:
    limits_of = {
        mapping(one).get("connectorId"): mapping(one)
        for one in items(limits.get("connectors"))
        if isinstance(mapping(one).get("connectorId"), int)
    }
    read: dict[int, Connector] = {}
    for one in map(mapping, items(data)):
        evse_id = integer(one.get("evseId"))
        if evse_id is not None and evse_id > 0:
            read[evse_id] = _connector(evse_id, one, limits_of.get(evse_id, {}), before)
    return _kept_mapping(dict(sorted(read.items())), before)


def _connector(
    evse_id: int,
    data: Mapping[str, Any],
    limits: Mapping[str, Any],
    known: Mapping[int, Connector],
) -> Connector:
    previous = known.get(evse_id)
    before = previous or Connector(number=evse_id)
    plugged, socket = data.get("plugged"), data.get("socket")
    connector = Connector(
        number=evse_id,
        connector_id=integer(data.get("connectorId")),
        plugged=plugged if isinstance(plugged, bool) else None,
        socket=socket if isinstance(socket, bool) else None,
        condition=_kept(_condition(data), before.condition),
        meter=_meter(data, before.meter),
        limit=_kept(_told_limit(data.get("limit")), before.limit),
        limits=_kept(_connector_limits(limits), before.limits),
        transaction=_kept(_transaction(data.get("transaction")), before.transaction),
        last_transaction=_kept(_transaction(data.get("lastTransaction")), before.last_transaction),
    )
    return _kept(connector, previous)


def _meter(data: Mapping[str, Any], before: Meter) -> Meter:
    meter = Meter(
        power_w=number(data.get("powerW")),
        power_estimated=flag(data.get("powerEstimated")),
        energy_wh=number(data.get("energyWh")),
        samples=_samples(data.get("samples"), before.samples),
    )
    return _kept(meter, before)


def _samples(data: Any, before: Mapping[str, Sample]) -> Mapping[str, Sample]:
    read = {
        measurand: _kept(_sample(one), before.get(measurand))
        for measurand, one in mapping(data).items()
        if isinstance(one, dict)
    }
    return _kept_mapping(read, before)


def _sample(data: Mapping[str, Any]) -> Sample:
    phases = {phase: number(one) for phase, one in mapping(data.get("phases")).items()}
    return Sample(
        value=number(data.get("value")),
        time=moment(data.get("time")),
        unit=text(data.get("unit")),
        phases={phase: one for phase, one in phases.items() if one is not None},
        context=text(data.get("context")),
        location=text(data.get("location")),
    )


def _transaction(data: Any) -> Transaction | None:
    match data:
        case {"transactionId": str(transaction_id)} if transaction_id:
            return Transaction(
                transaction_id=transaction_id,
                id_tag=text(data.get("idTag")),
                id_tag_name=text(data.get("idTagName")),
                id_tag_type=text(data.get("idTagType")),
                id_tag_status=text(data.get("idTagStatus")),
                started_at=moment(data.get("startedAt")),
                started_by=text(data.get("startedBy")),
                remote_start_id=integer(data.get("remoteStartId")),
                meter_start_wh=number(data.get("meterStartWh")),
                meter_stop_wh=number(data.get("meterStopWh")),
                energy_wh=number(data.get("energyWh")),
                charging_state=text(data.get("chargingState")),
                seq_no=integer(data.get("seqNo")),
                gap=flag(data.get("gap")),
                offline=flag(data.get("offline")),
                stopped_at=moment(data.get("stoppedAt")),
                reason=text(data.get("reason")),
            )
        case _:
            return None


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


def _told_limit(data: Any) -> ToldLimit | None:
    if not isinstance(data, dict):
        return None
    return ToldLimit(
        limit_a=number(data.get("limitA")),
        limit_w=number(data.get("limitW")),
        limit_source=text(data.get("limitSource")),
        time=moment(data.get("time")),
    )


def _in_force(data: Mapping[str, Any]) -> dict[str, Any]:
    verified = data.get("verified")
    return {
        "effective_limit_a": number(data.get("effectiveLimitA")),
        "limit_source": member(Party, data.get("limitSource")),
        "verified": verified if isinstance(verified, bool) else None,
        "default_limit_a": number(data.get("defaultLimitA")),
        "default_accepted_a": number(data.get("defaultAcceptedA")),
        "paused": flag(data.get("paused")),
    }


def _charger_limits(data: Mapping[str, Any]) -> Limits:
    return Limits(
        max_current_a=number(data.get("maxCurrentA")),
        max_current_accepted_a=number(data.get("maxCurrentAcceptedA")),
        conflict=text(data.get("conflict")),
        **_in_force(data),
    )


def _connector_limits(data: Mapping[str, Any]) -> ConnectorLimits:
    return ConnectorLimits(
        session_limit_a=number(data.get("sessionLimitA")),
        session_accepted_a=number(data.get("sessionAcceptedA")),
        session_phases=integer(data.get("sessionPhases")),
        session_until=moment(data.get("sessionUntil")),
        **_in_force(data),
    )


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


def _session(data: Any) -> Session | None:
    match data:
        case {
            "id": int(row),
            "chargePointId": str(charge_point_id),
            "transactionId": str(transaction_id),
        }:
            return Session(
                row=row,
                charge_point_id=charge_point_id,
                transaction_id=transaction_id,
                number=integer(data.get("evseId")),
                state=text(data.get("state")),
                begun_at=moment(data.get("begunAt")),
                started_at=moment(data.get("startedAt")),
                stopped_at=moment(data.get("stoppedAt")),
                duration_seconds=number(data.get("durationSeconds")),
                id_tag=text(data.get("idTag")),
                id_tag_name=text(data.get("idTagName")),
                id_tag_status=text(data.get("idTagStatus")),
                started_by=text(data.get("startedBy")),
                reason=text(data.get("reason")),
                meter_start_wh=number(data.get("meterStartWh")),
                meter_stop_wh=number(data.get("meterStopWh")),
                energy_wh=number(data.get("energyWh")),
                start_acknowledged_at=moment(data.get("startAcknowledgedAt")),
                stop_acknowledged_at=moment(data.get("stopAcknowledgedAt")),
                gap=flag(data.get("gap")),
                adopted=flag(data.get("adopted")),
                offline=flag(data.get("offline")),
            )
        case _:
            return None


def _can_be_sent(charge_point_id: str) -> bool:
    """Whether an id can stand in a URL: it is not empty, and it is text."""
    try:
        return bool(charge_point_id.encode())
    except UnicodeEncodeError:
        return False


def _kept[T](new: T, before: T | None) -> T:
    """Return the previous object when nothing of it changed."""
    return before if before is not None and new == before else new


def _kept_mapping[K, V](new: Mapping[K, V], before: Mapping[K, V]) -> Mapping[K, V]:
    same = new.keys() == before.keys() and all(new[key] is before[key] for key in new)
    return before if same else new
