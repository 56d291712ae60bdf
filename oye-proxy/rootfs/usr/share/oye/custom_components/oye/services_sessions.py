"""The action that lists the charging sessions that the proxy has recorded."""

from datetime import datetime
from typing import Any, Final

import probatio
from homeassistant.core import ServiceResponse

from .helpers import proxy_errors
from .models import Session
from .services_call import ActionCall
from .services_fields import MOMENT, Fields, whole

LARGEST_PAGE: Final = 200
NAMES: Final = {"start": "from", "end": "to"}

FIELDS: Final[Fields] = {
    probatio.Optional("start"): MOMENT,
    probatio.Optional("end"): MOMENT,
    probatio.Optional("limit", default=100): whole(1, 1000),
}


async def get_sessions(call: ActionCall) -> ServiceResponse:
    """List the newest sessions of a charger or of one of its connectors."""
    limit: int = call.fields["limit"]
    query: dict[str, str | int] = {
        "chargePointId": call.charger.charge_point_id,
        **call.part(**NAMES),
        # The API cannot choose a connector; a charger's last page seldom has many too many.
        "limit": LARGEST_PAGE if call.number is not None else min(limit, LARGEST_PAGE),
    }
    found: list[Session] = []
    before: int | None = None
    while len(found) < limit:
        with proxy_errors(call.coordinator, call.charger.charge_point_id):
            page = await call.coordinator.client.transactions(
                **query, **({} if before is None else {"before": before})
            )
        found += [one for one in page.sessions if call.number in (None, one.number)]
        # A list that does not go on would never end.
        if page.next_before is None or page.next_before == before:
            break
        before = page.next_before
    return {"sessions": [_shown(call, one) for one in found[:limit]]}


def _shown(call: ActionCall, session: Session) -> dict[str, Any]:
    """Return a session in the words of the event entity."""
    return {
        "transaction_id": session.transaction_id,
        "connector": session.number,
        "state": session.state,
        "started_at": _text(session.started_at or session.begun_at),
        "stopped_at": _text(session.stopped_at),
        "duration_s": session.duration_seconds,
        "energy_kwh": _kwh(session.energy_wh),
        "meter_start_kwh": _kwh(session.meter_start_wh),
        "meter_stop_kwh": _kwh(session.meter_stop_wh),
        "id_tag": call.coordinator.shown_id_tag(session.id_tag),
        "tag_name": session.id_tag_name,
        "id_tag_status": session.id_tag_status,
        "started_by": session.started_by,
        "reason": session.reason,
        "acknowledged_by_csms": session.stop_acknowledged_at is not None,
        "offline": session.offline,
        "gap": session.gap,
    }


def _kwh(energy_wh: float | None) -> float | None:
    return None if energy_wh is None else round(energy_wh / 1000, 3)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
