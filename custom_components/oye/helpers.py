"""Commands to chargers, with every error of the proxy as one that Home Assistant translates."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .api import COMMAND_WAIT, OyeAuthenticationError, OyeError, OyeRequestError
from .const import DOMAIN
from .coordinator import OyeCoordinator
from .models import CommandResult

# What the caller can do something about; the texts name the charger.
OF_THE_CALLER: Final = frozenset(
    {
        "charger_not_accepted",
        "charger_not_connected",
        "charger_read_only",
        "charger_unknown",
        "not_permitted",
        "not_supported",
    }
)
INVALID: Final = frozenset({"invalid_request", "invalid_payload", "payload_too_large", "not_found"})
LOCKOUT: Final = "lockout"


async def async_command(
    coordinator: OyeCoordinator,
    charge_point_id: str,
    intent: str,
    body: Mapping[str, Any] | None = None,
    *,
    wait: float = COMMAND_WAIT,
    must_agree: bool = True,
) -> CommandResult:
    """
    Send a command and return the charger's answer; raise HomeAssistantError unless it agrees.

    Without `must_agree` an answer that says no is returned too.
    """
    with proxy_errors(coordinator, charge_point_id, intent, wait):
        result = await coordinator.client.command(charge_point_id, intent, body, wait=wait)
    return agreed(result, intent) if must_agree else result


async def async_inject(
    coordinator: OyeCoordinator,
    charge_point_id: str,
    action: str,
    payload: Mapping[str, Any],
    *,
    wait: float = COMMAND_WAIT,
) -> CommandResult:
    """Send any OCPP call and return the charger's answer, whatever it says."""
    with proxy_errors(coordinator, charge_point_id, action, wait):
        return await coordinator.client.inject(charge_point_id, action, payload, wait=wait)


@contextmanager
def proxy_errors(
    coordinator: OyeCoordinator,
    charge_point_id: str = "",
    action: str = "",
    seconds: float = COMMAND_WAIT,
) -> Iterator[None]:
    """Turn the errors of the client into translated ones."""
    try:
        yield
    except OyeAuthenticationError as error:
        coordinator.config_entry.async_start_reauth(coordinator.hass)
        raise _failed("authentication_error") from error
    except OyeRequestError as error:
        known = coordinator.data.chargers.get(charge_point_id)
        charger = known.name if known is not None else charge_point_id
        raise _translated(error, charger, action, seconds) from error
    except OyeError as error:
        raise _failed("communication_error", error=str(error)) from error


def agreed(result: CommandResult, action: str) -> CommandResult:
    """Return the result unless the charger's answer says no."""
    if result.accepted is not False:
        return result
    raise _failed("charger_rejected", action=action, status=_text(_refusal(result.response), "?"))


def invalid(key: str, **placeholders: str) -> ServiceValidationError:
    """Return an error of the caller's, with its text in the caller's language."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def _translated(
    error: OyeRequestError, charger: str, action: str, seconds: float
) -> HomeAssistantError:
    """Return what Home Assistant shows of a refusal; only the code decides."""
    match error.code:
        case code if code in OF_THE_CALLER:
            return invalid(code, charger=charger)
        case code if code in INVALID:
            return invalid("invalid_value", error=str(error))
        case "confirmation_required":
            lockout = error.params.get("guard") == LOCKOUT
            return invalid("guarded_key" if lockout else "confirmation_required")
        case "conflict":
            return invalid("conflict", error=str(error))
        case "too_many_requests":
            return invalid("too_many_changes", seconds=_text(error.params.get("retryAfter"), "60"))
        case "injection_rejected":
            return _failed(
                "charger_error",
                action=action,
                code=_text(error.params.get("errorCode"), "?"),
                description=_text(error.params.get("description"), ""),
            )
        case "injection_timeout":
            return _failed("charger_timeout", action=action, seconds=f"{seconds:g}")
        case "injection_aborted":
            return _failed("command_aborted", action=action, charger=charger)
        case _:
            return _failed("communication_error", error=str(error))


def _refusal(response: Any) -> Any:
    """Return the status that says no; 2.x has one for each setting that is changed."""
    match response:
        case {"status": status}:
            return status
        case {"setVariableResult": [{"attributeStatus": status}, *_]}:
            return status
        case _:
            return None


def _failed(key: str, **placeholders: str) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def _text(value: Any, otherwise: str) -> str:
    """Return a short text or number as text."""
    return str(value)[:200] if isinstance(value, str | int) and value != "" else otherwise
