"""MERGE into Delta, batch by batch: which row wins, and what a repeated batch, a null, an older table and a key per series do."""

import uuid

import pytest
from openelectricity_kafka import merge_into_delta, newest


def batch(spark, *rows):
    """Rows of (key, minute, price, version)."""
    shown = [f"('{key}', TIMESTAMP '2026-11-23T00:{minute:02}:00Z', CAST({'NULL' if price is None else price} AS DOUBLE), {version}L)"
             for key, minute, price, version in rows]
    return spark.sql(f"SELECT * FROM VALUES {', '.join(shown)} AS t(key, interval, price, version)")


def held(spark, table: str) -> list:
    where = f"delta.`{table}`" if "/" in table else table
    return sorted((row.key, row.price, row.version) for row in spark.table(where).collect())


def test_the_highest_version_wins_within_a_batch_and_across_batches(spark, tmp_path):
    table = str(tmp_path / "table")
    merge_into_delta(batch(spark, ("a", 5, 1.0, 1), ("a", 5, 3.0, 3), ("a", 5, 2.0, 2), ("b", 10, 9.0, 4)), 0, table)
    assert held(spark, table) == [("a", 3.0, 3), ("b", 9.0, 4)]
    late = batch(spark, ("a", 5, 2.0, 2), ("b", 10, None, 5), ("c", 0, 0.0, 6))
    for number in (1, 1, 2):  # the same again, as after a crash
        merge_into_delta(late, number, table)
        assert held(spark, table) == [("a", 3.0, 3), ("b", None, 5), ("c", 0.0, 6)]


def test_columns_of_a_later_release_are_added_and_filled_when_the_topics_are_read_again(spark, tmp_path):
    table = str(tmp_path / "table")
    merge_into_delta(batch(spark, ("a", 5, 1.0, 1), ("b", 10, 2.0, 2)), 0, table)
    later = batch(spark, ("b", 10, 3.0, 3), ("c", 0, 4.0, 4)).selectExpr("*", "price * 2 AS demand", "map('odd', 'x') AS Extra")
    for _ in range(2):
        merge_into_delta(later, 1, table)
        found = spark.read.format("delta").load(table)
        assert found.columns == ["key", "interval", "price", "version", "demand", "Extra"]
        assert sorted((row.key, row.demand, row.Extra) for row in found.collect()) == [("a", None, None), ("b", 6.0, {"odd": "x"}),
                                                                                       ("c", 8.0, {"odd": "x"})]
    # The topics read again with a new checkpoint: of the versions that are there only what is missing is taken.
    again = batch(spark, ("a", 5, 1.0, 1), ("b", 10, 2.0, 2)).selectExpr("*", "price * 2 AS demand")
    merge_into_delta(again.selectExpr("*", "map('odd', 'y') AS extra"), 0, table)
    assert held(spark, table) == [("a", 1.0, 1), ("b", 3.0, 3), ("c", 4.0, 4)]
    found = spark.read.format("delta").load(table).collect()
    assert sorted((row.key, row.demand, row.Extra["odd"]) for row in found) == [("a", 2.0, "y"), ("b", 6.0, "x"), ("c", 8.0, "x")]


def test_a_table_with_a_name_and_fewer_columns_takes_what_it_has_where_none_are_to_be_added(spark):
    name = f"narrow_{uuid.uuid4().hex[:6]}"
    spark.sql(f"CREATE TABLE {name} (key STRING, interval TIMESTAMP, price DOUBLE, version LONG) USING delta")
    wider = batch(spark, ("a", 5, 1.0, 1)).selectExpr("*", "'new' AS added")
    merge_into_delta(wider, 0, name, add_columns=False)
    assert held(spark, name) == [("a", 1.0, 1)] and spark.table(name).columns == ["key", "interval", "price", "version"]
    merge_into_delta(wider, 1, name)
    assert [row.added for row in spark.table(name).collect()] == ["new"]


def test_points_whose_series_shares_a_key_are_rows_of_their_own(spark, tmp_path):
    """`record.key: series`."""
    table = str(tmp_path / "table")
    for _ in range(2):
        merge_into_delta(batch(spark, ("series", 5, 1.0, 1), ("series", 10, 2.0, 2), ("series", 5, 3.0, 3)), 0, table)
        assert held(spark, table) == [("series", 2.0, 2), ("series", 3.0, 3)]


def test_an_empty_batch_makes_the_table_and_changes_nothing(spark, tmp_path):
    table = str(tmp_path / "table")
    merge_into_delta(batch(spark, ("a", 5, 1.0, 1)).where("false"), 0, table)
    assert held(spark, table) == []


def test_what_cannot_be_ordered_is_refused(spark):
    with pytest.raises(ValueError, match="no column version; read with columns=all_columns"):
        newest(batch(spark, ("a", 5, 1.0, 1)).drop("version"))
