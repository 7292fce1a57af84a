"""The figures of a running bot, as Prometheus reads them at /metrics."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.messages import Kind
from bot.store.inbox import Backlog
from bot.store.outbox import Step

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5, 10)


class Metrics:
    """Counters of one process; gauges of the shared database are set before each reading."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "oscbot_turns", "Turns by outcome", ["channel", "outcome"], registry=self.registry
        )
        self._turn_seconds = Histogram(
            "oscbot_turn_seconds", "From claim to commit", buckets=SECONDS, registry=self.registry
        )
        self._confidence = Histogram(
            "oscbot_nlu_confidence",
            "Confidence of the likeliest intent",
            ["verdict"],
            buckets=[n / 10 for n in range(1, 11)],
            registry=self.registry,
        )
        self._deliveries = Counter(
            "oscbot_deliveries",
            "Deliveries by outcome",
            ["channel", "kind", "outcome"],
            registry=self.registry,
        )
        self._delivery_seconds = Histogram(
            "oscbot_delivery_seconds", "From due to sent", buckets=SECONDS, registry=self.registry
        )
        self._loops = Counter(
            "oscbot_loops", "Messages held by the guard against loops", ["channel"], registry=self.registry
        )
        self._depth = Gauge("oscbot_outbox_depth", "Rows to send", ["kind"], registry=self.registry)
        self._age = Gauge("oscbot_outbox_age_seconds", "Age of the oldest", ["kind"], registry=self.registry)
        self._inbox = Gauge("oscbot_inbox_depth", "Events not handled yet", registry=self.registry)
        self._quarantined = Gauge("oscbot_quarantined", "Events that cannot be read", registry=self.registry)

    def turn(self, channel: str, outcome: str, seconds: float) -> None:
        self._turns.labels(channel, outcome).inc()
        self._turn_seconds.observe(seconds)

    def understood(self, verdict: str, confidence: float) -> None:
        self._confidence.labels(verdict).observe(confidence)

    def delivered(self, channel: str, kind: Kind, step: Step, seconds: float) -> None:
        self._deliveries.labels(channel, kind, step).inc()
        if step is Step.SENT:
            self._delivery_seconds.observe(seconds)

    def looping(self, channel: str) -> None:
        self._loops.labels(channel).inc()

    def set_backlogs(self, inbox: Backlog, outbox: dict[Kind, Backlog], quarantined: int) -> None:
        self._inbox.set(inbox.depth)
        self._quarantined.set(quarantined)
        for kind, backlog in outbox.items():
            self._depth.labels(kind).set(backlog.depth)
            self._age.labels(kind).set(backlog.oldest_seconds)

    def exposition(self) -> bytes:
        return generate_latest(self.registry)
