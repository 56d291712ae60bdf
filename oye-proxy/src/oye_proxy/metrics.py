"""
The proxy's counters: plain numbers that the event loop's thread changes, collected for Prometheus.

`prometheus_client`'s own counters take a lock per step, too dear for the way of each frame. Label
values come from closed sets; `labels` beyond a bound are counted as `other`.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

OTHER = "other"

_MAX_SERIES = 1000
_MINUTE = 60


class Counter:
    """A number that only rises."""

    __slots__ = ("documentation", "name", "value")

    def __init__(self, name: str, documentation: str) -> None:
        self.name = name
        self.documentation = documentation
        self.value = 0

    def add(self, amount: int = 1) -> None:
        """Count."""
        self.value += amount

    def collect(self) -> Metric:
        """Return the sample."""
        return CounterMetricFamily(self.name, self.documentation, value=self.value)


class LabelledCounter:
    """Numbers that only rise, one for each combination of label values."""

    def __init__(self, name: str, documentation: str, labels: tuple[str, ...]) -> None:
        self.name = name
        self.documentation = documentation
        self.labels = labels
        self.values: dict[tuple[str, ...], int] = {}

    def add(self, *labels: str) -> None:
        """Count under these label values, in the order of `labels`."""
        if labels not in self.values and len(self.values) >= _MAX_SERIES:
            labels = (OTHER,) * len(self.labels)
        self.values[labels] = self.values.get(labels, 0) + 1

    def collect(self) -> Metric:
        """Return the samples."""
        family = CounterMetricFamily(self.name, self.documentation, labels=self.labels)
        for labels, value in self.values.items():
            family.add_metric(labels, value)
        return family


class LastMinute:
    """How much a number rose within the last minute, when it is sampled once a second."""

    def __init__(self, total: Callable[[], int]) -> None:
        self._total = total
        self._totals = deque([total()], maxlen=_MINUTE)

    def sample(self) -> None:
        """Remember the number of this second."""
        self._totals.append(self._total())

    @property
    def value(self) -> int:
        """The rise."""
        return self._total() - self._totals[0]


class Metrics(Collector):
    """All counters of one proxy; handed down by constructor."""

    def __init__(self) -> None:
        self.inbound = Counter("ocpp_inbound", "Frames that chargers sent.")
        self.outbound = Counter("ocpp_outbound", "Frames that chargers got.")
        self.last_minute = LastMinute(lambda: self.inbound.value + self.outbound.value)
        self.auth_failures = LabelledCounter(
            "ocpp_auth_failures", "Chargers that were refused.", ("reason", "mode")
        )
        self.auth_success = LabelledCounter(
            "ocpp_auth_success", "Chargers that were let in.", ("mode",)
        )
        self.error_codes = LabelledCounter(
            "ocpp_error_codes", "CALLERRORs that passed.", ("code", "direction", "action")
        )
        self.schema_failures = LabelledCounter(
            "ocpp_schema_failures",
            "Payloads that broke their schema.",
            ("direction", "phase", "action", "version", "reason"),
        )
        self.validations_skipped = Counter(
            "oye_validations_skipped", "Frames that were too many or too big to be validated."
        )
        self.timeouts = LabelledCounter(
            "ocpp_timeouts", "CALLs without an answer in time.", ("direction", "action")
        )
        self.payload_too_large = Counter("ocpp_payload_too_large", "Messages above the size limit.")
        self.pending_overflow = Counter(
            "ocpp_pending_overflow", "Times that too many CALLs waited for the CSMS."
        )
        self.records_stored = Counter("oye_records_stored", "Frames written to the database.")
        self.records_dropped = Counter(
            "oye_records_dropped", "Frames that the database did not take in time."
        )
        self.injections = LabelledCounter(
            "oye_injections", "Injected CALLs by their end.", ("outcome",)
        )
        self.connections: Callable[[], int] = lambda: 0
        self.csms_links: Callable[[], int] = lambda: 0
        self.storage_bytes: Callable[[], Mapping[str, int]] = dict
        self.certificate_ends: Callable[[], Mapping[str, float]] = dict
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Yield every metric, for Prometheus's registry."""
        yield GaugeMetricFamily(
            "ocpp_connections_active", "Chargers with an open connection.", self.connections()
        )
        yield GaugeMetricFamily(
            "oye_csms_links_open", "Chargers with an open link to their CSMS.", self.csms_links()
        )
        room = GaugeMetricFamily(
            "oye_storage_bytes",
            "The database: on disk, in use, at most; and its disk.",
            labels=("kind",),
        )
        for kind, size in self.storage_bytes().items():
            room.add_metric((kind,), size)
        yield room
        ends = GaugeMetricFamily(
            "oye_certificate_end_timestamp_seconds",
            "When a certificate of the server in front ends.",
            labels=("purpose",),
        )
        for purpose, moment in self.certificate_ends().items():
            ends.add_metric((purpose,), moment)
        yield ends
        for counter in vars(self).values():
            if isinstance(counter, Counter | LabelledCounter):
                yield counter.collect()

    def text(self) -> bytes:
        """Return all metrics in Prometheus's text format."""
        return generate_latest(self.registry)
