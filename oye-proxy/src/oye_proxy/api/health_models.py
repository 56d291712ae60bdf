"""The JSON of how the proxy and its parts are."""

from datetime import datetime
from typing import Literal

from oye_proxy.api.models import Answer
from oye_proxy.status_file import CertificateStatus


class StorageReport(Answer, frozen=True, kw_only=True):
    """
    The database, its room, and the frames that wait for it or were dropped before it.

    `usedBytes` holds something, the rest of `sizeBytes` is free for new rows; above `maxBytes` (0:
    no limit) the oldest frames go. `frames` are those that are stored now. None is what is not
    known: the disk of a PostgreSQL, for one, and the frames until they were counted once.
    """

    up: bool
    kind: str
    size_bytes: int | None
    used_bytes: int | None
    max_bytes: int
    disk_free_bytes: int | None
    disk_total_bytes: int | None
    frames: int | None
    frames_waiting: int
    frames_dropped: int


class JournalReport(Answer, frozen=True, kw_only=True):
    """What CSMSs have yet to hear, of how many chargers, and when the oldest of it arrived."""

    pending: int
    chargers: int
    oldest_arrival: datetime | None


class ChargerCount(Answer, frozen=True, kw_only=True):
    """How many chargers are known and connected, and how many of these have their CSMS."""

    known: int
    connected: int
    csms_connected: int


class HealthReport(Answer, frozen=True, kw_only=True):
    """
    How the proxy is; `down` (503) when a part is down that it cannot work without.

    `journal` is null when the database cannot tell.
    `certificates` and `chargerUrls` are what a server in front tells, in the Home Assistant app.
    """

    status: Literal["ok", "down"]
    version: str
    uptime_seconds: float
    database: StorageReport
    journal: JournalReport | None
    chargers: ChargerCount
    live_clients: int
    certificates: tuple[CertificateStatus, ...] = ()
    charger_urls: tuple[str, ...] = ()


class Dependency(Answer, frozen=True, kw_only=True):
    """One part that the service relies on."""

    status: Literal["up", "down", "disabled"]


class ServiceHealth(Answer, frozen=True, kw_only=True):
    """The health of the service, in the shape of the gateway for fleets."""

    status: Literal["ok", "down"]
    service: str = "oye-proxy"
    time: datetime
    dependencies: dict[str, Dependency]
    required: dict[str, bool]
