"""The vocabulary between a simulated charger's connection and its behaviour."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from oye_proxy.errors import OyeError
from oye_proxy.ocppj.error_codes import Cause

Payload: TypeAlias = dict[str, Any]


class Outgoing(Struct):
    """
    A CALL to the CSMS; its payload is built when it is its turn.

    A `transactional` one outlives connections and is tried again (C16 4.6, E04.FR.01). One that is
    `early` may go before the boot was accepted. `on_result` gets the answer's payload, None when
    there was none.
    """

    action: str
    build: Callable[[], Payload]
    transactional: bool = False
    early: bool = False
    on_result: Callable[[Payload | None], None] | None = None
    attempts: int = 0
    message_id: str = ""


class Answer(Struct, frozen=True):
    """The answer to a CALL of the CSMS, and what the charger does once it is sent."""

    payload: Payload
    then: Callable[[], None] | None = None


class CallRefusedError(OyeError):
    """A CALL of the CSMS gets a CALLERROR."""

    def __init__(self, cause: Cause, description: str = "") -> None:
        super().__init__(description or cause.value)
        self.cause = cause
        self.description = description


class ChargerControl(Protocol):
    """What an answer may ask of the whole charger."""

    def boot(self, *, reason: str = "Triggered") -> None:
        """Send a BootNotification."""

    def beat(self) -> None:
        """Send a Heartbeat."""

    def reboot(self, reason: str) -> None:
        """Close the connection and start again as after a power cut."""

    def reconnect(self) -> None:
        """Close the connection and open a new one without booting."""

    def renew_password(self, password: str | bytes) -> None:
        """Use another password from the next connection on."""

    def restart_heartbeat(self) -> None:
        """Take over a changed heartbeat interval."""
