"""The JSON of chargers: a row of the list, and what the owner changes."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from oye_proxy.api.models import Request
from oye_proxy.hub.chargers import ChargerState
from oye_proxy.hub.owner_status import OwnerStatus
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.profiles.wishes import PauseStrategy


class ChargerRow(Struct, frozen=True, kw_only=True):
    """
    One charger as the Node oye-proxy tells it, and its whole live `state`.

    `status` is `ONLINE` or `OFFLINE` by the open connection; times are epoch seconds; `max_power`
    is the lasting limit in amperes.
    """

    charge_point_id: str
    status: Literal["ONLINE", "OFFLINE"]
    last_seen: int | None
    max_power: float | None
    remote_ip: str | None
    remote_port: int | None
    connected_at: int | None
    state: ChargerState


class ChargerPatch(Request, frozen=True, kw_only=True):
    """
    What the owner changes about a charger; what is absent stays.

    `pauseStrategy`: a pause sets a limit of 0 A (`limit_zero`), or ends the transaction
    (`remote_stop`), for chargers that would end it at 0 A anyway. `ownerStatus`: `inactive` ends
    the charger's connection and refuses the next ones; `maintenance` lets its frames pass, hides
    its issues and charges nothing automatically.
    """

    name: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    approved: bool | UnsetType = UNSET
    owner_status: OwnerStatus | UnsetType = UNSET
    pause_strategy: PauseStrategy | UnsetType = UNSET
