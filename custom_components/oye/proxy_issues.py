"""
What the proxy says the owner should look at, shown as issues in Home Assistant.

The proxy tells at once. What may pass by itself is shown when it has lasted for a while, and a
certificate when it is time to act. Keys that are not known are of newer proxies or of its console.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from homeassistant.const import CONF_URL
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.util import dt as dt_util

from .const import CONF_APP_SLUG
from .coordinator import OyeConfigEntry
from .issues import async_raise_issue, async_withdraw_issue
from .models import Issue
from .reading import integer, name

CERTIFICATE: Final = "certificate_expiring"
CERTIFICATE_DAYS: Final = 14
DUPLICATE: Final = "duplicate_charger"
# What is known, and how long it lasts before it is shown.
LASTING: Final[Mapping[str, timedelta]] = {
    CERTIFICATE: timedelta(),
    DUPLICATE: timedelta(),
    "charger_not_accepted": timedelta(minutes=10),
    "charger_redirected": timedelta(),
    "charger_unsecured": timedelta(),
    "csms_loop": timedelta(),
    "csms_refused": timedelta(minutes=10),
    "csms_unreachable": timedelta(hours=1),
    "limit_conflict": timedelta(),
    "storage_trouble": timedelta(),
}
WITH_CONSOLE: Final = frozenset(LASTING) - {CERTIFICATE, DUPLICATE}
# Descriptions are Markdown, and whoever connects chooses an id.
HARMLESS: Final = str.maketrans("<>[]`*", "()()''")

type Subject = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class _Shown:
    """How an issue is shown."""

    severity: IssueSeverity
    placeholders: Mapping[str, str]


class ProxyIssues:
    """Shows the proxy's issues for as long as an entry is loaded."""

    def __init__(self, hass: HomeAssistant, entry: OyeConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._shown: dict[Subject, _Shown] = {}
        self._looks_at: datetime | None = None
        self._cancel_look: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Look now, at each change and when an issue has lasted long enough."""
        self._entry.async_on_unload(self._entry.runtime_data.async_add_listener(self._look))
        self._entry.async_on_unload(self._look_no_more)
        self._look()

    @callback
    def _look(self, now: datetime | None = None) -> None:
        now = now or dt_util.utcnow()
        wanted: dict[Subject, _Shown] = {}
        due: list[datetime] = []
        for issue in filter(self._concerns_us, self._entry.runtime_data.data.issues):
            subject = (issue.key, issue.charge_point_id)
            shown_at = (issue.since or now) + LASTING[issue.key]
            # What is shown stays, whichever way the clock is set.
            if shown_at <= now or subject in self._shown:
                wanted[subject] = self._face(issue)
            else:
                due.append(shown_at)
        self._show(wanted)
        self._look_again_at(min(due, default=None))

    def _concerns_us(self, issue: Issue) -> bool:
        """Whether a person can act on it in Home Assistant."""
        match issue.key:
            case "certificate_expiring":
                return (integer(issue.params.get("days")) or 0) <= CERTIFICATE_DAYS
            case "duplicate_charger":
                # What is left out because another entry has it is told by the coordinator.
                return issue.charge_point_id in self._entry.runtime_data.data.chargers
            case key:
                return key in LASTING

    def _face(self, issue: Issue) -> _Shown:
        days = integer(issue.params.get("days"))
        if issue.key == CERTIFICATE and days is not None and days < 0:
            return _Shown(IssueSeverity.ERROR, {})
        severity = IssueSeverity(issue.severity.value)
        if issue.charge_point_id is None:
            return _Shown(severity, {})
        return _Shown(severity, {"charger": self._name(issue.charge_point_id)})

    def _name(self, charge_point_id: str) -> str:
        charger = self._entry.runtime_data.data.chargers.get(charge_point_id)
        shown = charger.name if charger is not None else name(charge_point_id) or "?"
        return shown.translate(HARMLESS).replace("://", ": //")

    def _show(self, wanted: dict[Subject, _Shown]) -> None:
        for gone in self._shown.keys() - wanted.keys():
            async_withdraw_issue(self._hass, self._entry.entry_id, *gone)
        for (key, charge_point_id), face in wanted.items():
            if self._shown.get((key, charge_point_id)) != face:
                async_raise_issue(
                    self._hass,
                    self._entry.entry_id,
                    key,
                    face.severity,
                    face.placeholders,
                    charge_point_id=charge_point_id,
                    link=self._console if key in WITH_CONSOLE else None,
                )
        self._shown = wanted

    @property
    def _console(self) -> str:
        slug = self._entry.data.get(CONF_APP_SLUG)
        return f"homeassistant://app/{slug}" if slug else f"{self._entry.data[CONF_URL]}/"

    def _look_again_at(self, moment: datetime | None) -> None:
        if moment == self._looks_at:
            return
        self._look_no_more()
        self._looks_at = moment
        if moment is not None:
            self._cancel_look = async_track_point_in_utc_time(self._hass, self._look_late, moment)

    @callback
    def _look_no_more(self) -> None:
        if self._cancel_look is not None:
            self._cancel_look()
            self._cancel_look = None

    @callback
    def _look_late(self, now: datetime) -> None:
        self._cancel_look = self._looks_at = None
        self._look(now)
