"""A real Spark in the test's own process, able to read Kafka and (on demand) write Delta.

The jars are fetched one by one: resolving the connector with its transitive dependencies would ask a second repository
that its parent pom names, and not every network lets one through."""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from kafka import KafkaError, cache_dir

SPARK = "4.1.1"
KAFKA_JARS = (
    f"org.apache.spark:spark-sql-kafka-0-10_2.13:{SPARK}",
    f"org.apache.spark:spark-token-provider-kafka-0-10_2.13:{SPARK}",
    "org.apache.kafka:kafka-clients:3.9.1",
    "org.apache.commons:commons-pool2:2.12.0",
)
DELTA_JARS = ("io.delta:delta-spark_4.1_2.13:4.1.0", "io.delta:delta-storage:4.1.0")


def _complete(folder: pathlib.Path, artifacts) -> bool:
    return all((folder / "{1}-{2}.jar".format(*artifact.split(":"))).is_file() for artifact in artifacts)


def fetch_jars(artifacts) -> list:
    """Paths of the jars; what is missing is downloaded once, also when two ask at the same time."""
    folder = cache_dir() / f"spark-{SPARK}-jars"
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
        raise KafkaError(f"Spark {SPARK} needs Java 17 or newer, found: {said.splitlines()[:1]}")


def session(folder: pathlib.Path, delta: bool = False):
    """A SparkSession on two threads; what it writes goes under `folder`."""
    from pyspark.sql import SparkSession

    _check_java()
    # An inherited SPARK_HOME would bring another version's jars.
    os.environ.pop("SPARK_HOME", None)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    jars = fetch_jars(KAFKA_JARS + (DELTA_JARS if delta else ()))
    builder = (
        SparkSession.builder.master("local[2]").appName("openelectricity-stream tests")
        .config("spark.jars", ",".join(map(str, jars)))
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.local.dir", str(folder / "local"))
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
    )
    if delta:
        builder = builder.config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension").config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark
