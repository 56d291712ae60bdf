"""The JSON of commands to chargers: what is sent, and what became of it."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from oye_proxy.api.models import Answer, Request

MAX_WAIT = 120.0
Wait = Annotated[float, Meta(ge=1, le=MAX_WAIT, description="Seconds to wait for the answer.")]


class WaitQuery(Request, frozen=True, kw_only=True):
    """How long to wait for the charger."""

    wait: Wait | None = None


class InjectRequest(Request, frozen=True, kw_only=True):
    """A CALL for the charger; `confirm` is needed for what can lock the owner out."""

    action: Annotated[str, Meta(min_length=1, max_length=255)]
    payload: dict[str, Any] | None = None
    confirm: bool = False


class Sent(Answer, frozen=True, kw_only=True):
    """
    The command is with the charger, or waits for its turn (`queued`).

    With `wait`, `response` is the charger's answer and `accepted` says whether it agreed;
    `followUps` are the payloads that arrived later and belong to the answer; `complete` is false
    when not all of them came in time. `reservationId` is that of a reservation. `warnings` are
    sentences on why the charger or the CSMS may refuse it; it was sent all the same. `pauses` is
    true when it sets a limit below 6 A: charging stops until the limit is raised or removed.
    """

    status: str = "sent"
    message_id: str
    queued: bool | UnsetType = UNSET
    accepted: bool | UnsetType = UNSET
    response: Any = UNSET
    follow_ups: tuple[Any, ...] | UnsetType = UNSET
    complete: bool | UnsetType = UNSET
    reservation_id: int | UnsetType = UNSET
    warnings: tuple[str, ...] | UnsetType = UNSET
    pauses: bool | UnsetType = UNSET


class SmartChargingRequest(Struct, frozen=True, kw_only=True, rename="camel"):
    """One of `action` (`clear`), `maxPower` or `sessionLimit`, looked at in this order; amperes."""

    action: str | None = None
    max_power: float | str | None = None
    session_limit: float | str | None = None
    transaction_id: int | str | None = None
