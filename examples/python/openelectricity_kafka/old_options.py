"""The options of the PySpark source `openelectricity_stream`, by their names: what they mean where records come from Kafka."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

NETWORKS = ("NEM", "WEM", "AU")
INTERVALS = ("5m", "1h", "1d", "7d", "1M", "3M", "season", "1y", "fy")
DATA_METRICS = ("power", "energy", "emissions", "market_value", "storage_battery")
MARKET_METRICS = (
    "renewable_proportion", "price", "demand", "demand_energy", "curtailment", "curtailment_energy", "curtailment_solar_utility",
    "curtailment_solar_utility_energy", "curtailment_wind", "curtailment_wind_energy")
# The old source did not have these.
LATER_MARKET_METRICS = (
    "renewable_with_storage_proportion", "demand_gross", "demand_gross_energy", "generation_renewable",
    "generation_renewable_energy", "generation_renewable_with_storage", "generation_renewable_with_storage_energy",
    "flow_imports", "flow_exports", "flow_imports_energy", "flow_exports_energy")
PRIMARY_GROUPINGS = ("network", "network_region")
SECONDARY_GROUPINGS = ("fueltech", "fueltech_group", "status", "renewable")
OFFSETS = {"NEM": "+10:00", "AU": "+10:00", "WEM": "+08:00"}

HERE = ("network_code", "metrics", "interval", "primary_grouping", "secondary_grouping", "start_time", "end_time")

# What the daemon does now, or Spark's checkpoint.
ELSEWHERE = {
    "api_key": "leave it out: the daemon asks the API (api.api_key, or OPENELECTRICITY_API_KEY)",
    "base_url": "leave it out: the daemon asks the API (api.base_url)",
    "batch_size_hours": "leave it out: it is the daemon's (batch_size_hours of its stream)",
    "progress_path": "leave it out: the place in the topic is kept by .option('checkpointLocation', …)",
    "reset_progress": "leave it out: another checkpointLocation reads the topic again",
    "start_hours_ago": "leave it out, or give start_time: counted from each restart, it would drop what came meanwhile",
}


class OldOptionError(ValueError):
    """Every option that cannot be meant here, one a line, with what to do instead."""


@dataclass(frozen=True)
class OldJob:
    """Which records the old source's reader would have fetched itself."""

    network_code: str
    metrics: tuple[str, ...]
    interval: str
    primary_grouping: str
    secondary_grouping: str | None
    start_time: str | None  # with an offset
    end_time: str | None

    def topics(self) -> list[str]:
        """Under the names that the daemon gives by itself."""
        datasets = [name for name, metrics in (("network", DATA_METRICS), ("market", MARKET_METRICS))
                    if set(metrics) & set(self.metrics)]
        return [f"openelectricity.{dataset}.{self.interval}.v1" for dataset in datasets]

    def condition(self) -> str:
        """In Spark's SQL, over the fields of a record, long or wide.

        All revisions of a point pass, or none of them: a null that takes back a number too. So whether a metric has a number is
        not asked. A wide record does not name its metrics, but has those of one endpoint: it passes unless it has a number of the
        other one, with whichever of its columns are null."""
        tests = [f"network_code = '{self.network_code}'", f"interval_size = '{self.interval}'"]
        by_region = self.primary_grouping == "network_region"
        market = "network_region" if by_region else "total"
        parts = (["network_region"] if by_region else []) + ([self.secondary_grouping] if self.secondary_grouping else [])
        data = "/".join(parts) or "total"
        kinds = []
        all_market = MARKET_METRICS + LATER_MARKET_METRICS
        # A market metric has no second grouping.
        for metrics, others, grouping in ((DATA_METRICS, all_market, data), (MARKET_METRICS, DATA_METRICS, market)):
            chosen = [name for name in self.metrics if name in metrics]
            if chosen:
                listed = ", ".join(f"'{name}'" for name in chosen)
                wide = " AND ".join(f"`{name}` IS NULL" for name in ("metric", *others))
                kinds.append(f"(grouping = '{grouping}' AND (metric IN ({listed}) OR ({wide})))")
        tests.append(f"({' OR '.join(kinds)})")
        if self.start_time:
            tests.append(f"interval >= TIMESTAMP '{self.start_time}'")
        if self.end_time:
            tests.append(f"interval < TIMESTAMP '{self.end_time}'")
        return " AND ".join(tests)


def read_old_options(options: Mapping[str, object]) -> OldJob:
    """`options`: as they were given to the old source, also as Spark makes texts of them (`"['power', 'energy']"`)."""
    given = {name.lower(): _unfolded(value) for name, value in options.items()}
    faults = [f"{name}: {why}" for name, why in ELSEWHERE.items() if name in given]
    faults += [f"{name}: unknown; known are {', '.join(HERE)}" for name in given if name not in HERE and name not in ELSEWHERE]

    def choice(name: str, allowed: tuple[str, ...], otherwise: str) -> str:
        value = given.get(name)
        if value is None:
            return otherwise
        if value not in allowed:
            faults.append(f"{name}: {value!r} is none of {', '.join(allowed)}")
        return str(value)

    network = choice("network_code", NETWORKS, "NEM")
    wanted = given.get("metrics")
    metrics = ("power",) if wanted is None else _listed(wanted)
    if not metrics:
        faults.append("metrics: it names no metric")
    faults += [f"metrics: {name!r} is none of {', '.join(DATA_METRICS + MARKET_METRICS)}"
               for name in metrics if name not in DATA_METRICS + MARKET_METRICS]
    interval = choice("interval", INTERVALS, "5m")
    primary = choice("primary_grouping", PRIMARY_GROUPINGS, "network")
    secondary = choice("secondary_grouping", SECONDARY_GROUPINGS, "") or None

    def instant(name: str) -> str | None:
        value = given.get(name)
        if value is None:
            return None
        try:
            # Of a number it is a text that looks like a date.
            if not isinstance(value, (str, datetime.date)):
                raise ValueError
            text = value if isinstance(value, str) else value.isoformat()
            read = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            faults.append(f"{name}: {value!r} is no time such as 2024-01-15T10:30:00")
            return None
        # Without an offset it is on the network's clock, as it was for the old source.
        return read.isoformat() + ("" if read.tzinfo else OFFSETS.get(network, "+10:00"))

    start, end = instant("start_time"), instant("end_time")
    if start and end and datetime.datetime.fromisoformat(end) <= datetime.datetime.fromisoformat(start):
        faults.append("end_time: it is not after start_time, so that no record is between them")
    if faults:
        raise OldOptionError("\n".join(faults))
    return OldJob(network, metrics, interval, primary, secondary, start, end)


def _unfolded(value: object) -> object:
    """The value that a text spells: "['power']", "None", "True"."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text:
        return None
    try:
        return ast.literal_eval(text) if text[0] in "[(" or text in ("None", "True", "False") else text
    except (SyntaxError, ValueError):
        return text


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [one for one in value.split(",") if one.strip()]
    several = isinstance(value, (list, tuple, set, frozenset))
    # DataMetric.POWER and the like are enums whose value is the name.
    names = [str(getattr(one, "value", one)).strip() for one in (value if several else [value])]  # type: ignore[attr-defined]
    return tuple(sorted(names) if isinstance(value, (set, frozenset)) else names)
