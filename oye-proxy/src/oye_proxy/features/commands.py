"""The owner's typed commands: from an intent to the CALL of the charger's OCPP version."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from oye_proxy.features.charge_limit import ChargeLimits
from oye_proxy.features.context import intent_context, version_of
from oye_proxy.hub.chargers import Charger
from oye_proxy.hub.injections import Injection, Origin
from oye_proxy.hub.registry import Hub
from oye_proxy.ocppj.facts import StartedBy
from oye_proxy.ocppj.intents.context import IntentContext, connector_for
from oye_proxy.ocppj.intents.messages import build
from oye_proxy.ocppj.intents.requests import (
    ClearLimitRequest,
    IntentRequest,
    LimitRequest,
    PauseRequest,
    ResumeRequest,
    ScheduleRequest,
    StartRequest,
)
from oye_proxy.ocppj.profiles.schedules import lets_nobody_charge
from oye_proxy.state import State

AUTOMATION: Final = "automation"


class Commands:
    """Carries out what owner and automations ask of chargers."""

    def __init__(
        self,
        hub: Hub,
        state: State,
        limits: ChargeLimits,
        *,
        wall: Callable[[], datetime],
        new_remote_start_id: Callable[[], int],
    ) -> None:
        self._hub = hub
        self._state = state
        self._limits = limits
        self._wall = wall
        self._new_remote_start_id = new_remote_start_id

    async def run(
        self,
        charge_point_id: str,
        request: IntentRequest,
        origin: Origin,
        confirm: bool = False,  # noqa: FBT001, FBT002
    ) -> Injection:
        """
        Send what the charger's OCPP version has for this intent; return the first CALL.

        `confirm` answers the guard. Limits may need no CALL now: see `ChargeLimits.run`. Raise
        ChargerUnknownError, ChargerNotConnectedError, InvalidRequestError, ConflictError and its
        kinds, or TooManyRequestsError.
        """
        charger = self._hub.find(charge_point_id)
        version = version_of(charger)
        context = intent_context(
            charger,
            self._wall(),
            id_tag=self._state.current.default_id_tag,
            fresh_id=self._new_remote_start_id(),
        )
        match request:
            case ResumeRequest():
                start = self._limits.restart(charger, request, context)
                if start is None:
                    return await self._limits.run(charger, request, origin, context)
                messages = build(start, version, context)
                await self._limits.run(charger, request, origin, context)
                request = start
            case LimitRequest() | ScheduleRequest() | ClearLimitRequest() | PauseRequest():
                return await self._limits.run(charger, request, origin, context)
            case _:
                messages = build(request, version, context)
        sent = [
            await self._hub.inject(
                charge_point_id, action, payload, origin=origin, confirm=confirm, typed=True
            )
            for action, payload in messages
        ]
        if isinstance(request, StartRequest):
            self._note_start(charger, request, sent[0], context)
        return sent[0]

    def _note_start(
        self, charger: Charger, request: StartRequest, sent: Injection, context: IntentContext
    ) -> None:
        """Remember whose wish the start is, and the limit that it bears."""
        if sent.origin.kind == AUTOMATION:
            id_tag = request.id_tag or context.id_tag or ""
            in_2_x = "remoteStartId" in sent.payload
            charger.facts.note_remote_start(
                id_tag,
                context.remote_start_id if in_2_x else None,
                StartedBy.AUTOMATION,
                context.now,
            )
        if request.limit_a is not None:
            sent.pauses = lets_nobody_charge(request.limit_a)
            connector_id = connector_for(request.connector_id, context)
            self._limits.follow_start(charger, connector_id, request.limit_a, sent)
