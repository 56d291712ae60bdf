"""A call of an action: which charger it is for, what it asks, and how it is answered."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry, ChildDeviceEntry
from homeassistant.helpers.service import async_get_device_and_config_entry

from .api import COMMAND_WAIT
from .const import DOMAIN
from .coordinator import OyeConfigEntry, OyeCoordinator
from .devices import CONNECTOR_MARK
from .helpers import async_command, invalid
from .models import Charger, CommandResult

CONNECTOR_ID: Final = "connector_id"
REDACTED: Final = "**REDACTED**"
# As the proxy's own log has it; 1.6 names a key, 2.x a variable.
SECRET: Final = re.compile("authorizationkey|password|passphrase|secret", re.IGNORECASE)
VALUES: Final = ("value", "attributeValue")

type Body = dict[str, Any]
type Run = Callable[[ActionCall], Awaitable[ServiceResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCall:
    """`device_number` is the connector whose device was chosen, None for a charger's own."""

    coordinator: OyeCoordinator
    charger: Charger
    device_number: int | None
    fields: Mapping[str, Any]
    return_response: bool

    @property
    def number(self) -> int | None:
        """The number of the connector that is meant, None for the charger or its only one."""
        given: int | None = self.fields.get(CONNECTOR_ID)
        if given is not None and self.device_number not in (None, given):
            raise invalid("connector_mismatch", number=str(given))
        return self.device_number if given is None else given

    def connector(self, *, required: bool = False) -> Body:
        """Return the part of a body that names the connector; raise where one must be chosen."""
        if self.number is not None:
            return {"connectorId": self.number}
        if required and len(self.charger.connectors) > 1:
            raise invalid("connector_required", charger=self.charger.name)
        return {}

    def require_feature(self, feature: str) -> None:
        """Raise ServiceValidationError when the proxy is too old for what is asked."""
        proxy = self.coordinator.data.proxy
        if feature not in proxy.features:
            raise invalid("feature_missing", name=proxy.name)

    def part(self, **names: str) -> Body:
        """Return the fields that were given, by their names in the API."""
        return {name: self.fields[field] for field, name in names.items() if field in self.fields}


def promptly(_call: ActionCall) -> float:
    """Wait for what the charger does at once."""
    return COMMAND_WAIT


def always(_call: ActionCall) -> bool:
    """Take a refusal of the charger for an error."""
    return True


def command(
    intent: str,
    body: Callable[[ActionCall], Body] | None = None,
    *,
    wait: Callable[[ActionCall], float] = promptly,
    must_agree: Callable[[ActionCall], bool] = always,
) -> Run:
    """Return what sends a typed command, and answers as the charger does."""

    async def run(call: ActionCall) -> ServiceResponse:
        result = await async_command(
            call.coordinator,
            call.charger.charge_point_id,
            intent,
            {} if body is None else body(call),
            wait=wait(call),
            must_agree=must_agree(call),
        )
        return response_of(result)

    return run


@callback
def async_read_call(hass: HomeAssistant, service_call: ServiceCall) -> ActionCall:
    """Find the charger of a call; raise ServiceValidationError when the device is none."""
    fields = dict(service_call.data)
    entry: OyeConfigEntry
    device, entry = async_get_device_and_config_entry(hass, DOMAIN, fields.pop(ATTR_DEVICE_ID))
    coordinator = entry.runtime_data
    shown = device.name_by_user or device.name or device.id
    charge_point_id, number = _identified(device)
    if charge_point_id == entry.unique_id:
        raise invalid("not_a_charger", device=shown)
    charger = coordinator.data.chargers.get(charge_point_id)
    if charger is None:
        raise invalid("charger_unknown", charger=shown)
    return ActionCall(
        coordinator=coordinator,
        charger=charger,
        device_number=number,
        fields=fields,
        return_response=service_call.return_response,
    )


def response_of(result: CommandResult) -> dict[str, Any]:
    """Return what an action answers: how it went, and the charger's words without secrets."""
    answer: dict[str, Any] = {
        "status": result.status,
        "message_id": result.message_id,
        "response": without_secrets(result.response),
    }
    if result.reservation_id is not None:
        answer["reservation_id"] = result.reservation_id
    if result.follow_ups:
        answer["follow_ups"] = [without_secrets(one) for one in result.follow_ups]
    if result.complete is not None:
        answer["complete"] = result.complete
    if result.warnings:
        answer["warnings"] = list(result.warnings)
    return answer


def without_secrets(payload: Any) -> Any:
    """Return a charger's answer with the values of passwords and keys left out."""
    if not isinstance(payload, dict):
        return payload
    return {
        name: [_without_secret(one) for one in member] if isinstance(member, list) else member
        for name, member in payload.items()
    }


def _without_secret(setting: Any) -> Any:
    if not isinstance(setting, dict) or not SECRET.search(_name(setting)):
        return setting
    return {
        name: [_blank(one) for one in member] if isinstance(member, list) else member
        for name, member in _blank(setting).items()
    }


def _name(setting: Mapping[str, Any]) -> str:
    variable = setting.get("variable")
    name = variable.get("name") if isinstance(variable, dict) else setting.get("key")
    return name if isinstance(name, str) else ""


def _blank(setting: Any) -> Any:
    if not isinstance(setting, dict):
        return setting
    return {name: REDACTED if name in VALUES else member for name, member in setting.items()}


def _identified(device: AnyDeviceEntry) -> tuple[str, int | None]:
    """Return the charge point id of a device, and the number of the connector if it is one."""
    identifier = next(value for domain, value in device.identifiers if domain == DOMAIN)
    if not isinstance(device, ChildDeviceEntry):
        return identifier, None
    charge_point_id, _, number = identifier.rpartition(CONNECTOR_MARK)
    return charge_point_id, int(number)
