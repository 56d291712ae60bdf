"""Whether a CSMS hears the charger's last BootNotification again, and what it said to it."""

from oye_proxy.ocppj.boot import BootState
from oye_proxy.ocppj.journal.entries import Entry
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.versions import OcppVersion


class BootReplay:
    """
    The boot over one connection.

    `wanted`: whether a CSMS that returns hears the last BootNotification; None when the charger
    booted meanwhile or the CSMS asks for it.
    """

    def __init__(
        self, journal: Journal, version: OcppVersion | None, *, wanted: bool | None
    ) -> None:
        self._journal = journal
        self._version = version
        self._wanted = wanted
        self._is_due = False
        # What the CSMS said on this link; an answer that tells nothing is no acceptance.
        self._state: BootState | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the CSMS did not accept the charger on this link."""
        return self._state not in {None, BootState.ACCEPTED}

    @property
    def due(self) -> Entry | None:
        """The BootNotification that the CSMS hears before all else; None for none."""
        return self._last if self._is_due else None

    def begin(self) -> None:
        """A link is open."""
        self._state = None
        self._is_due = self._wanted is True or (
            self._wanted is None and self._journal.waiting_boot is not None
        )

    def asked_for(self) -> bool:
        """The CSMS asks for a boot: once on a link it hears the last one, if there is one."""
        may_tell = self._wanted is not False and self._last is not None
        self._is_due = may_tell and self._state is not BootState.ACCEPTED
        return self._is_due

    def told(self, state: BootState) -> None:
        """Take note of what the CSMS said to a boot, replayed or the charger's own."""
        self._state = state
        self._is_due = self.is_refused

    @property
    def _last(self) -> Entry | None:
        """The last BootNotification, if it is in the words of this connection."""
        boot = self._journal.memory.boot
        return boot if boot is not None and boot.version is self._version else None
