"""A real Spark, of either line, able to read Kafka and write Delta: in the test's own process, or what a process needs for it.

The jars are fetched one by one: resolving the connector with its transitive dependencies would ask a second repository
that its parent pom names, and not every network lets one through."""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from kafka import KafkaError, cache_dir

# Pairs of versions that work together; which line runs is the Python environment's choice.
LINES = {
    "4.1.1": {
        "kafka": ("org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1", "org.apache.spark:spark-token-provider-kafka-0-10_2.13:4.1.1",
                  "org.apache.kafka:kafka-clients:3.9.1", "org.apache.commons:commons-pool2:2.12.0"),
        "delta": ("io.delta:delta-spark_4.1_2.13:4.1.0", "io.delta:delta-storage:4.1.0"),
        "iceberg": ("org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.11.0",),
        "avro": ("org.apache.spark:spark-avro_2.13:4.1.1",),
    },
    "3.5.7": {
        "kafka": ("org.apache.spark:spark-sql-kafka-0-10_2.12:3.5.7", "org.apache.spark:spark-token-provider-kafka-0-10_2.12:3.5.7",
                  "org.apache.kafka:kafka-clients:3.4.1", "org.apache.commons:commons-pool2:2.12.0"),
        "delta": ("io.delta:delta-spark_2.12:3.3.2", "io.delta:delta-storage:3.3.2"),
        "iceberg": ("org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.0",),
        "avro": ("org.apache.spark:spark-avro_2.12:3.5.7",),
    },
}
DELTA_SETTINGS = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
}


def line() -> str:
    """The version of Spark in this Python."""
    import pyspark

    return pyspark.__version__


def _complete(folder: pathlib.Path, artifacts) -> bool:
    return all((folder / "{1}-{2}.jar".format(*artifact.split(":"))).is_file() for artifact in artifacts)


def fetch_jars(artifacts) -> list:
    """Paths of the jars; what is missing is downloaded once, also when two ask at the same time."""
    folder = cache_dir() / f"spark-{line()}-jars"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for artifact in artifacts:
            if _complete(folder, [artifact]):
                continue
            # In a folder without a pom, into a temporary one: a cut download leaves no jar behind.
            with tempfile.TemporaryDirectory(dir=folder) as work:
                command = ["mvn", "-q", "-B", "-Dstyle.color=never", "dependency:copy", f"-Dartifact={artifact}",
                           f"-DoutputDirectory={work}/out", "-Dmdep.useBaseVersion=true"]
                done = subprocess.run(command, cwd=work, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                      timeout=600, check=False)
                if done.returncode != 0:
                    raise KafkaError(f"Maven could not fetch {artifact}: {(done.stdout + done.stderr)[-800:]}")
                for jar in pathlib.Path(work, "out").glob("*.jar"):
                    jar.rename(folder / jar.name)
    return [folder / "{1}-{2}.jar".format(*artifact.split(":")) for artifact in artifacts]


def _check_java():
    """Spark 4 needs Java 17 or newer; an older one fails with a message that names nothing."""
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else shutil.which("java")
    if not java:
        raise KafkaError("java is missing: deploy/install-deps.sh --tests installs it")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    if not found or int(found[1]) < 17:
        raise KafkaError(f"Spark needs Java 17 or newer, found: {said.splitlines()[:1]}")


def jars(*kinds: str) -> list:
    """Paths of the jars of this line: `kafka`, `delta`, `iceberg`, `avro`."""
    return fetch_jars([artifact for kind in kinds for artifact in LINES[line()][kind]])


def settings(folder: pathlib.Path) -> dict:
    """What a small Spark beside others needs, whoever starts it; what it writes goes under `folder`."""
    return {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        # A short life beside others: the JVM's second compiler would cost more than it saves.
        # With the first compiler alone the JVM keeps 48 MB for code, and Spark with Delta may fill them.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        # Of Delta's log, which is small here.
        "spark.databricks.delta.snapshotPartitions": "2",
    }


def prepare_environment():
    """For a Spark in this process, or below it."""
    _check_java()
    # An inherited SPARK_HOME would bring another version's jars.
    os.environ.pop("SPARK_HOME", None)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # Its workers would be the system's Python otherwise.
    os.environ["PYSPARK_PYTHON"] = sys.executable


def session(folder: pathlib.Path):
    """A SparkSession on two threads, with Kafka, Delta and Avro."""
    from pyspark.sql import SparkSession

    prepare_environment()
    builder = SparkSession.builder.appName("openelectricity-stream tests")
    builder = builder.config("spark.jars", ",".join(map(str, jars("kafka", "delta", "avro"))))
    for name, value in {**settings(folder), **DELTA_SETTINGS}.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark
