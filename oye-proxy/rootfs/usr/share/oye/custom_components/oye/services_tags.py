"""The actions about id tags: what a charger knows of them by itself."""

from typing import Any, Final

import probatio
from homeassistant.helpers import config_validation as cv

from .services_call import ActionCall, Body, command
from .services_fields import CONFIRM, ID_TAG, MOMENT, Fields, text, whole, word

NAMES: Final = {
    "id_tag": "idTag",
    "id_tag_type": "idTagType",
    "status": "status",
    "expires_at": "expiresAt",
    "group_id_tag": "groupIdTag",
    "remove": "remove",
}
STATUSES: Final = ("Accepted", "Blocked", "ConcurrentTx", "Expired", "Invalid")


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    return {NAMES[field]: value for field, value in entry.items()}


CLEAR_FIELDS: Final[Fields] = {**CONFIRM}
VERSION_FIELDS: Final[Fields] = {}
LIST_FIELDS: Final[Fields] = {
    probatio.Optional("entries", default=list): probatio.All(
        probatio.EnsureList(),
        [
            probatio.All(
                {
                    probatio.Required("id_tag"): ID_TAG,
                    probatio.Optional("id_tag_type"): text(20),
                    probatio.Optional("status"): probatio.In(STATUSES),
                    probatio.Optional("expires_at"): MOMENT,
                    probatio.Optional("group_id_tag"): ID_TAG,
                    probatio.Optional("remove"): cv.boolean,
                },
                _entry,
            )
        ],
    ),
    probatio.Optional("update_type", default="differential"): word("full", "differential"),
    probatio.Optional("version"): whole(1, 2**31 - 1),
    **CONFIRM,
}


def _list(call: ActionCall) -> Body:
    return call.part(
        entries="entries", update_type="updateType", version="version", confirm="confirm"
    )


def _clear(call: ActionCall) -> Body:
    return call.part(confirm="confirm")


clear_cache: Final = command("clear-cache", _clear)
get_local_list_version: Final = command("local-list-version")
send_local_list: Final = command("local-list", _list)
