"""Who calls, and what they may do."""

from enum import StrEnum

from msgspec import Struct


class Scope(StrEnum):
    """What a caller may do; each scope includes those before it."""

    READ = "read"
    CONTROL = "control"
    ADMIN = "admin"

    def includes(self, other: "Scope") -> bool:
        """Whether a caller with this scope may do what needs the other."""
        order = list(Scope)
        return order.index(self) >= order.index(other)


class Principal(Struct, frozen=True):
    """Who calls; `kind` is `user`, `token` or `ingress`; `session_id` if a cookie says so."""

    name: str
    scope: Scope
    kind: str
    session_id: int | None = None
