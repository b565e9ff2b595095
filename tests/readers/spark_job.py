"""An example as its user runs it: spark-submit in a process of its own, with the jars of this Python's line."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from kafka_io import ends_of
from parts import ROOT, die_with_parent
from spark import DELTA_SETTINGS, jars, line, prepare_environment, settings

# Spark 4.1.1 dies of it once, on the restart after a kill in mid-batch (upstream issue 55236): docs/spark.md.
KNOWN_TROUBLE = "java.lang.NullPointerException"
KNOWN_TROUBLE_LINE = "4.1.1"
# Half a minute of Spark on an idle machine.
PATIENCE = 900

ICEBERG_SETTINGS = {
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.lake.type": "hadoop",
}


class SparkJob:
    """Ended with a `with`, all of its processes. `script`: a file of examples/."""

    def __init__(self, folder: pathlib.Path, script, *arguments, kinds=("kafka", "delta"), more: dict = None):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "job.log"
        prepare_environment()
        known = dict(settings(folder))
        # A query's own time zone is for the example to say.
        known.pop("spark.sql.session.timeZone")
        known.update(DELTA_SETTINGS if "delta" in kinds else {}, **(more or {}))
        confs = [word for name, value in known.items() for word in ("--conf", f"{name}={value}")]
        self.command = [str(pathlib.Path(sys.executable).parent / "spark-submit"), "--jars", ",".join(map(str, jars(*kinds))), *confs,
                        str(ROOT / "examples" / script), *map(str, arguments)]
        self.process = None
        self.began_at = 0  # of the log
        self.troubles = 0

    def start(self) -> "SparkJob":
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "examples" / "python"), "PYSPARK_PYTHON": sys.executable,
                       "PYSPARK_DRIVER_PYTHON": sys.executable, "PYTHONUNBUFFERED": "1"}
        with open(self.log, "ab") as log:
            self.began_at = log.tell()
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                                            cwd=self.folder, start_new_session=True, preexec_fn=die_with_parent)
        return self

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until(self, ready, seconds: float = PATIENCE):
        deadline = time.monotonic() + seconds
        while not (found := ready()):
            if self.process.poll() is not None and self._is_known_trouble():
                self.troubles += 1
                self.start()  # as the restart loop does that the page of Spark proposes
            assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.said()[-3000:]}"
            assert time.monotonic() < deadline, f"not within {seconds} s:\n{self.said()[-3000:]}"
            time.sleep(0.2)
        return found

    def _is_known_trouble(self) -> bool:
        return line() == KNOWN_TROUBLE_LINE and KNOWN_TROUBLE in self.log.read_bytes()[self.began_at:].decode(errors="replace")

    def wait_end(self, seconds: float = PATIENCE) -> str:
        """What it said, after it ended well."""
        code = self.process.wait(seconds)
        assert code == 0, self.said()[-3000:]
        return self.said()

    def kill(self):
        """kill -9, of the JVM and of Python."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()


def batches(checkpoint: pathlib.Path) -> int:
    """How many micro-batches are finished."""
    return len([one for one in checkpoint.glob("commits/*") if one.name.isdigit()])


def reached(checkpoint: pathlib.Path) -> dict:
    """(topic, partition) → the offset before which all is read and written, by the last finished batch; over all of its sources
    the smallest."""
    done = [int(one.name) for one in checkpoint.glob("commits/*") if one.name.isdigit()]
    file = checkpoint / "offsets" / str(max(done, default=-1))
    if not file.exists():
        return {}
    found = {}
    for text in file.read_text(encoding="utf-8").splitlines()[2:]:  # version, metadata, then a source each
        for topic, partitions in json.loads(text).items():
            for number, offset in partitions.items():
                place = (topic, int(number))
                found[place] = min(offset, found.get(place, offset))
    return found


def caught_up(bootstrap: str, checkpoint: pathlib.Path):
    """For wait_until, when nobody publishes any more."""
    def whether():
        places = reached(checkpoint)
        return places and places == ends_of(bootstrap, sorted({topic for topic, _ in places}))
    return whether
