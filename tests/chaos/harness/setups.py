"""A deployment's configuration, drawn from its seed: what a directed test would not think of setting together."""

import random

from .streams import FUEL, REGIONS, WEM, Stream

# No two of them have keys that could meet in one topic.
MORE = (
    Stream("groups", "NEM", ("power", "emissions"), "groups", "network", "fueltech_group"),
    Stream("hourly", "NEM", ("energy",), "hourly", "network_region", "renewable", "1h"),
    Stream("states", "WEM", ("energy",), "states", "network", "status"),
    Stream("whole", "NEM", ("market_value", "energy"), "whole", "network"),
)
FEW = 7  # records of a transaction: a label each, so that nothing long can be read in a round
SHORT_RE_READS = (("2h",), ("30m",), ("1h", "3h every 1h"))
RE_READS = ((), (), ("2h",), ("30m",), ("1h", "6h every 1h"), ("1h", "12h every 2h", "72h at 06:00"), ("3h", "1d every 3h"))
# From one label up: 1 is less than any label has, 40 less than one of `fuel`.
RECORDS = (1, 7, 40, 300, 3000, 50000)
SIZES = ("64KiB", "256KiB", "16MiB")
IDLE = ("1s", "3s", "10s", "1h")
LIES = "0.06"
AVRO = 0.2  # of the deployments write Avro, with a schema registry
# What the half-hourly past of the WEM needs to be read in a round: transactions that are not tiny.
OLD = {"start": "-300d", "batch_hours": 240.0}


class Setup:
    """`settings`: what Settings takes besides; `calls`: what is done to its topics once they are there."""

    def __init__(self, seed: int, number: int):
        chance = random.Random(f"{seed}/{number}/setup")
        self.max_records = chance.choice(RECORDS)
        self.max_size = chance.choice(SIZES)
        self.idle = chance.choice(IDLE)
        self.compacting = chance.random() < 0.25
        self.lies = LIES if chance.random() < 0.6 else ""
        self.old_half_hours = chance.random() < 0.15
        self.clock_set = chance.random() < 0.25
        self.gap_retry = chance.choice(("2h", "6h", "1d"))
        self.untidy = chance.choice(((), ("--revisions", "0.6"), ("--late", "0.1", "--holes", "0.02"), ("--outages", "0.3")))
        chosen = [FUEL, REGIONS, WEM] if chance.random() < 0.3 else chance.sample((FUEL, REGIONS, WEM, *MORE), 3)
        shared = chance.random() < 0.4
        self.streams = tuple(self._vary(one, chance, shared, self.max_records <= FEW) for one in chosen)
        if self.old_half_hours:
            self.max_records = max(self.max_records, 3000)
            old = WEM._replace(**OLD)
            self.streams = tuple(one for one in self.streams if one.name != "wem") + (old,)
        self.avro = chance.random() < AVRO
        if self.avro:
            self.streams = tuple(one._replace(format="avro") for one in self.streams)

    @staticmethod
    def _vary(stream: Stream, chance: random.Random, shared: bool, few: bool) -> Stream:
        wide = len(stream.metrics) > 1 and chance.random() < 0.5 or chance.random() < 0.15
        edge = "provisional" if chance.random() < 0.25 else "held_back"
        return stream._replace(
            shape="wide" if wide else "long", edge=edge, topic="all" if shared else stream.topic,
            revisions="first" if edge == "held_back" and chance.random() < 0.15 else "all",
            re_read=chance.choice(SHORT_RE_READS if few else RE_READS), batch_hours=chance.choice((0, 0, 1, 6, 48)),
            start=chance.choice(("-1h", "-3h") if few else ("-1h", "-6h", "-2d")), trigger=chance.choice(("5m", "5m", "10m", "30m")))

    def simulator(self) -> tuple:
        options = list(self.untidy)
        if self.lies:
            options += ["--lies", self.lies]
        if self.old_half_hours:
            options += ["--wem-every", "30", "--history-days", "320"]
        return tuple(options)

    def kafka(self) -> dict:
        return {"max_transaction_records": self.max_records, "max_transaction_size": self.max_size,
                "producer_idle_retirement": self.idle}

    def told(self) -> str:
        """For a report."""
        streams = "; ".join(f"{one.name}:{one.shape},{one.edge},{one.revisions},re_read={list(one.re_read)},"
                            f"batch={one.batch_hours:g}h,start={one.start},trigger={one.trigger},topic={one.topic}" for one in self.streams)
        return (f"records={self.max_records} size={self.max_size} idle={self.idle} compacting={self.compacting} avro={self.avro} clock_set={self.clock_set} "
                f"lies={self.lies or 0} gap_retry={self.gap_retry} simulator={' '.join(self.simulator())} | {streams}")
