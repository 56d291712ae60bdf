"""
The payloads that facts are read from, as structs that take what chargers really send.

A scalar may have any scalar type, everything may be missing; `reader.py` handles what is worse.
"""

from typing import TypeAlias

from msgspec import Struct

Scalar: TypeAlias = str | int | float | bool | None


class Payload(Struct, rename="camel", gc=False):
    """Base of all: camelCase on the wire."""


# Shared parts.


class Evse(Payload):
    """2.x EVSEType."""

    id: Scalar = None
    connector_id: Scalar = None


class IdToken(Payload):
    """2.x IdTokenType."""

    id_token: Scalar = None
    type: Scalar = None


class TagInfo(Payload):
    """1.6 IdTagInfo and 2.x IdTokenInfoType."""

    status: Scalar = None


class UnitOfMeasure(Payload):
    """2.x UnitOfMeasureType."""

    unit: Scalar = None
    multiplier: Scalar = None


class SampledValue(Payload):
    """SampledValue of 1.6 and 2.x; typed narrowly, because most of all traffic is these."""

    value: str | float | None = None
    context: str | None = None
    format: str | None = None
    measurand: str | None = None
    phase: str | None = None
    location: str | None = None
    unit: str | None = None
    unit_of_measure: UnitOfMeasure | None = None


class MeterValue(Payload):
    """MeterValue of 1.6 and 2.x: the samples of one moment."""

    timestamp: Scalar = None
    sampled_value: list[SampledValue] | None = None


class SchedulePeriod(Payload):
    """ChargingSchedulePeriod."""

    start_period: Scalar = None
    limit: Scalar = None
    number_phases: Scalar = None


class Schedule(Payload):
    """ChargingSchedule and CompositeSchedule."""

    schedule_start: Scalar = None
    start_schedule: Scalar = None
    charging_rate_unit: Scalar = None
    charging_schedule_period: list[SchedulePeriod] | None = None


class StatusAnswer(Payload):
    """Any answer of which the status is all that matters."""

    status: Scalar = None


class StatusReport(Payload):
    """Firmware, diagnostics and log status notifications."""

    status: Scalar = None


# Boot and settings.


class Modem(Payload):
    """2.x ModemType."""

    iccid: Scalar = None
    imsi: Scalar = None


class ChargingStation(Payload):
    """2.x ChargingStationType."""

    vendor_name: Scalar = None
    model: Scalar = None
    serial_number: Scalar = None
    firmware_version: Scalar = None
    modem: Modem | None = None


class BootNotification(Payload):
    """BootNotification.req of 1.6; `charging_station` and `reason` of 2.x."""

    charge_point_vendor: Scalar = None
    charge_point_model: Scalar = None
    charge_point_serial_number: Scalar = None
    charge_box_serial_number: Scalar = None
    firmware_version: Scalar = None
    iccid: Scalar = None
    imsi: Scalar = None
    meter_type: Scalar = None
    meter_serial_number: Scalar = None
    charging_station: ChargingStation | None = None
    reason: Scalar = None


class BootAnswer(Payload):
    """BootNotification.conf."""

    status: Scalar = None
    interval: Scalar = None


class ConfigurationKey(Payload):
    """1.6 KeyValue, and ChangeConfiguration.req, which has the same two."""

    key: Scalar = None
    value: Scalar = None


class Configuration(Payload):
    """1.6 GetConfiguration.conf."""

    configuration_key: list[ConfigurationKey] | None = None


class Component(Payload):
    """2.x ComponentType."""

    name: Scalar = None
    evse: Evse | None = None


class Variable(Payload):
    """2.x VariableType."""

    name: Scalar = None


class VariableAttribute(Payload):
    """2.x VariableAttributeType."""

    value: Scalar = None


class ReportData(Payload):
    """2.x ReportDataType, and GetVariableResultType with its `attribute_value`."""

    component: Component | None = None
    variable: Variable | None = None
    variable_attribute: list[VariableAttribute] | None = None
    attribute_value: Scalar = None


class Report(Payload):
    """2.x NotifyReport and the answer to GetVariables."""

    report_data: list[ReportData] | None = None
    get_variable_result: list[ReportData] | None = None


# Status.


class StatusNotification(Payload):
    """StatusNotification of 1.6; `evse_id` and `connector_status` of 2.x."""

    connector_id: Scalar = None
    status: Scalar = None
    error_code: Scalar = None
    info: Scalar = None
    vendor_id: Scalar = None
    vendor_error_code: Scalar = None
    timestamp: Scalar = None
    evse_id: Scalar = None
    connector_status: Scalar = None


