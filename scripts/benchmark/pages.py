"""How long pages of the API take, asked for over HTTP one after the other."""

import http.client
import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from msgspec import Struct

from benchmark import fill
from benchmark.subjects import credentials

TARGET_MS = 50.0

_REQUESTS = 50
_TIMEOUT = 60.0
# Of one kind of page: a slow one is asked for a few times only.
_SECONDS = 15.0


class Page(Struct, frozen=True):
    """A kind of page: how it is called, what is asked, and whether it has to meet the target."""

    name: str
    path: str
    query: Callable[[], dict[str, object]]
    has_target: bool = True


class Times(Struct, frozen=True):
    """What the requests for one kind of page took, and how large the last answer was."""

    milliseconds: list[float]
    bytes: int
    is_given_up: bool = False

    @property
    def median(self) -> float:
        """The one in the middle."""
        return statistics.median(self.milliseconds)

    @property
    def worst(self) -> float:
        """The longest."""
        return max(self.milliseconds)

    @property
    def verdict(self) -> str:
        """Say whether all of them met the target, or most: what else runs disturbs some."""
        if self.is_given_up:
            return "given up by the proxy (503)"
        if self.worst <= TARGET_MS:
            return "reached"
        return "most" if self.median <= TARGET_MS else "MISSED"


def print_pages(port: int, pages: list[Page]) -> None:
    """Measure each kind of page; print it beside its target."""
    print(f"{'':48}{'requests':>9}{'median ms':>11}{'worst ms':>10}{'bytes':>9}")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        # The first request makes the hash of the password.
        _ask(connection, "/api/info", {})
        for page in pages:
            times = measure(connection, page)
            verdict = f"  {times.verdict}" if page.has_target or times.is_given_up else ""
            print(
                f"{page.path.removeprefix('/api/'):>20} {page.name:27}"
                f"{len(times.milliseconds):>9}{times.median:>11.1f}{times.worst:>10.1f}"
                f"{times.bytes:>9,}{verdict}",
                flush=True,
            )
    finally:
        connection.close()


def measure(connection: http.client.HTTPConnection, page: Page) -> Times:
    """Ask for one kind of page again and again."""
    milliseconds: list[float] = []
    size = 0
    end = time.perf_counter() + _SECONDS
    while len(milliseconds) < _REQUESTS and (not milliseconds or time.perf_counter() < end):
        query = page.query()
        begin = time.perf_counter()
        answer = _ask(connection, page.path, query)
        milliseconds.append(1e3 * (time.perf_counter() - begin))
        if answer is None:
            return Times(milliseconds, 0, is_given_up=True)
        size = answer
    return Times(milliseconds, size)


def pages_of_frames(frames: int, now: datetime, rng: random.Random) -> list[Page]:
    """List what is asked of the frames."""

    def charger() -> str:
        return fill.charger(rng.randrange(fill.CHARGERS))

    def deep() -> int:
        return rng.randrange(frames // 10, frames)

    def logs(name: str, query: Callable[[], dict[str, object]], *, has_target: bool = True) -> Page:
        return Page(name, "/api/logs", query, has_target)

    last_minutes = int((now - timedelta(minutes=5)).timestamp())
    rare, old = fill.RARE_ACTION, fill.OLD_ACTION
    injected, old_way = "INJECTION_REQUEST", {"direction": fill.OLD_DIRECTION.value}
    return [
        logs("newest", dict),
        logs("deep cursor", lambda: {"before": deep()}),
        logs("after a deep cursor", lambda: {"after": deep()}),
        logs("of the last minutes", lambda: {"since": last_minutes}),
        logs("of a charger", lambda: {"chargePointId": charger()}),
        logs("of a charger, deep", lambda: {"chargePointId": charger(), "before": deep()}),
        logs("of an unknown charger", lambda: {"chargePointId": "NOBODY"}),
        logs("direction", lambda: {"direction": "DOWNSTREAM"}),
        logs("rare direction", lambda: {"direction": injected}),
        logs("rare direction, deep", lambda: {"direction": injected, "before": deep()}),
        logs("direction of long ago", lambda: dict(old_way)),
        logs("direction of none", lambda: {"direction": "PROXY_RESPONSE"}),
        logs("action", lambda: {"action": "MeterValues"}),
        logs("action, deep", lambda: {"action": "MeterValues", "before": deep()}),
        logs("rare action", lambda: {"action": rare}),
        logs("action of long ago", lambda: {"action": old}),
        logs("action of none", lambda: {"action": "Nothing"}),
        logs("never together", lambda: {"action": "Heartbeat", "direction": injected}),
        logs("charger, rare action", lambda: {"chargePointId": charger(), "action": rare}),
        logs("charger, old direction", lambda: {"chargePointId": charger(), **old_way}),
        logs("charger, text of none", lambda: {"chargePointId": charger(), "q": "nowhere"}),
        logs("text, frequent", lambda: {"q": "Charging"}),
        logs("text, rare", lambda: {"q": "needle"}, has_target=False),
        logs("text of none", lambda: {"q": "nowhere"}, has_target=False),
    ]


def pages_of_transactions(total: int, now: datetime, rng: random.Random) -> list[Page]:
    """List what is asked of the transactions."""

    def charger() -> str:
        return fill.charger(rng.randrange(fill.CHARGERS))

    def deep() -> int:
        return rng.randrange(total // 10, total)

    def page(name: str, query: Callable[[], dict[str, object]]) -> Page:
        return Page(name, "/api/transactions", query)

    def totals(name: str, query: dict[str, object]) -> Page:
        return Page(name, "/api/transactions/totals", lambda: query, has_target=False)

    tag = fill.tag(fill.transaction_turn(fill.TRANSACTION_STRETCH) >> 5)
    week = {"from": (now - timedelta(days=7)).isoformat()}
    old = {"to": (now - timedelta(days=30)).isoformat()}
    return [
        page("newest", dict),
        page("deep cursor", lambda: {"before": deep()}),
        page("of a charger", lambda: {"chargePointId": charger()}),
        page("of a charger, deep", lambda: {"chargePointId": charger(), "before": deep()}),
        page("of a tag", lambda: {"idTag": tag}),
        page("of an unknown tag", lambda: {"idTag": "NOBODY"}),
        page("that run", lambda: {"state": "open"}),
        page("that run, of a charger", lambda: {"state": "open", "chargePointId": charger()}),
        page("ended", lambda: {"state": "ended"}),
        page("the owner's", lambda: {"startedBy": "owner"}),
        page("the operator's (none)", lambda: {"startedBy": "operator"}),
        page("the owner's that run", lambda: {"startedBy": "owner", "state": "open"}),
        page("before a month ago", lambda: dict(old)),
        totals("of a charger, by day", {"by": "day", "chargePointId": charger()}),
        totals("of a week, by day", {"by": "day", **week}),
        totals("of all, by month", {"by": "month"}),
        totals("of all, by charger", {"by": "charger"}),
    ]


def _ask(connection: http.client.HTTPConnection, path: str, query: dict[str, object]) -> int | None:
    """Return the size of the answer; None when the database took too long for one."""
    connection.request("GET", f"{path}?{urlencode(query)}", headers=credentials())
    response = connection.getresponse()
    content = response.read()
    if response.status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        return None
    if response.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path} {query} was answered {response.status}: {content.decode()[:500]}")
    return len(content)
