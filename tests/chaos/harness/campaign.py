"""Rounds of chaos over fresh deployments until the numbers are reached; see ../README.md."""

import argparse
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time

from .bed import Bed
from .campaign_record import CampaignRecord
from .checker import Options
from .points import all_points
from .round import Round

MOST_FAILURES = 3  # in a row: rounds that the harness did not bring to their end


class Campaign:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.record = CampaignRecord(options.state)
        self.seed = self.record.begin(options.seed)
        self.tally = self.record.tally
        self.began = time.monotonic()
        self.keep = pathlib.Path(tempfile.mkdtemp(prefix="oes-chaos-"))
        self.failures = 0  # in a row

    def over(self) -> bool:
        done, options = self.tally.done, self.options
        if options.until_found and self.tally.troubles:
            return True
        reached = (done["kills"] >= options.kills and done["zombies"] >= options.zombies
                   and done["broker_kills"] >= options.broker_kills and done["network_faults"] >= options.network_faults
                   and self.tally.found["records"] >= options.records)
        return reached or time.monotonic() - self.began >= options.hours * 3600

    def run(self) -> int:
        print(f"seed {self.seed}, {self.record.rounds} rounds done before, logs in {self.keep}", flush=True)
        beds = 0
        while self.failures < MOST_FAILURES and not self.over():
            self._rounds(self.keep / str(beds))
            beds += 1
        return self._tell()

    def _rounds(self, folder: pathlib.Path):
        """On brokers of their own; until it is over, or until a round has failed: who knows what that has left behind."""
        before = self.tally.dump()
        try:
            with Bed(folder=folder / "kafka") as bed:
                bed.wait_healthy()
                while not self.over():
                    before = self.tally.dump()
                    self._round(bed, folder)
                    self.failures = 0
        except Exception as error:  # the round is begun again
            self.failures += 1
            self.tally.rewind(before)
            self.tally.failed(f"round {self.record.rounds + 1}", repr(error))
            self._tell_since(before)

    def _round(self, bed: Bed, folder: pathlib.Path):
        record, tally, options = self.record, self.tally, self.options
        before = tally.dump()
        now = self.seed + record.rounds
        Round(bed, folder, now, options.deployments, options.round_seconds, tally, Options(ledger=options.ledger),
              bug=options.bug).run()
        bed.delete_topics(f"c{now}-")
        record.round_done((time.monotonic() - self.began) / 60)
        self._tell_since(before)
        minutes = record.minutes
        print(f"round {record.rounds}, {minutes:.1f} min: {dict(tally.done)} {dict(tally.found)} "
              f"troubles={len(tally.troubles)}; {tally.done['kills'] / minutes:.0f} kills and "
              f"{tally.found['records'] / minutes:.0f} records a minute", flush=True)

    def _tell_since(self, before: dict):
        for name, what in self.tally.troubles[len(before["troubles"]):]:
            print(f"  {name}: {what.splitlines()[0]}", flush=True)
        for name, what in self.tally.failures[len(before["failures"]):]:
            print(f"  {name}: the harness: {what}", flush=True)

    def _tell(self) -> int:
        """The exit code: 1 something was found, 2 the harness could not go on."""
        tally = self.tally
        for name, what in tally.troubles:
            print(f"{name}: {what}", file=sys.stderr)
        for name, what in tally.failures:
            print(f"{name}: the harness: {what}", file=sys.stderr)
        print("points never died at:", " ".join(
            point for point in all_points() if not tally.details[f"kills: at {point}"]) or "none")
        for detail, count in sorted(tally.details.items()):
            print(f"  {detail} {count}")
        if not tally.troubles and not tally.failures:
            shutil.rmtree(self.keep, ignore_errors=True)
        print(json.dumps({**tally.summary(self.seed), "rounds": self.record.rounds, "minutes": round(self.record.minutes)}),
              flush=True)
        if tally.troubles:
            return 1
        return 2 if self.failures == MOST_FAILURES else 0


def parse(arguments: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="kill -9 of a daemon (200)")
    parser.add_argument("--hours", type=float, default=1.0, help="at most so long; begun rounds are finished (1)")
    parser.add_argument("--deployments", type=int, default=8, help="side by side (8)")
    parser.add_argument("--seed", type=int, help="the plan of an earlier run; round n has seed + n")
    parser.add_argument("--state", type=pathlib.Path,
                        help="folder that keeps what was done: interrupted, the same command goes on with the next round; a round that "
                             "was not finished is begun again")
    parser.add_argument("--bug", default="", help="a seeded bug that is in all daemons: with --until-found, how long until it is seen")
    parser.add_argument("--until-found", action="store_true", help="end with the first round in which a daemon ended by itself or broke a rule; failures of the harness do not count")
    parser.add_argument("--round-seconds", type=float, default=240)
    parser.add_argument("--zombies", type=int, help="a tenth of the kills")
    parser.add_argument("--broker-kills", type=int, help="a twentieth of the kills")
    parser.add_argument("--network-faults", type=int, help="a quarter of the kills")
    parser.add_argument("--records", type=int, help="500 a kill")
    parser.add_argument("--ledger", action=argparse.BooleanOptionalAction, default=True,
                        help="the daemon publishes revisions and late series")
    options = parser.parse_args(arguments)
    for name, share in (("zombies", 0.1), ("broker_kills", 0.05), ("network_faults", 0.25), ("records", 500)):
        if getattr(options, name) is None:
            setattr(options, name, round(options.kills * share))
    return options


def main(arguments: list) -> int:
    def stop_asked(code, _frame):
        raise SystemExit(128 + code)

    signal.signal(signal.SIGTERM, stop_asked)
    return Campaign(parse(arguments)).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
