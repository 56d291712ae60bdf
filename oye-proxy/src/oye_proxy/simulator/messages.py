"""What a simulated charger can say, whatever its OCPP version."""

from collections.abc import Callable
from typing import Protocol

from oye_proxy.simulator.clock import rfc3339
from oye_proxy.simulator.evse import Evse, Reading, Sample, Transaction
from oye_proxy.simulator.exchange import Outgoing, Payload


class Messages(Protocol):
    """Builds the charger's CALLs in the words of one OCPP version."""

    def charger_status(self) -> list[Outgoing]:
        """Build what tells the status of the whole charger, if the version has that."""

    def status(self, evse: Evse) -> Outgoing:
        """Build StatusNotification."""

    def status_word(self, evse: Evse) -> str:
        """Return what must change for a new StatusNotification."""

    def authorize(self, id_tag: str) -> Outgoing:
        """Build Authorize."""

    def started(self, evse: Evse, transaction: Transaction) -> list[Outgoing]:
        """Build what tells that a transaction began."""

    def metered(self, evse: Evse, transaction: Transaction | None, sample: Sample) -> Outgoing:
        """Build what tells meter values."""

    def flow_changed(self, evse: Evse, transaction: Transaction) -> list[Outgoing]:
        """Build what tells, besides the status, that charging went on or was suspended."""

    def ended(
        self, evse: Evse, transaction: Transaction, reason: str, id_tag: str | None, end: Sample
    ) -> Outgoing:
        """Build what tells that a transaction ended."""

    def tag_status(self, result: Payload) -> str | None:
        """Read the status of a tag out of an answer, None when it says nothing of it."""

    def learn_started(self, transaction: Transaction, result: Payload | None) -> None:
        """Take over what the answer to the start says; None when there was no answer."""


class ChargerMessages(Messages, Protocol):
    """The CALLs of a whole charger in one version."""

    firmware_version: str

    def boot(self, reason: str) -> Outgoing:
        """Build BootNotification."""

    def heartbeat(self) -> Outgoing:
        """Build Heartbeat."""


def meter_value(sample: Sample, amount: Callable[[Reading], Payload]) -> Payload:
    """Write a sample; `amount` gives the value and the unit of a reading in the version's words."""
    return {
        "timestamp": rfc3339(sample.at),
        "sampledValue": [
            amount(each) | {"context": sample.context} | _kind(each) for each in sample.readings
        ],
    }


def _kind(reading: Reading) -> Payload:
    kind: Payload = {"measurand": reading.measurand}
    if reading.phase is not None:
        kind["phase"] = reading.phase
    if reading.location is not None:
        kind["location"] = reading.location
    return kind
