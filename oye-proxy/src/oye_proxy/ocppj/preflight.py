"""What the owner hears along with a command that is sent all the same: it may well fail."""

from datetime import datetime
from typing import Any, Final

from oye_proxy.ocppj.boot import BootState
from oye_proxy.ocppj.id_tag_cache import IdTag, IdTagCache, IdTagStatus
from oye_proxy.ocppj.versions import OcppVersion

NOT_OFFERED: Final = frozenset({"NotImplemented", "NotSupported"})

_TRIGGERS: Final = frozenset({"TriggerMessage", "ExtendedTriggerMessage"})
_START_ACTIONS: Final = frozenset({"RemoteStartTransaction", "RequestStartTransaction"})


def warnings_of(
    version: OcppVersion,
    action: str,
    payload: Any,
    *,
    boot_state: BootState,
    refused_with: str | None,
    csms_tags: IdTagCache | None,
    now: datetime,
) -> tuple[str, ...]:
    """
    Return a sentence for each reason for which a CALL may fail.

    `refused_with` is the code with which the charger refused this action before. `csms_tags` is
    what the CSMS said about tags, None while it has no say.
    """
    warnings = []
    if refused_with is not None:
        warnings.append(f"The charger answered {action} with {refused_with} before")
    if boot_state is BootState.ACCEPTED and _triggers_boot(action, payload):
        # C16-E 3.40, F06.FR.17.
        warnings.append("The charger's boot is accepted already; it may refuse to boot again")
    if csms_tags is not None and _is_strange(version, action, payload, csms_tags, now):
        warnings.append("The CSMS was not seen to accept this tag; it may refuse the transaction")
    return tuple(warnings)


def _triggers_boot(action: str, payload: Any) -> bool:
    return (
        action in _TRIGGERS
        and isinstance(payload, dict)
        and payload.get("requestedMessage") == "BootNotification"
    )


def _is_strange(
    version: OcppVersion, action: str, payload: Any, csms_tags: IdTagCache, now: datetime
) -> bool:
    id_tag = IdTag.of(version, payload) if action in _START_ACTIONS else None
    # Nobody is asked about NoAuthorization (P2/Q2, IdTokenEnumType).
    if id_tag is None or id_tag.type == "NoAuthorization":
        return False
    known = csms_tags.find(id_tag, now)
    return known is None or known.status is not IdTagStatus.ACCEPTED
