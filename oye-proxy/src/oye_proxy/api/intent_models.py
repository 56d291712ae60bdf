"""The JSON of commands that concern the proxy itself, not a message to the charger."""

from oye_proxy.api.models import Answer, Request
from oye_proxy.ocppj.modes import Mode


class ModeRequest(Request, frozen=True, kw_only=True):
    """
    The owner's policy for a charger.

    `forward`: the CSMS is in charge and the owner may command; `monitor`: frames pass, commands of
    the owner are refused; `standalone`: there is no CSMS. `modes` of the charger lists those that
    are possible.
    """

    mode: Mode


class ModeSet(Answer, frozen=True, kw_only=True):
    """The mode that is in force now; no message to the charger was needed."""

    status: str = "done"
    accepted: bool = True
    mode: Mode
