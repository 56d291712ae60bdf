"""The actions: each with its fields, who may use it and whether it answers."""

from dataclasses import dataclass
from typing import Any, Final

import probatio
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from . import services_charging as charging
from . import services_device as device
from . import services_sessions as sessions
from . import services_tags as tags
from .const import DOMAIN, FEATURE_RESERVATIONS, FEATURE_SCHEDULES, FEATURE_SESSIONS
from .services_call import Run, async_read_call
from .services_fields import Fields, Validator


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action; `reads` says that its answer is all that it is for."""

    run: Run
    fields: Fields
    admin: bool = False
    reads: bool = False
    feature: str | None = None
    rule: Validator | None = None

    @property
    def schema(self) -> probatio.All[Any]:
        """What the fields have to be, each and all together."""
        fields = {probatio.Required(ATTR_DEVICE_ID): cv.string, **self.fields}
        return probatio.All(probatio.Schema(fields), *([self.rule] if self.rule else []))


ACTIONS: Final = {
    "set_charge_limit": Action(
        run=charging.set_charge_limit, fields=charging.LIMIT_FIELDS, rule=charging.LIMIT_RULE
    ),
    "clear_charge_limit": Action(run=charging.clear_charge_limit, fields=charging.CLEAR_FIELDS),
    "set_charging_schedule": Action(
        run=charging.set_charging_schedule,
        fields=charging.SCHEDULE_FIELDS,
        feature=FEATURE_SCHEDULES,
    ),
    "get_charging_schedule": Action(
        run=charging.get_charging_schedule,
        fields=charging.COMPOSITE_FIELDS,
        reads=True,
        feature=FEATURE_SCHEDULES,
    ),
    "start_charging": Action(run=charging.start_charging, fields=charging.START_FIELDS),
    "stop_charging": Action(run=charging.stop_charging, fields=charging.STOP_FIELDS),
    "reserve": Action(
        run=charging.reserve, fields=charging.RESERVE_FIELDS, feature=FEATURE_RESERVATIONS
    ),
    "cancel_reservation": Action(
        run=charging.cancel_reservation,
        fields=charging.CANCEL_FIELDS,
        feature=FEATURE_RESERVATIONS,
    ),
    "get_sessions": Action(
        run=sessions.get_sessions, fields=sessions.FIELDS, reads=True, feature=FEATURE_SESSIONS
    ),
    "trigger_message": Action(run=device.trigger_message, fields=device.TRIGGER_FIELDS),
    "reset": Action(run=device.reset, fields=device.RESET_FIELDS, admin=True),
    "unlock_connector": Action(
        run=device.unlock_connector, fields=device.UNLOCK_FIELDS, admin=True
    ),
    "set_availability": Action(
        run=device.set_availability, fields=device.AVAILABILITY_FIELDS, admin=True
    ),
    "get_configuration": Action(
        run=device.get_configuration,
        fields=device.GET_CONFIGURATION_FIELDS,
        admin=True,
        reads=True,
    ),
    "set_configuration": Action(
        run=device.set_configuration, fields=device.SET_CONFIGURATION_FIELDS, admin=True
    ),
    "get_report": Action(
        run=device.get_report, fields=device.REPORT_FIELDS, admin=True, reads=True
    ),
    "update_firmware": Action(
        run=device.update_firmware, fields=device.FIRMWARE_FIELDS, admin=True
    ),
    "get_diagnostics": Action(
        run=device.get_diagnostics, fields=device.DIAGNOSTICS_FIELDS, admin=True
    ),
    "data_transfer": Action(
        run=device.data_transfer, fields=device.DATA_TRANSFER_FIELDS, admin=True
    ),
    "clear_cache": Action(run=tags.clear_cache, fields=tags.CLEAR_FIELDS, admin=True),
    "get_local_list_version": Action(
        run=tags.get_local_list_version, fields=tags.VERSION_FIELDS, admin=True, reads=True
    ),
    "send_local_list": Action(run=tags.send_local_list, fields=tags.LIST_FIELDS, admin=True),
    "inject": Action(run=device.inject, fields=device.INJECT_FIELDS, admin=True),
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions; they are there for all proxies, and without one."""
    for name, action in ACTIONS.items():
        _register(hass, name, action)


@callback
def _register(hass: HomeAssistant, name: str, action: Action) -> None:
    async def handle(service_call: ServiceCall) -> ServiceResponse:
        call = async_read_call(hass, service_call)
        if action.feature is not None:
            call.require_feature(action.feature)
        answer = await action.run(call)
        return answer if service_call.return_response else None

    answers = SupportsResponse.ONLY if action.reads else SupportsResponse.OPTIONAL
    if action.admin:
        async_register_admin_service(hass, DOMAIN, name, handle, action.schema, answers)
    else:
        hass.services.async_register(DOMAIN, name, handle, action.schema, answers)
