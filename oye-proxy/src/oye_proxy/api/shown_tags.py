"""Id tags are personal data: news show them whole to those who may command, else their end."""

from msgspec.structs import replace

from oye_proxy.accounts import Scope
from oye_proxy.hub.events import LiveEvent, News
from oye_proxy.ocppj.facts import masked


def shown_to(scope: Scope, event: LiveEvent) -> LiveEvent:
    """Return an event as a caller of this scope may see it."""
    if not isinstance(event, News) or scope.includes(Scope.CONTROL):
        return event
    id_tag = event.data.get("idTag")
    # What is shortened already stays as it is.
    if not isinstance(id_tag, str) or id_tag.startswith("…"):
        return event
    return replace(event, data={**event.data, "idTag": masked(id_tag)})
