"""Takeover and stop times of three daemons of one deployment. See takeover.sh."""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]

from daemon_config import config  # noqa: E402
from kafka import free_port  # noqa: E402
from parts import BINARIES, Clock, start_daemon, start_simulator  # noqa: E402

KEY = "takeover-key-0123456789"
SESSION_MS = 6000
PATIENCE_SECONDS = 60
# A new label each quarter of a second: whoever leads has something to commit at once.
SPEED = 1200.0
STREAMS = {"nem": {"metrics": ["power", "energy"], "primary_grouping": "network_region", "start": "-6h"}}


class Member:
    """One of the daemons. Its own progress.json tells when it committed: the mirror follows each commit at once."""

    def __init__(self, folder: pathlib.Path, **settings):
        self.folder = folder
        self.path = folder / "progress"
        self.path.mkdir(parents=True)
        self.config = config("takeover", folder, port=free_port(), streams=STREAMS, api={"api_key": KEY},
                             budget={"requests_per_second": 1000}, **settings)
        self.daemon = None

    def start(self):
        self.daemon = start_daemon(BINARIES, self.folder, self.config)

    def mirror(self):
        """(generation, sequence, time of the commit in seconds); None before the first."""
        file = self.path / "progress.json"
        try:
            written = file.stat().st_mtime_ns / 1e9
            said = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return said["generation"], said["sequence"], written


def newest(members: list):
    """The member that committed last, and its mirror."""
    known = [(member.mirror(), member) for member in members if member.mirror()]
    said, member = max(known, key=lambda pair: pair[0][1])
    return member, said


def wait_for_successor(members: list, generation: int) -> tuple:
    """Seconds since the epoch of the claim and of the first data commit of the next generation, and its leader."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    claim = None
    while time.monotonic() < deadline:
        for member in members:
            said = member.mirror()
            if not said or said[0] <= generation:
                continue
            claim = claim or (said[1], said[2])
            if said[1] > claim[0]:
                return claim[1], said[2], member
        time.sleep(0.002)
    raise SystemExit(f"no successor within {PATIENCE_SECONDS} s:\n" + "\n".join(m.daemon.log_tail() for m in members))


def lose_leader(members: list, how) -> tuple:
    """(claim, first data, how long `how` took) in ms after the leader was told to go; the leader that went."""
    leader, said = newest(members)
    began = time.time()
    how(leader)
    ended = time.time()
    rest = [member for member in members if member is not leader]
    claim, data, _ = wait_for_successor(rest, said[0])
    return (claim - began) * 1000, (data - began) * 1000, (ended - began) * 1000, leader


def settle(members: list):
    """Every daemon that is new has joined the group and waits: its start is not measured."""
    for member in members:
        member.daemon.wait_until(lambda m=member: any(word in m.daemon.log_tail(400) for word in ("tandby", "eading")), 30)
    time.sleep(1.0)  # the group has seen the newcomer


def stop(member: Member):
    code = member.daemon.stop()
    if code != 0:
        raise SystemExit(f"a stopped daemon ended with {code}:\n{member.daemon.log_tail(30)}")


def measure(members: list, runs: int) -> dict:
    kills, stops = [], []
    while len(kills) < runs:  # two of three in turn, then both come back
        gone = []
        for _ in range(2):
            alive = [member for member in members if member not in gone]
            claim, data, _, leader = lose_leader(alive, lambda m: m.daemon.kill())
            kills.append((claim, data))
            gone.append(leader)
        for member in gone:
            member.start()
        settle(members)
    while len(stops) < runs:
        claim, data, took, leader = lose_leader(members, stop)
        stops.append((claim, data, took))
        leader.start()
        settle(members)
    return {"kills": kills[:runs], "stops": stops}


def line(name: str, values: list, target) -> str:
    worst = max(values)
    verdict = "" if target is None else f"  target {target:.0f}: {'met' if worst <= target else 'MISSED'}"
    return f"{name:34} median {statistics.median(values):6.0f}  worst {worst:6.0f}{verdict}"


def report(found: dict):
    kill_claims, kill_data = zip(*found["kills"])
    stop_claims, stop_data, stop_exits = zip(*found["stops"])
    print(f"ms, {len(kill_claims)} kills and {len(stop_claims)} stops; session timeout {SESSION_MS}")
    print(line("kill -9 to the successor's claim", kill_claims, SESSION_MS + 1500))
    print(line("kill -9 to its first records", kill_data, None))
    print(line("SIGTERM to the successor's claim", stop_claims, 1000))
    print(line("SIGTERM to its first records", stop_data, None))
    print(line("SIGTERM to the exit", stop_exits, 10000))
    rounded = {name: {"median_ms": round(statistics.median(values)), "worst_ms": round(max(values))}
               for name, values in (("kill_to_claim", kill_claims), ("kill_to_records", kill_data),
                                    ("stop_to_claim", stop_claims), ("stop_to_records", stop_data),
                                    ("stop_to_exit", stop_exits))}
    print(json.dumps({"runs": len(kill_claims), **rounded}))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=10)
    runs = options.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="oes-takeover-") as name:
        folder = pathlib.Path(name)
        clock = Clock("2026-03-10T02:00:00Z", SPEED)
        simulator, api = start_simulator(BINARIES, folder, clock, KEY, "--calm", "--rate-limit", "off")
        members = [Member(folder / f"member-{n}", base_url=api, bootstrap=os.environ["OES_TEST_BOOTSTRAP"], clock=clock)
                   for n in range(3)]
        try:
            for member in members:
                member.start()
            wait_for_successor(members, 0)
            settle(members)
            report(measure(members, runs))
        finally:
            for member in members:
                if member.daemon:
                    member.daemon.stop()
            simulator.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
