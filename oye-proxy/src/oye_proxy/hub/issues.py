"""What the owner should look at: raised and withdrawn by the proxy, never by a click."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Severity(StrEnum):
    """`critical`: act at once; `error`: a person must act; `warning`: something degrades."""

    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class IssueKey(StrEnum):
    """The issues that exist; clients ignore keys that they do not know."""

    CSMS_REFUSED = "csms_refused"
    CSMS_LOOP = "csms_loop"
    CSMS_UNREACHABLE = "csms_unreachable"
    CHARGER_NOT_ACCEPTED = "charger_not_accepted"
    CHARGER_REDIRECTED = "charger_redirected"
    CHARGER_UNSECURED = "charger_unsecured"
    DUPLICATE_CHARGER = "duplicate_charger"
    LIMIT_CONFLICT = "limit_conflict"
    CERTIFICATE_EXPIRING = "certificate_expiring"
    STORAGE_TROUBLE = "storage_trouble"
    JOURNAL_GROWING = "journal_growing"
    CHARGER_SILENT = "charger_silent"
    ERROR_RATE = "error_rate"


_ERRORS = frozenset(
    {
        IssueKey.CSMS_LOOP,
        IssueKey.CSMS_REFUSED,
        IssueKey.STORAGE_TROUBLE,
    }
)
_CRITICAL = frozenset({IssueKey.CHARGER_REDIRECTED})


class Issue(Struct, frozen=True, kw_only=True, rename="camel"):
    """One issue; `charge_point_id` is None for the proxy as a whole."""

    key: IssueKey
    severity: Severity
    charge_point_id: str | None
    since: datetime
    params: dict[str, Any] = {}


class IssueBoard:
    """The issues that are open; `changed` is called with the new list."""

    def __init__(self, changed: Callable[[tuple[Issue, ...]], None]) -> None:
        self._changed = changed
        self._open: dict[tuple[IssueKey, str | None], Issue] = {}
        self._last_report: dict[tuple[IssueKey, str | None], datetime] = {}
        self._muted: set[str | None] = set()

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All open issues, the oldest first, but those of chargers that are muted."""
        return tuple(
            issue for issue in self._open.values() if issue.charge_point_id not in self._muted
        )

    def mute(self, charge_point_id: str, *, muted: bool) -> None:
        """Hide a charger's issues, or show them again; meanwhile they come and go unseen."""
        before = self.issues
        if muted:
            self._muted.add(charge_point_id)
        else:
            self._muted.discard(charge_point_id)
        if before != self.issues:
            self._changed(self.issues)

    def report(
        self,
        key: IssueKey,
        charge_point_id: str | None,
        now: datetime,
        *,
        severity: Severity | None = None,
        **params: Any,
    ) -> bool:
        """
        Open an issue, or renew its parameters; return whether anything is new.

        It keeps the moment since which it is open. Its severity is the key's unless one is given.
        """
        severity = severity or _severity_of(key)
        self._last_report[key, charge_point_id] = now
        present = self._open.get((key, charge_point_id))
        if present is not None and (present.params, present.severity) == (params, severity):
            return False
        self._open[key, charge_point_id] = Issue(
            key=key,
            severity=severity,
            charge_point_id=charge_point_id,
            since=present.since if present is not None else now,
            params=params,
        )
        self._tell(charge_point_id)
        return True

    def withdraw(self, key: IssueKey, charge_point_id: str | None) -> None:
        """Close an issue, if it is open."""
        self._close([(key, charge_point_id)])

    def withdraw_old(self, key: IssueKey, last_report_before: datetime) -> None:
        """Close the issues of a kind that were not reported again since then."""
        self._close(
            [
                one
                for one, reported_at in self._last_report.items()
                if one[0] is key and reported_at < last_report_before
            ]
        )

    def withdraw_all(self, charge_point_id: str) -> None:
        """Close every issue of a charger that is deleted."""
        self._close([key for key in self._open if key[1] == charge_point_id])

    def _close(self, keys: list[tuple[IssueKey, str | None]]) -> None:
        present = [key for key in keys if key in self._open]
        for key in present:
            del self._open[key]
            del self._last_report[key]
        self._tell(*(key[1] for key in present))

    def _tell(self, *of_chargers: str | None) -> None:
        if not self._muted.issuperset(of_chargers):
            self._changed(self.issues)


def _severity_of(key: IssueKey) -> Severity:
    if key in _CRITICAL:
        return Severity.CRITICAL
    return Severity.ERROR if key in _ERRORS else Severity.WARNING
