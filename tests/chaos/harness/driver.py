"""One deployment in a round: one life of its daemons after the other (lives.py), then everything heals and is settled."""

import pathlib
import subprocess
import time

from .backfills import Backfills
from .bed import Bed
from .checker import Options
from .deployment import Daemon, Deployment, Settings
from .lives import LEADS_SECONDS, Lives
from .plan import Plan
from .progress_files import read_valid
from .tally import Tally


class Driver(Lives):
    def __init__(self, bed: Bed, folder: pathlib.Path, name: str, plan: Plan, settings: Settings, tally: Tally):
        self.bed = bed
        self.tally = tally
        self.plan = plan
        self.chance = plan.chance
        self.deployment = Deployment(bed, folder, name, plan.seed, settings)
        self.current = self.deployment.daemon
        self.backfills = Backfills(self.deployment, plan.chance)
        self.told = ""   # its configuration in a line
        self.exempt = []  # spans (µs) in which a daemon that leads no more may have asked too
        self.spared = False      # nothing befalls its progress.json
        self.rolled_back = ""    # rollbacks.KINDS: what its topics have lost, until the refusal was seen
        self.reset = False       # an operator has decided: the progress topic does not tell all of its history
        self.complete = True     # nothing was given up with the progress topic
        self.over = False        # what is left of it cannot be judged
        self.others = []  # drivers of the round whose progress.json may be swapped with ours

    # -- pieces of a life ---------------------------------------------------------------------------------------------

    def pause(self, low: float, high: float):
        time.sleep(self.chance.uniform(low, high))  # when the next fault comes; nothing is waited for

    def trouble(self, what: str):
        self.tally.trouble(self.deployment.name, f"{what}\n{self.current.log_text()[-2500:]}")

    def start(self, daemon: Daemon = None, **environment) -> int:
        """Starts it; how long its log was before. A daemon that ended by itself is trouble."""
        daemon = daemon or self.current
        if daemon.running:
            return daemon.log_size()
        since = daemon.log_size()
        delays = self.plan.delays()
        if delays:
            self.tally.count("delays")
            environment["OES_CHAOS_DELAY_AT"] = delays
        step = self.plan.clock_step()
        if step:
            self.tally.count("clock_steps", "before it starts")
        daemon.start(step, **environment)
        return since

    def kill(self, daemon: Daemon = None, how: str = "random"):
        daemon = daemon or self.current
        if not daemon.running and daemon.exit_code != -9 and not self.refused(daemon):
            self.trouble(f"ended by itself with code {daemon.exit_code}")
        daemon.kill()
        self.tally.count("kills", how)

    def wait_leads(self, daemon: Daemon, since: int, seconds: float = LEADS_SECONDS) -> bool:
        if daemon.leads(seconds, since):
            return True
        if not daemon.running and not self.refused(daemon):
            self.trouble(f"ended with code {daemon.exit_code} before it led")
        return False

    def wait_killed(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.current.running:
                return True
            time.sleep(0.02)
        return False

    def begin(self):
        """The first life makes the topics, while all brokers run: with all of their copies."""
        if self.wait_leads(self.current, self.start()):
            self.current.stop()
        if self.deployment.settings.compacting:
            self.bed.compact(self.deployment.progress_topic)

    def options(self, common: Options) -> Options:
        """What the checker must know of this deployment."""
        whole = not self.deployment.settings.compacting and not self.reset
        return common._replace(exempt=tuple(self.exempt), history_whole=whole, complete=self.complete,
                               clocks_right=not self.deployment.settings.clock_set)

    # -- lives --------------------------------------------------------------------------------------------------------

    def live(self):
        if self.over:
            return self.pause(0.5, 1.0)
        if self.rolled_back:
            return self.meet_rollback()
        life = self.plan.next_life()
        if self.spared and life in ("file", "disk", "stop"):
            life = "random"
        getattr(self, f"life_{life}")()

    def refused(self, daemon: Daemon) -> bool:
        return bool(self.rolled_back) and daemon.exit_code == 78

    def meet_rollback(self):
        """Whoever knows most must refuse; then the operator trusts its file, or gives up what the data topic has lost."""
        began = time.monotonic()
        self.current = max(self.deployment.daemons, key=lambda one: (read_valid(one.progress) or {"sequence": 0})["sequence"])
        for daemon in self.deployment.daemons:
            if daemon is not self.current and daemon.running:
                if daemon.frozen():
                    daemon.thaw()
                daemon.kill()
        if self.rolled_back == "data-deleted":
            self.current.kill()  # while it runs, that topic is set apart; the next start makes it anew, and sees what is missing
        self.start()
        if self.current.frozen():
            self.current.thaw()
        ended = self.wait_killed(LEADS_SECONDS)
        if not ended or self.current.exit_code != 78:
            self.trouble(f"goes on though its {self.rolled_back} was rolled back: exit code {self.current.exit_code} "
                         f"after {time.monotonic() - began:.0f} s")
            self.current.kill()
            self.over = True
        elif self.rolled_back.startswith("data"):
            self.over = True
        else:
            self.operate("progress", "reset", "--trust", "file", "--reason", "restored disk", "--yes")
            self.reset = True
            self.complete = self.rolled_back != "progress-deleted"
            if not self.wait_leads(self.current, self.start()):
                self.trouble("does not lead after reset --trust file")
        self.rolled_back = ""
        self.spared = False

    def operate(self, *arguments: str):
        command = self.current.command(*arguments)
        try:
            code = command.process.wait(90)
        except subprocess.TimeoutExpired:
            code = None
        command.kill()
        if code != 0:
            self.trouble(f"{' '.join(arguments)}: code {code}\n{command.log_tail()}")

    # -- the end ------------------------------------------------------------------------------------------------------

    def settle(self):
        """Everything heals; one last pass over the whole look-back, so that what was served is in Kafka."""
        if self.rolled_back:
            self.meet_rollback()
            self.current.kill()  # it may run still, by another clock
        if self.over:
            return
        daemon = self.current
        self.deployment.calm()
        since = daemon.log_size()
        daemon.start()
        self.wait_leads(daemon, since)
        if daemon.stop() != 0:
            self.trouble("did not stop cleanly at the end")
        for asked in self.backfills.unfinished:
            self.finish(daemon, asked)
        codes = []
        while len(codes) < 4 and codes[-1:] != [0]:
            codes.append(daemon.once())
        if codes[-1] != 0:
            self.trouble(f"run --once at the end: codes {codes}")

    def finish(self, daemon: Daemon, asked: list):
        """What a kill has interrupted, by the command itself."""
        for _ in range(3):
            command = daemon.command(*asked)
            try:
                code = command.process.wait(120)
            except subprocess.TimeoutExpired:
                code = None
            command.kill()
            if code == 0:
                return
        self.trouble(f"{' '.join(asked)} at the end: code {code}\n{command.log.read_text(errors='replace')[-1500:]}")
