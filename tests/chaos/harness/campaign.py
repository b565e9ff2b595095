"""Rounds of chaos over fresh deployments until the numbers are reached; see ../README.md."""

import argparse
import concurrent.futures
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import threading
import time

from . import verify
from .bed import Bed
from .brokers import BrokerFaults
from .campaign_record import CampaignRecord
from .checker import Options
from .deployment import Settings
from .driver import Driver
from .plan import Plan
from .points import all_points
from .rollbacks import KINDS, Rollback
from .sampler import Sampler
from .setups import Setup
from .tally import Tally

SIMULATED_DAYS = 1.25  # of a campaign's round


class Round:
    """`deployments` side by side for `seconds`; what they did and what the checker found goes to the tally."""

    def __init__(self, bed: Bed, folder: pathlib.Path, seed: int, deployments: int, seconds: float, tally: Tally,
                 options: Options, broker_faults: bool = True, bug: str = "", days: float = SIMULATED_DAYS):
        self.bed, self.folder, self.seed, self.seconds, self.tally = bed, folder, seed, seconds, tally
        self.options, self.broker_faults = options, broker_faults
        self.count = deployments
        self.settings = Settings(speed=days * 86400 / seconds, environment={"OES_CHAOS_BUG": bug} if bug else {})
        self.drivers = [None] * deployments
        self.made = threading.Barrier(deployments + 1)
        self.until = 0.0
        self.abandoned = False

    def run(self):
        threads = [threading.Thread(target=self._drive, args=(number,)) for number in range(self.count)]
        for thread in threads:
            thread.start()
        try:
            self.made.wait(120)
            with Sampler(self.drivers) as sampler:
                if self.broker_faults:
                    chance = random.Random(f"{self.seed}/brokers")
                    BrokerFaults(self.bed, self.tally, chance, self.until, self._rollback(chance)).run()
                for thread in threads:
                    thread.join()
            driven = time.monotonic()
            self._check(sampler)
            print(f"  checked in {time.monotonic() - driven:.0f} s", flush=True)
        except BaseException:
            self.abandoned = True
            self.until = 0.0
            raise
        finally:
            for thread in threads:
                thread.join()

    def _rollback(self, chance: random.Random):
        """Of one deployment, in half of the rounds that are long enough."""
        chosen = chance.choice(self.drivers)
        kind = chance.choice(KINDS)
        if chance.random() < 0.5 or self.seconds < 100 or chosen.deployment.settings.compacting:
            return None
        begin = self.until - self.seconds
        return Rollback(self.bed, self.tally, chosen, chosen.deployment.folder, kind,
                        begin + self.seconds * chance.uniform(0.2, 0.4), begin + self.seconds * chance.uniform(0.6, 0.75))

    def _drive(self, number: int):
        """A thread of its own: its processes end with it, should the harness die."""
        name = f"c{self.seed}-{number}"
        driver = None
        try:
            setup = Setup(self.seed, number)
            driver = Driver(self.bed, self.folder, name, Plan(self.seed, number), self.settings.drawn(setup), self.tally)
            driver.told = setup.told()
            self.drivers[number] = driver
            driver.begin()
            self.until = time.monotonic() + self.seconds
            self.made.wait(120)
            driver.others = [other for other in self.drivers if other is not driver]
            while time.monotonic() < self.until and not self.abandoned:
                driver.live()
            if not self.abandoned:
                self.bed.wait_healthy(120)
                began = time.monotonic()
                driver.settle()
                driver.told = f"settled in {time.monotonic() - began:.0f} s; {driver.told}"
        except Exception as error:  # one deployment's trouble ends its round, and is told
            self.tally.trouble(name, f"the harness: {error!r}")
            self.made.abort()
        finally:
            if driver:
                driver.deployment.close()

    def _check(self, sampler: Sampler):
        jobs = [verify.job_of(driver.deployment, sampler.samples[driver.deployment.name], driver.options(self.options))
                for driver in self.drivers if not driver.over]
        told = {driver.deployment.name: driver.told for driver in self.drivers}
        context = multiprocessing.get_context("spawn")
        with concurrent.futures.ProcessPoolExecutor(max(1, min(len(jobs), os.cpu_count() or 1)), mp_context=context) as pool:
            for name, report, broken in pool.map(verify.verify, jobs):
                self.tally.take(name, report, broken)
                if self.tally.has_trouble(name):
                    print(f"  {name}: {told[name]}", flush=True)
                if not self.tally.has_trouble(name):
                    shutil.rmtree(self.folder / name, ignore_errors=True)


def campaign(options: argparse.Namespace) -> int:
    record = CampaignRecord(options.state)
    seed = record.begin(options.seed)
    tally = record.tally
    began = time.monotonic()
    keep = pathlib.Path(tempfile.mkdtemp(prefix="oes-chaos-"))
    print(f"seed {seed}, {record.rounds} rounds done before, logs in {keep}", flush=True)

    def reached() -> bool:
        return (tally.done["kills"] >= options.kills and tally.done["zombies"] >= options.zombies
                and tally.done["broker_kills"] >= options.broker_kills
                and tally.done["network_faults"] >= options.network_faults and tally.found["records"] >= options.records)

    with Bed(folder=keep / "kafka") as bed:
        bed.wait_healthy()
        while not reached() and time.monotonic() - began < options.hours * 3600:
            now = seed + record.rounds
            told = len(tally.troubles)
            try:
                Round(bed, keep, now, options.deployments, options.round_seconds, tally,
                      Options(ledger=options.ledger), bug=options.bug).run()
            except Exception as error:  # told at the end, with the figures so far
                tally.trouble(f"round {record.rounds + 1}", repr(error))
                break
            bed.delete_topics(f"c{now}-")
            record.round_done((time.monotonic() - began) / 60)
            for name, what in tally.troubles[told:]:
                print(f"  {name}: {what.splitlines()[0]}", flush=True)
            minutes = record.minutes
            print(f"round {record.rounds}, {minutes:.1f} min: {dict(tally.done)} {dict(tally.found)} "
                  f"troubles={len(tally.troubles)}; {tally.done['kills'] / minutes:.0f} kills and "
                  f"{tally.found['records'] / minutes:.0f} records a minute", flush=True)
            if options.until_found and tally.troubles:
                break
    for name, what in tally.troubles:
        print(f"{name}: {what}", file=sys.stderr)
    print("points never died at:", " ".join(
        point for point in all_points() if not tally.details[f"kills: at {point}"]) or "none")
    for detail, count in sorted(tally.details.items()):
        print(f"  {detail} {count}")
    if not tally.troubles:
        shutil.rmtree(keep, ignore_errors=True)
    print(json.dumps({**tally.summary(seed), "rounds": record.rounds, "minutes": round(record.minutes)}), flush=True)
    return 1 if tally.troubles else 0


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
    parser.add_argument("--until-found", action="store_true", help="end with the first round that has found something")
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
    return campaign(parse(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
