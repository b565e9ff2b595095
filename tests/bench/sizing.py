#!/usr/bin/env python3
"""Records and bytes on disk of a day at the live edge, by kind of stream. Started by sizing.sh."""

import argparse
import datetime
import json
import os
import pathlib
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support")]

from daemon_config import config  # noqa: E402
from kafka import free_port  # noqa: E402
from kafka_io import read_all  # noqa: E402
from parts import Clock, PartError, start_daemon, start_simulator  # noqa: E402

KEY = "bench-key-0123456789"
SHOWN = "2026-03-16T14:00:30Z"  # midnight in the NEM
# WEM's market data comes in batches, every two hours and later: past these its day is whole.
HOURS = 24 + 6
READ_SECONDS = 900
BY_FUELTECH = "primary_grouping: network_region, secondary_grouping: fueltech_group"
STREAMS = {
    "nem-power": f"network_code: NEM, metrics: [power], {BY_FUELTECH}",
    "wem-power": f"network_code: WEM, metrics: [power], {BY_FUELTECH}",
    "nem-market": "network_code: NEM, metrics: [price, demand], primary_grouping: network_region",
    "wem-market": "network_code: WEM, metrics: [price, demand], primary_grouping: network_region",
    "nem-long": f"network_code: NEM, metrics: [power, energy, emissions, market_value], {BY_FUELTECH}",
    "nem-wide": f"network_code: NEM, metrics: [power, energy, emissions, market_value], {BY_FUELTECH}, record: {{shape: wide}}",
    "nem-units": "network_code: NEM, metrics: [power], facility_code: all",
}
DEFINITIONS = """\
series: different keys of one interval (of a wide stream: rows).
new: records with revision 0 whose interval begins within the 24 hours. revised: those of the same intervals with a later one.
raw: mean size of a record's key and value. disk: the segments of the topic as the broker wrote them, per record: batches,
  compressed, with the marker of every transaction. progress: the same of the progress topic, per day, before compaction."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="folder of daemon and simulator")
    parser.add_argument("--speed", type=float, default=120, help="how much faster than real time (default 120)")
    return parser.parse_args()


def bytes_on_disk(topic: str) -> int:
    data = pathlib.Path(os.environ["OES_TEST_KAFKA_DIR"]) / "node-1" / "data"
    return sum(segment.stat().st_size for segment in data.glob(f"{topic}-*/*.log"))


def weigh(stream: str, began: datetime.datetime) -> dict:
    topic = f"sizing.{stream}"
    found = [(len(key) + len(text.encode()), json.loads(text))
             for _, key, text in read_all(os.environ["OES_TEST_BOOTSTRAP"], [topic], READ_SECONDS)]
    day = [record for _, record in found
           if began <= datetime.datetime.fromisoformat(record["interval"]) < began + datetime.timedelta(days=1)]
    new = [record for record in day if record["revision"] == 0]
    labels = {record["interval"] for record in new}
    disk = bytes_on_disk(topic) / len(found)
    return {"labels": len(labels), "series": round(len(new) / len(labels), 1), "new": len(new), "revised": len(day) - len(new),
            "raw": round(sum(size for size, _ in found) / len(found)), "disk": round(disk),
            "mb_a_day": round(len(day) * disk / 1e6, 2)}


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="oes-sizing-") as name:
        folder = pathlib.Path(name)
        (folder / "progress").mkdir()
        clock = Clock(SHOWN, options.speed)
        simulator, api = start_simulator(options.binaries, folder, clock, KEY, "--rate-limit", "off",
                                         "--facilities-per-fueltech", "6", "--holes", "0", "--outages", "0")
        daemon = None
        try:
            daemon = start_daemon(options.binaries, folder, config(
                "sizing", folder, base_url=api, bootstrap=os.environ["OES_TEST_BOOTSTRAP"], port=free_port(), clock=clock,
                streams=STREAMS, api={"api_key": KEY}, budget={"requests_per_second": 1000},
                defaults={"start": "latest", "topic": "sizing.{stream}"}))
            ends = time.monotonic() + HOURS * 3600 / options.speed
            while time.monotonic() < ends:  # what is measured is this very time
                daemon.check()
                time.sleep(0.5)
            daemon.stop()
            # The interval after the one in which it began is the first that all of them follow from its beginning.
            began = datetime.datetime.fromisoformat("2026-03-17T01:00:00+10:00")
            line = {stream: weigh(stream, began) for stream in STREAMS}
        except (PartError, TimeoutError) as failed:
            print(f"sizing: {failed}", file=sys.stderr)
            return 1
        finally:
            if daemon:
                daemon.stop()
            simulator.stop()
        line["progress_mb_a_day"] = round(bytes_on_disk("openelectricity.progress.sizing") * 24 / HOURS / 1e6, 2)
    fields = ("labels", "series", "new", "revised", "raw", "disk", "mb_a_day")
    print(f"\n{DEFINITIONS}\n\n{'':12}" + "".join(f"{field:>10}" for field in fields))
    for stream in STREAMS:
        print(f"{stream:12}" + "".join(f"{line[stream][field]:>10}" for field in fields))
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
