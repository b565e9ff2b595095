"""One round of a campaign: deployments side by side, broken in every way for a while, then healed, settled and checked."""

import concurrent.futures
import contextlib
import multiprocessing
import os
import pathlib
import random
import shutil
import threading
import time

from . import verify
from .bed import Bed
from .brokers import BrokerFaults
from .checker import Options
from .deployment import Settings
from .driver import Driver
from .plan import Plan
from .registry_outages import RegistryOutages
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
        if any(Setup(self.seed, number).avro for number in range(self.count)):
            self.settings.registry = self.bed.registry().url
        threads = [threading.Thread(target=self._drive, args=(number,)) for number in range(self.count)]
        for thread in threads:
            thread.start()
        try:
            self.made.wait(120)
            with Sampler(self.drivers) as sampler, self._registry_outages():
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

    def _registry_outages(self):
        if not self.settings.registry:
            return contextlib.nullcontext()
        return RegistryOutages(self.bed.registry(), self.tally, random.Random(f"{self.seed}/registry"), self.until)

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
        except threading.BrokenBarrierError:  # another one's failure ended the round before it began
            pass
        except Exception as error:  # of the harness: what it did not settle cannot be judged
            if driver:
                driver.over = True
            self.tally.failed(name, repr(error))
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
