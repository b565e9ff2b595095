"""Daemon and Spark killed with -9 in mid-stream, Spark in the middle of a batch each time: the Delta tables equal what was served."""

import random
import uuid

import pytest
from published import World, expected_append, expected_newest, newest_of, rows_22
from spark_job import SparkJob, batches, caught_up

SPARK_KILLS = 3
DAEMON_KILLS_EACH = 2
STREAMS = {"nem": {"metrics": ["power", "emissions"], "secondary_grouping": "fueltech_group"},
           "nem-market": {"metrics": ["price", "demand"]}}


def in_mid_batch(checkpoint) -> bool:
    """A batch is planned, and not yet finished."""
    planned = len([one for one in checkpoint.glob("offsets/*") if one.name.isdigit()])
    return planned > batches(checkpoint)


def kill_both_again_and_again(world, job, checkpoint, chance):
    for _ in range(SPARK_KILLS):
        done = batches(checkpoint)
        for _ in range(DAEMON_KILLS_EACH):
            before = world.transactions()
            world.daemon.wait_until(lambda: world.transactions() > before, 120)
            world.daemon.kill()
            world.daemon.start()
        job.wait_until(lambda: batches(checkpoint) >= done + 1)
        places = chance.randrange(1, 3)
        job.wait_until(lambda: batches(checkpoint) >= done + places and in_mid_batch(checkpoint))
        job.kill()
        job.start()


@pytest.mark.parametrize("script, more", [("pyspark_streaming_example.py", ["--mode", "delta"]), ("merge_newest.py", [])], ids=["append", "merge"])
def test_the_table_equals_what_was_served(spark, bootstrap, tmp_path, script, more):
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    table, checkpoint = tmp_path / "table", tmp_path / "checkpoint"
    name = f"kills-{uuid.uuid4().hex[:6]}"
    with World(bootstrap, tmp_path / "world", name, streams=STREAMS, defaults={"start": "-2h"}) as world:
        world.wait_live()
        topics = world.topics("network") if more else world.topics()
        with SparkJob(tmp_path / "job", script, *more, "--bootstrap", bootstrap, "--topics", topics, "--table", table, "--checkpoint",
                      checkpoint, "--trigger", "3 seconds") as job:
            kill_both_again_and_again(world, job, checkpoint, random.Random(seed))
            world.wait_live()
            records = [one for one in world.end() if one[0] in topics.split(",")]
            job.wait_until(caught_up(bootstrap, checkpoint))
    print(f"{len(records)} records, {batches(checkpoint)} batches, restarts by the known trouble of Spark 4.1.1: {job.troubles}")
    found = spark.read.format("delta").load(str(table))
    if more:
        assert rows_22(found) == expected_append(records)
    else:
        assert newest_of(found) == expected_newest(records)
