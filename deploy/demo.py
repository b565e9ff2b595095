#!/usr/bin/env python3
"""The second half of demo.sh: starts the parts, shows what arrives, ends everything."""

import argparse
import datetime
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

from kafka import Cluster, KafkaError, free_port
from live_view import LiveView, fetch_status
from parts import Clock, PartError, start_daemon, start_mock_kafka, start_simulator

ROOT = pathlib.Path(__file__).resolve().parents[1]
KEY = "demo-key-of-the-simulator"
NETWORK_TOPIC = "openelectricity.network.5m.v1"
MARKET_TOPIC = "openelectricity.market.5m.v1"
CONNECTOR = "org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1"

CONFIG = """\
deployment: demo
delivery: {delivery}
progress_path: {progress}
api:
  base_url: {api}
  api_key: {key}
kafka:
  bootstrap_servers: {bootstrap}
  create_topics: all
http:
  listen: 127.0.0.1:{port}
defaults:
  start: -2h
  primary_grouping: network_region
streams:
  - name: nem-generation
    network_code: NEM
    metrics: power
    secondary_grouping: fueltech_group
  - name: nem-market
    network_code: NEM
    metrics: [price, demand]
  - name: wem-generation
    network_code: WEM
    metrics: power
    secondary_grouping: fueltech_group
{clock}"""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo.sh")
    parser.add_argument("--kafka", action="store_true", help="a real Kafka instead of the mock broker")
    parser.add_argument("--seconds", type=float, help="end after this many")
    parser.add_argument("--speed", type=float, default=60, help="how much faster than real time (default 60)")
    return parser.parse_args()


def start_of_the_world() -> str:
    """Yesterday at this time: data of the last hours is there, and the clock does not run into the future soon."""
    now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    return now.strftime("%Y-%m-%dT%H:%M:00Z")


def top_lines(options, api: str, bootstrap: str, page: str) -> list:
    kafka = "a real Kafka, exactly_once" if options.kafka else "a mock broker, at_least_once"
    return [
        "openelectricity-stream, demo · Ctrl-C ends it",
        f"  API     {api}  (simulator, {options.speed:g} times as fast as real time)",
        f"  Kafka   {bootstrap}  ({kafka})",
        f"  status  {page}/",
    ]


def bottom_lines(options, bootstrap: str) -> list:
    # Within 80 columns: a line that is cut cannot be copied.
    lines = ["Read the records from another terminal, in this folder:",
             f"  kcat -C -b {bootstrap} -t {NETWORK_TOPIC} -o -20 -q"]
    if options.kafka:
        lines += ["  export PYTHONPATH=examples/python",
                  f"  spark-submit --packages {CONNECTOR} \\",
                  f"      examples/pyspark_streaming_example.py --bootstrap {bootstrap} \\",
                  f"      --topics {NETWORK_TOPIC},{MARKET_TOPIC}"]
    lines += ["Against the real API and a Kafka of yours: README.md, \"Install, and a first stream\""]
    return lines


def binaries() -> pathlib.Path:
    return pathlib.Path(os.environ.get("OES_BUILD_DIR") or ROOT / "build" / "release") / "src"


class Demo:
    """The parts, in the order in which they start; stopped in the opposite order."""

    def __init__(self, options, folder: pathlib.Path):
        self.options = options
        self.folder = folder
        self.binaries = binaries()
        self.running = []
        self.status = None

    def start(self):
        clock = Clock(start_of_the_world(), self.options.speed)
        simulator, self.api = start_simulator(self.binaries, self.folder, clock, KEY)
        self.running.append(simulator)
        if self.options.kafka:
            cluster = Cluster()
            self.running.append(cluster)
            self.bootstrap = cluster.start().bootstrap
        else:
            broker, self.bootstrap = start_mock_kafka(self.binaries, self.folder)
            self.running.append(broker)
        port = free_port()
        self.page = f"http://127.0.0.1:{port}"
        progress = self.folder / "progress"
        progress.mkdir()
        self.daemon = start_daemon(self.binaries, self.folder, CONFIG.format(
            delivery="exactly_once" if self.options.kafka else "at_least_once", progress=progress, api=self.api, key=KEY,
            bootstrap=self.bootstrap, port=port, clock=clock.yaml()))
        self.running.append(self.daemon)

    def watch(self):
        deadline = time.monotonic() + self.options.seconds if self.options.seconds else None
        with LiveView(top_lines(self.options, self.api, self.bootstrap, self.page),
                      bottom_lines(self.options, self.bootstrap)) as view:
            while deadline is None or time.monotonic() < deadline:
                self.daemon.check()
                found = fetch_status(self.page)
                if found:
                    self.status = found
                    view.show(found)
                time.sleep(0.5)

    def stop(self):
        for part in reversed(self.running):
            part.stop()


def main() -> int:
    options = parse()

    def stop_asked(_number, _frame):
        raise KeyboardInterrupt

    # SIGINT too: a shell starts background commands with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_asked)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="oes-demo-"))
    demo = Demo(options, folder)
    code = 0
    try:
        demo.start()
        demo.watch()
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    except (PartError, KafkaError) as error:
        print(f"demo.sh: {error}", file=sys.stderr)
        code = 1
    finally:
        # A second Ctrl-C must not leave half of it behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        demo.stop()
        shutil.rmtree(folder, ignore_errors=True)
    records = demo.status["records"] if demo.status else 0
    if code == 0:
        try:
            print(f"{records} records arrived; everything is stopped again", flush=True)
        except BrokenPipeError:  # `demo.sh | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if options.seconds and records == 0:
            print("demo.sh: no record arrived", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
