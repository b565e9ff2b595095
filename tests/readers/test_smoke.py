"""API simulator → daemon → Kafka → Spark → Delta, while data arrives: the two tables that most people want, exact to the row."""

import time
import uuid

import pytest
from openelectricity_kafka import all_columns, columns_22, merge_into_delta, read, read_stream
from published import COLUMNS_22, World, expected_append, expected_newest, newest_of, rows_22

pytestmark = pytest.mark.smoke


def batches_with_data(query) -> int:
    if query.exception():
        raise query.exception()
    return sum(1 for progress in query.recentProgress if progress["numInputRows"] > 0)


def test_delta_append_and_merge_equal_the_topics_while_data_arrives(spark, bootstrap, tmp_path):
    name = f"smoke-{uuid.uuid4().hex[:6]}"
    append_to, merge_to = str(tmp_path / "append"), str(tmp_path / "merge")
    with World(bootstrap, tmp_path / "world", name, defaults={"start": "-2h"}) as world:
        world.wait_live()
        stream = read_stream(spark, bootstrap, world.topics())
        assert stream.schema == columns_22() and stream.columns == list(COLUMNS_22)
        append = (stream.writeStream.format("delta").option("checkpointLocation", str(tmp_path / "append.checkpoint"))
                  .trigger(processingTime="2 seconds").start(append_to))
        records = read_stream(spark, bootstrap, world.topics(), columns=all_columns(), key=True)
        merge = (records.writeStream.foreachBatch(lambda batch, number: merge_into_delta(batch, number, merge_to))
                 .option("checkpointLocation", str(tmp_path / "merge.checkpoint")).trigger(processingTime="2 seconds").start())
        deadline = time.monotonic() + 300
        while min(batches_with_data(append), batches_with_data(merge)) < 3:
            assert time.monotonic() < deadline, (append.recentProgress, merge.recentProgress)
            time.sleep(0.2)
        published = world.end()
        append.processAllAvailable()
        merge.processAllAvailable()
        append.stop()
        merge.stop()

    table = spark.read.format("delta").load(append_to)
    assert table.schema == columns_22()
    assert rows_22(table) == expected_append(published)
    assert newest_of(spark.read.format("delta").load(merge_to)) == expected_newest(published)
    assert len(published) > 500

    # A batch that comes again changes nothing, though it has the older versions alone.
    again = read(spark, bootstrap, world.topics(), columns=all_columns(), key=True)
    merge_into_delta(again.where("revision = 0"), 0, merge_to)
    assert newest_of(spark.read.format("delta").load(merge_to)) == expected_newest(published)
