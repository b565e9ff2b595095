"""Records of some metrics, whatever shape a topic has."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DoubleType

SHOWN = 12


def of_metrics(records: DataFrame, *metrics: str) -> DataFrame:
    """Long records of these metrics, and all wide ones, which name none. By nothing that a revision changes: a null takes back
    the number of an earlier record, so `power IS NOT NULL` belongs behind `newest`, not before it."""
    return records.where(F.col("metric").isin(*metrics) | F.col("metric").isNull())


def none_of(wanted: DataFrame, records: DataFrame, what: str) -> str | None:
    """Where `wanted` has no row: a line that says so, and which records (read with all columns) are there."""
    if not wanted.isEmpty():
        return None
    numbers = [field.name for field in records.schema.fields if isinstance(field.dataType, DoubleType) and field.name != "value"]
    kind = ["network_code", "interval_size", "grouping", "metric"]
    found = records.groupBy(*kind).agg(*(F.count(name).alias(name) for name in numbers)).orderBy(*kind).limit(SHOWN + 1).collect()
    if not found:
        return f"no {what} in these topics: they have no records yet"
    told = []
    for row in found[:SHOWN]:
        metric = row.metric or f"{', '.join(name for name in numbers if row[name]) or 'no number'} (wide)"
        told.append(f"{row.network_code} {row.interval_size} {metric} by {row.grouping}")
    return f"no {what} in these topics; there is {'; '.join(told)}{'; …' if len(found) > SHOWN else ''}"
