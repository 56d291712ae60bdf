"""
The JSON of the API: what all of it has in common.

Rows and bodies that the Node oye-proxy has keep its spelling; all others are camelCase. A request
model refuses members that it does not know.
"""

from typing import Annotated

from msgspec import Meta, Struct

ChargePointId = Annotated[str, Meta(min_length=1, max_length=255)]


class Request(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of what is asked."""


class Answer(Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what is answered."""


class Done(Answer, frozen=True, kw_only=True):
    """It is done."""

    success: bool = True