class EventData(Payload):
    """2.x EventDataType."""

    timestamp: Scalar = None
    trigger: Scalar = None
    actual_value: Scalar = None
    tech_code: Scalar = None
    tech_info: Scalar = None
    cleared: Scalar = None
    component: Component | None = None
    variable: Variable | None = None


class NotifyEvent(Payload):
    """2.x NotifyEvent."""

    event_data: list[EventData] | None = None


class SecurityEvent(Payload):
    """SecurityEventNotification of SW and 2.x."""

    type: Scalar = None
    timestamp: Scalar = None
    tech_info: Scalar = None


class ChangeAvailability(Payload):
    """ChangeAvailability of 1.6; `operational_status` and `evse` of 2.x."""

    connector_id: Scalar = None
    type: Scalar = None
    operational_status: Scalar = None
    evse: Evse | None = None


# Authorization and transactions.


class Authorize(Payload):
    """Authorize of 1.6; `id_token` of 2.x."""

    id_tag: Scalar = None
    id_token: IdToken | None = None


class TagAnswer(Payload):
    """The answers to Authorize, StartTransaction and TransactionEvent."""

    transaction_id: Scalar = None
    id_tag_info: TagInfo | None = None
    id_token_info: TagInfo | None = None


class RemoteStart(Payload):
    """RemoteStartTransaction of 1.6; `id_token` and `remote_start_id` of 2.x."""

    id_tag: Scalar = None
    id_token: IdToken | None = None
    remote_start_id: Scalar = None


class UnlockConnector(Payload):
    """UnlockConnector of 1.6; `evse_id` of 2.x."""

    connector_id: Scalar = None
    evse_id: Scalar = None


class ReserveNow(Payload):
    """ReserveNow of 1.6; `id`, `id_token`, `evse_id` and `expiry_date_time` of 2.x."""

    reservation_id: Scalar = None
    id: Scalar = None
    connector_id: Scalar = None
    evse_id: Scalar = None
    id_tag: Scalar = None
    id_token: IdToken | None = None
    expiry_date: Scalar = None
    expiry_date_time: Scalar = None


class Reservation(Payload):
    """CancelReservation, and ReservationStatusUpdate of 2.x."""

    reservation_id: Scalar = None


class ListVersion(Payload):
    """GetLocalListVersion's answer and SendLocalList of 1.6; `version_number` of 2.x."""

    list_version: Scalar = None
    version_number: Scalar = None


class StartTransaction(Payload):
    """1.6 StartTransaction.req."""

    connector_id: Scalar = None
    id_tag: Scalar = None
    meter_start: Scalar = None
    reservation_id: Scalar = None
    timestamp: Scalar = None


class StopTransaction(Payload):
    """1.6 StopTransaction.req."""

    transaction_id: Scalar = None
    id_tag: Scalar = None
    meter_stop: Scalar = None
    timestamp: Scalar = None
    reason: Scalar = None
    transaction_data: list[MeterValue] | None = None


class MeterValues(Payload):
    """MeterValues of 1.6; `evse_id` of 2.x."""

    connector_id: Scalar = None
    evse_id: Scalar = None
    transaction_id: Scalar = None
    meter_value: list[MeterValue] | None = None


class TransactionInfo(Payload):
    """2.x TransactionType."""

    transaction_id: Scalar = None
    charging_state: Scalar = None
    stopped_reason: Scalar = None
    remote_start_id: Scalar = None


class TransactionEvent(Payload):
    """2.x TransactionEvent."""

    event_type: Scalar = None
    timestamp: Scalar = None
    trigger_reason: Scalar = None
    seq_no: Scalar = None
    offline: Scalar = None
    reservation_id: Scalar = None
    transaction_info: TransactionInfo | None = None
    evse: Evse | None = None
    id_token: IdToken | None = None
    meter_value: list[MeterValue] | None = None


# Limits.


class GetCompositeSchedule(Payload):
    """GetCompositeSchedule of 1.6; `evse_id` of 2.x."""

    connector_id: Scalar = None
    evse_id: Scalar = None


class CompositeSchedule(Payload):
    """The answer to GetCompositeSchedule: `charging_schedule` of 1.6, `schedule` of 2.x."""

    status: Scalar = None
    schedule_start: Scalar = None
    charging_schedule: Schedule | None = None
    schedule: Schedule | None = None


class ChargingLimit(Payload):
    """2.x ChargingLimitType."""

    charging_limit_source: Scalar = None


class NotifyChargingLimit(Payload):
    """2.x NotifyChargingLimit and ClearedChargingLimit."""

    evse_id: Scalar = None
    charging_limit: ChargingLimit | None = None
    charging_schedule: list[Schedule] | None = None
