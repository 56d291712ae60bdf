"""
`oye-app watch`: follow the certificates while the app runs.

A renewed pair is copied, tested and loaded by a reload: connections stay with the old worker of
nginx until they end by themselves. A pair that is broken changes nothing but the log.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from oye_proxy.errors import CertificateError
from oye_proxy.ha_app.certificates import keep, kept_bytes
from oye_proxy.ha_app.installation import (
    App,
    front_for,
    present_status,
    write_status,
)
from oye_proxy.ha_app.nginx_config import render_nginx
from oye_proxy.ha_app.notices import Notice, Notices
from oye_proxy.ha_app.options import Options
from oye_proxy.ha_app.remarks import Lines, Remark
from oye_proxy.ha_app.tls import (
    Choice,
    certificate_remarks,
    choose,
    describe,
    put_in_place,
    remind,
    reminder,
)
from oye_proxy.status_file import CertificateStatus

INTERVAL = 600.0
NOTICE = "oye_certificate"
_NOT_LOOKED = -1


class Watch:
    """Looks at the certificates every ten minutes; says each thing once."""

    def __init__(
        self, app: App, options: Options, lines: Lines, now: Callable[[], datetime]
    ) -> None:
        self._app = app
        self._options = options
        self._lines = lines
        self._now = now
        # The start has said how things are.
        self._said = {
            status.purpose: {remark.text for remark in certificate_remarks(status)}
            for status in present_status(app.paths.status).certificates
        }
        self._step: int | None = _NOT_LOOKED
        self._reload_due = False
        self._notices = Notices(app.paths.notices)

    def run(self, stop: threading.Event, interval: float = INTERVAL) -> None:
        """Look, now and then, until `stop` is set."""
        while not stop.is_set():
            self.look()
            stop.wait(interval)

    def look(self) -> None:
        """Make one round."""
        now = self._now()
        try:
            choices = choose(self._options, self._app.paths, None, now, starting=False)
            self._use(choices, now)
        except (CertificateError, OSError) as error:
            self._say_new("", [Remark(f"the certificates stay as they are: {error}")])
            return
        self._say_new("", [])
        for choice in choices:
            self._say_new(choice.purpose, list(certificate_remarks(choice.status)))
        self._remind([choice.status for choice in choices], now)

    def _use(self, choices: list[Choice], now: datetime) -> None:
        """Let nginx have what changed; what it does not take is taken back."""
        tls = self._app.paths.tls
        former = {choice.purpose: kept_bytes(tls, choice.purpose) for choice in choices}
        changed = [choice for choice in choices if put_in_place(self._app.paths, choice)]
        statuses = tuple(choice.status for choice in choices)
        text = render_nginx(front_for(self._app.front, self._options, statuses))
        if changed or text != self._present_configuration():
            trouble = self._app.nginx.install(text, self._app.shared)
            if trouble is not None:
                self._take_back(changed, former)
                raise CertificateError(f"nginx does not take them: {trouble}")
            self._reload_due = True
        if self._reload_due:
            trouble = self._app.nginx.reload()
            if trouble is not None:
                raise CertificateError(trouble)
            self._reload_due = False
        for choice in changed:
            self._lines.say(f"Loaded: {describe(choice.status, now)}")
        present = present_status(self._app.paths.status)
        if present.certificates != statuses:
            write_status(self._app, replace(present, certificates=statuses))

    def _take_back(
        self, changed: list[Choice], former: dict[str, tuple[bytes, bytes] | None]
    ) -> None:
        for choice in changed:
            pair = former[choice.purpose]
            if pair is not None:
                keep(self._app.paths.tls, choice.purpose, *pair)

    def _present_configuration(self) -> str:
        try:
            return self._app.paths.nginx_conf.read_text()
        except OSError:
            return ""

    def _remind(self, statuses: list[CertificateStatus], now: datetime) -> None:
        """Say at each step towards the first end, once, that it comes; in Core take it back."""
        first = min(statuses, key=lambda status: status.valid_until)
        step = reminder(first, now)
        if step == self._step:
            return
        if step is None:
            self._notices.dismiss(NOTICE)
        else:
            self._notices.put(_notice(first, now))
            if self._step != _NOT_LOOKED:
                self._lines.tell([remind(first, now)])
        self._step = step

    def _say_new(self, about: str, remarks: list[Remark]) -> None:
        """Say what was not said in the round before."""
        before = self._said.get(about, set())
        self._lines.tell(remark for remark in remarks if remark.text not in before)
        self._said[about] = {remark.text for remark in remarks}


def _notice(status: CertificateStatus, now: datetime) -> Notice:
    """Say in Home Assistant what `remind` says in the log."""
    return Notice(
        notification_id=NOTICE,
        text="certificate_ended" if now >= status.valid_until else "certificate_ends",
        values={
            "names": ", ".join(status.names),
            "days": str((status.valid_until - now).days),
            "date": f"{status.valid_until:%Y-%m-%d}",
        },
    )
