"""What the requests of all intents have in common: their base, and the types of their members."""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from oye_proxy.ocppj.profiles.ids import MAX_CONNECTOR_ID

OneConnector: TypeAlias = Annotated[
    int, Meta(ge=1, le=MAX_CONNECTOR_ID, description="The connector; in OCPP 2.x the EVSE.")
]
AnyConnector: TypeAlias = Annotated[
    int,
    Meta(ge=0, le=MAX_CONNECTOR_ID, description="The connector (2.x: EVSE); 0 is the charger."),
]
IdTag: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=255, description="At most 20 (1.6), 36 or 255 characters.")
]
TransactionId: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=36, description="As the charger knows it; 1.6: digits.")
]
Amperes: TypeAlias = Annotated[
    float, Meta(ge=0, le=2000, description="Amperes per phase; less than 6 means pause.")
]
Watts: TypeAlias = Annotated[
    float, Meta(ge=0, le=2_000_000, description="Watts over all phases, instead of amperes.")
]
Phases: TypeAlias = Annotated[
    int,
    Meta(ge=0, le=3, description="How many phases; 0: the charger chooses; absent: as before."),
]
LimitDuration: TypeAlias = Annotated[
    int, Meta(ge=1, le=31_536_000, description="Seconds after which it ends by itself.")
]
CustomTrigger: TypeAlias = Annotated[
    str, Meta(max_length=50, description="OCPP 2.1: what a `CustomTrigger` is to send.")
]
SettingName: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=255,
        description="1.6: a key; 2.x: `Component[instance]@evse.Variable[instance]`.",
    ),
]


class Request(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of every intent's body; `confirm` answers the guard."""

    confirm: Annotated[bool, Meta(description="Yes, although it can lock me out or do harm.")] = (
        False
    )
