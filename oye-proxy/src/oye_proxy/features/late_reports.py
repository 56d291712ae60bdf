"""Meter values that wait to be read: in order per charger, bounded in number."""

from typing import Final

from oye_proxy.hub.events import FramePassed

REPORTS: Final = 20_000


class LateReports:
    """Keeps reports until there is time for them; those beyond the limit are lost and counted."""

    def __init__(self, limit: int = REPORTS) -> None:
        self.lost = 0
        self._limit = limit
        self._number = 0
        self._waiting: dict[str, list[FramePassed]] = {}

    def __len__(self) -> int:
        return self._number

    def has(self, charge_point_id: str) -> bool:
        """Tell whether reports of a charger wait."""
        return charge_point_id in self._waiting

    def put(self, report: FramePassed) -> None:
        """Keep a report."""
        if self._number >= self._limit:
            self.lost += 1
            return
        self._number += 1
        self._waiting.setdefault(report.charge_point_id, []).append(report)

    def take(self, charge_point_id: str) -> list[FramePassed]:
        """Take out the reports of a charger."""
        reports = self._waiting.pop(charge_point_id, [])
        self._number -= len(reports)
        return reports

    def take_some(self, number: int) -> list[FramePassed]:
        """Take out some reports, those of the charger that waits longest first."""
        taken: list[FramePassed] = []
        while self._waiting and len(taken) < number:
            charge_point_id = next(iter(self._waiting))
            reports = self.take(charge_point_id)
            room = number - len(taken)
            taken += reports[:room]
            if reports[room:]:
                self._waiting[charge_point_id] = reports[room:]
                self._number += len(reports[room:])
        return taken
