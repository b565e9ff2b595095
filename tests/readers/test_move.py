"""The move from the replaced source as docs/spark.md tells it, command by command: its Delta table goes on, no row doubled, none
missing; also where its progress lies in the future, and where it hides a hole."""

import datetime
import json
import os
import subprocess
import time
import uuid

import pytest
from old_reader import NEM, OldReader
from openelectricity_kafka import columns_22
from parts import BINARIES, ROOT, Clock, start_daemon, start_simulator
from published import rows_22
from spark_job import SparkJob, caught_up

KEY = "move-test-key-0123456789"
PROGRAM = BINARIES / "openelectricity-stream"
HOUR = datetime.timedelta(hours=1)

NEW_JOB = """
import sys
from openelectricity_kafka import read_stream
from pyspark.sql import SparkSession

stream_options = {"network_code": "NEM", "metrics": ["power", "energy"], "interval": "5m", "primary_grouping": "network_region"}
spark = SparkSession.builder.getOrCreate()
rows = read_stream(spark, sys.argv[1], sys.argv[2], **stream_options)
(rows.writeStream.format("delta").option("checkpointLocation", sys.argv[4]).trigger(processingTime="2 seconds")
 .start(sys.argv[3]).awaitTermination())
"""


def run(*arguments, **environment) -> str:
    done = subprocess.run([PROGRAM, *map(str, arguments)], text=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
                          check=False, env={**os.environ, **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def old_table(spark, reader: OldReader, until: datetime.datetime, table: str):
    rows = []
    while reader.position < until:
        rows += reader.batch()
    schema = columns_22()
    spark.createDataFrame(rows, schema).coalesce(1).write.format("delta").save(table)


@pytest.mark.parametrize("trap", ["none", "future", "hole"])
def test_the_old_table_goes_on(spark, bootstrap, tmp_path, trap):
    clock = Clock(datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), 60)
    simulator, api = start_simulator(BINARIES, tmp_path, clock, KEY, "--calm", "--rate-limit", "off")
    daemon = None
    try:
        # The old job, as it was: two days of rows, until now, or beyond.
        options = {"api_key": KEY, "base_url": api, "network_code": "NEM", "metrics": ["power", "energy"], "batch_size_hours": 1,
                   "progress_path": str(tmp_path / "old"), "primary_grouping": "network_region"}
        now = datetime.datetime.now(NEM).replace(tzinfo=None, minute=0, second=0, microsecond=0)
        began = now - 48 * HOUR
        reader = OldReader(options, began)
        if trap == "hole":
            reader.fails = lambda start: start == now - 30 * HOUR
        table = str(tmp_path / "table")
        old_table(spark, reader, now + (5 if trap == "future" else 0) * HOUR, table)
        (tmp_path / "old").mkdir()
        reader.save(tmp_path / "old")
        nulls = spark.read.format("delta").load(table).where("interval IS NULL").count()
        assert nulls == {"none": 0, "hole": 1}.get(trap, nulls) and (trap != "future" or nulls >= 4)

        started = time.monotonic()
        commands = ["migrate"]
        (tmp_path / "job.py").write_text(f"stream_options = {options!r}", encoding="utf-8")
        file = tmp_path / "new.yaml"
        since = ["--since", began.isoformat()] if trap == "hole" else []
        said = run("migrate", "--options", tmp_path / "job.py", "--progress", tmp_path / "old", "--out", file, *since)
        # The test's own clock, folders and topics.
        name = f"move-{uuid.uuid4().hex[:6]}"
        environment = {"OPENELECTRICITY_API_KEY": KEY, "KAFKA_BOOTSTRAP_SERVERS": bootstrap}
        file.write_text(file.read_text().replace("${OPENELECTRICITY_API_KEY:-}", KEY).replace("${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}", bootstrap)
                        + f"deployment: {name}\nprogress_path: {tmp_path}/progress\nhttp: {{enabled: false}}\nbudget: {{plan: ENTERPRISE}}\n"
                        + f"defaults: {{topic: '{name}.{{dataset}}'}}\n" + clock.yaml(), encoding="utf-8")
        commands.append("check-config")
        run("check-config", "--connect", "-c", file, **environment)
        commands.append("spark-sql")
        for line in deletes(said):
            spark.sql(line.replace("old_table", f"delta.`{table}`"))
        commands.append("run")
        (tmp_path / "progress").mkdir()
        daemon = start_daemon(BINARIES, tmp_path, file.read_text())
        daemon.wait_until(lambda: position(tmp_path) > now.isoformat(), 120)
        commands.append("spark-submit")
        job_file = tmp_path / "new_job.py"
        job_file.write_text(NEW_JOB, encoding="utf-8")
        checkpoint = tmp_path / "checkpoint"
        with SparkJob(tmp_path / "job", job_file, bootstrap, f"{name}.network", table, checkpoint) as job:
            job.wait_until(lambda: checkpoint.exists() and list(checkpoint.glob("commits/*")))
            took = time.monotonic() - started
            daemon.wait_until(lambda: position(tmp_path) > (now + 2 * HOUR).isoformat(), 300)  # data go on arriving
            assert daemon.stop() == 0, daemon.log_tail()
            job.wait_until(caught_up(bootstrap, checkpoint))
        print(f"{trap}: from migrate to the first rows of the new job {took:.0f} s; deleted by {deletes(said)}")
        assert commands == commands_of_the_page()

        found = {(row[0], row[5]): row for row in rows_22(spark.read.format("delta").load(table)).elements()}
        count = spark.read.format("delta").load(table).count()
        end = datetime.datetime.fromisoformat(position(tmp_path)).replace(tzinfo=None)
        again = OldReader({**options, "batch_size_hours": 6}, began)
        expected = {}
        while again.position < end:
            for row in again.ask(again.position, min(end, again.position + 6 * HOUR)):
                if row["interval"].replace(tzinfo=None) < end:
                    expected[(round(row["interval"].timestamp()), row["network_region"])] = (row["power"], row["energy"])
            again.position += 6 * HOUR
        assert count == len(found), "rows are doubled"
        assert {place: (row[7], row[8]) for place, row in found.items()} == expected
        assert len(expected) > 48 * 12 * 5
    finally:
        if daemon:
            daemon.stop()
        simulator.stop()


def deletes(said: str) -> list:
    """The two of the cut-over, as they were printed."""
    return [line.strip().rstrip(";") for line in said.splitlines() if line.strip().startswith("DELETE")][:2]


def commands_of_the_page() -> list:
    """The move's, as docs/spark.md has them: the program's commands, and Spark's two."""
    page = (ROOT / "docs" / "spark.md").read_text(encoding="utf-8")
    block = page.split("## Moving from the PySpark source")[1].split("```")[1].strip()
    return [line.removeprefix("openelectricity-stream ").split()[0] for line in block.splitlines()]


def position(folder) -> str:
    """Where the stream stands, on NEM's clock; nothing yet: an empty text."""
    try:
        said = json.loads((folder / "progress" / "progress.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return ""
    return min((member["position"] for metrics in said.get("streams", {}).values() for member in metrics.values()), default="")
