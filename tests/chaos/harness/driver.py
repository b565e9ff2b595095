"""One deployment's lives in a round: each daemon is started, something befalls it, and kill -9 ends it; then the next."""

import pathlib
import subprocess
import time

from confluent_kafka.admin import ResourceType

from . import network, points, progress_files
from .backfills import Backfills
from .bed import Bed
from .checker import Options
from .deployment import Daemon, Deployment, Settings
from .host_clock import HostClock
from .plan import Plan
from .tally import Tally

LEADS_SECONDS = 90  # brokers may be away


class Driver:
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
        """Whoever leads must refuse; then the operator trusts the file, or gives up what the data topic has lost."""
        began = time.monotonic()
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

    def life_random(self):
        self.start()
        self.pause(0.05, 3.0)
        self.kill()

    def life_point(self):
        point = self.plan.next_point()
        count = points.passings(point, self.chance)
        since = self.start(OES_CHAOS_KILL_AT=f"{point}:{count}")
        patience = 4.0
        if point in points.AT_STOP and self.current.leads(4, since):
            self.current.part.process.terminate()
        elif point in points.AFTER_A_LATE_END and self.current.leads(4, since):
            network.inject(self.bed.proxy, "hold-end", self.current.match(), self.chance)
            self.tally.count("network_faults", "hold-end")
        elif point in points.AFTER_SILENCE and self.current.leads(4, since):
            self.bed.proxy.order("rule", "lose_answer", match=self.current.match(), key=network.END_TXN, times=40)
            self.tally.count("network_faults", "lose-end")
            patience = 7.0
        reached = self.wait_killed(patience)
        if reached and self.current.exit_code not in (-9, 0):
            self.trouble(f"ended with code {self.current.exit_code} on its way to {point}")
        self.current.kill()
        self.tally.count("kills", f"at {point}" if reached else "on the way to a point")

    def life_network(self):
        kind = self.plan.next_network()
        since = self.start()
        if kind != "hold-init" and not self.wait_leads(self.current, since):
            return self.kill()
        for _ in range(self.chance.choice((1, 2, 2))):
            match = self.chance.choice((self.current.match(), self.deployment.name + "," + self.current.match()))
            rule = network.inject(self.bed.proxy, kind, match, self.chance)
            if not rule or self.bed.proxy.wait_for(f"treated {rule}", 2.5):
                self.tally.count("network_faults", kind)
            kind = self.plan.next_network()
        self.pause(0.2, 3.5)
        self.kill(how="in a network fault")

    def life_zombie(self):
        """Stopped past its session, a successor leads, continued. One of the two is killed in the end."""
        zombie = self.current
        began_us = time.time_ns() // 1000
        at_point = self.chance.random() < 0.5
        point = self.plan.next_point() if at_point else ""
        since = self.start(**({"OES_CHAOS_KILL_AT": f"{point}:{points.passings(point, self.chance)}:stop"} if at_point else {}))
        if at_point:
            deadline = time.monotonic() + 3
            while not zombie.frozen() and time.monotonic() < deadline:
                time.sleep(0.02)
        elif self.wait_leads(zombie, since):
            self.pause(0.0, 1.0)
        zombie.freeze()
        successor = next(one for one in (self.deployment.member(1), self.deployment.member(2)) if one is not zombie)
        mark = self.start(successor)
        leads = self.wait_leads(successor, mark)
        self.pause(0.0, 1.5)
        zombie.thaw()
        if leads:
            self.tally.count("zombies", point or "anywhere")
        self.pause(0.1, 1.5)
        dead, self.current = (zombie, successor) if self.chance.random() < 0.6 else (successor, zombie)
        self.kill(dead, "zombie or successor")
        self.pause(0.0, 2.0)
        self.kill(how="after a zombie")
        self.exempt.append((began_us, time.time_ns() // 1000))

    def life_standby(self):
        """Two or three daemons; the leader is killed, a standby takes over."""
        since = self.start()
        members = [self.deployment.member(n) for n in range(1, self.chance.choice((2, 3)) + 1)]
        rest = [one for one in members if one is not self.current]
        if not self.wait_leads(self.current, since):
            return self.kill()
        marks = {one: self.start(one) for one in rest}
        self.pause(0.5, 1.5)
        self.kill(how="leader with a standby")
        deadline = time.monotonic() + LEADS_SECONDS
        leader = None
        while leader is None and time.monotonic() < deadline:
            leader = next((one for one in rest if "leading: reading" in one.log_text(marks[one])), None)
            time.sleep(0.05)
        if leader is None:
            self.trouble("no standby took over")
        self.pause(0.0, 1.5)
        for one in rest:
            self.kill(one, "standby")
        self.current = leader or self.current

    def life_file(self):
        kind = self.plan.next_file()
        if kind == "swap":
            return self.swap_files()
        files = progress_files.ProgressFiles(self.current.disk.path)
        files.older = getattr(self.current, "older_progress", None)
        files.damage(kind, self.chance)
        self.tally.count("file_faults", kind)
        since = self.start()
        if self.wait_leads(self.current, since):
            self.pause(0.0, 1.5)
            files.remember()
            if self.chance.random() < 0.4:
                self.current.older_progress = files.older
        self.kill(how="after a file fault")

    def swap_files(self):
        """Another deployment's progress.json: refused, by name; nothing moves; with the right one it goes on."""
        other = next((driver.current.progress for driver in self.others
                      if progress_files.read_valid(driver.current.progress)), None)
        right = self.current.progress.read_bytes() if self.current.progress.exists() else None
        if other is None or not progress_files.read_valid(self.current.progress):
            return self.life_random()
        self.current.progress.write_bytes(other.read_bytes())
        if not progress_files.read_valid(self.current.progress):
            self.current.progress.write_bytes(right)
            return self.life_random()
        self.tally.count("file_faults", "swap")
        since = self.start()
        ended = self.wait_killed(LEADS_SECONDS)
        said = "belongs to another deployment" in self.current.log_text(since)
        if not ended or self.current.exit_code != 78 or not said:
            self.trouble(f"another deployment's progress.json: exit code {self.current.exit_code}")
        if not ended:
            self.current.kill()
        self.current.progress.write_bytes(right)
        since = self.start()
        if self.wait_leads(self.current, since):
            self.pause(0.0, 1.0)
        self.kill(how="after a file fault")

    def life_disk(self):
        """progress_path full or read-only for a while: the daemon goes on."""
        disk = self.current.disk
        kind = self.plan.next_disk()
        if kind == "full" and not disk.can_fill or kind == "read-only" and not disk.can_refuse:
            return self.life_random()
        since = self.start()
        if not self.wait_leads(self.current, since):
            return self.kill()
        disk.fill() if kind == "full" else disk.read_only(True)
        self.tally.count("file_faults", f"disk {kind}")
        self.pause(0.5, 2.5)
        if not self.current.running:
            self.trouble(f"ended with code {self.current.exit_code} when its disk was {kind}")
        self.kill(how="without a disk")
        disk.empty() if kind == "full" else disk.read_only(False)

    def life_stop(self):
        """SIGTERM: within ten seconds and with code 0. Not before its first line, when it does not know signals yet."""
        self.current.wait_log("starting", 20, self.start())
        self.pause(0.05, 3.0)
        began = time.monotonic()
        code = self.current.stop()
        self.tally.count("stops")
        if code != 0 or time.monotonic() - began > 10.5:
            self.trouble(f"SIGTERM: code {code} after {time.monotonic() - began:.1f} s")

    def life_calm(self):
        """Nothing happens for a while: what a daemon does only when it is left alone."""
        since = self.start()
        if self.wait_leads(self.current, since):
            self.pause(5.0, 12.0)
        self.kill(how="after a calm")

    def life_api(self):
        """The API is away, fails, lies, or its Date is wrong, and all is well again; killed in it or after it."""
        kind = self.plan.next_outage()
        since = self.start()
        if not self.wait_leads(self.current, since):
            return self.kill()
        span = self.chance.randint(1, 8)
        if kind == "date":
            self.deployment.orders.skew_date(self.chance.choice((-20000, -5000, -200, 200, 5000, 20000)))
        else:
            self.deployment.orders.outage(kind, span)
        self.tally.count("api_faults", kind)
        self.pause(0.5, span + 1.0)
        if self.chance.random() < 0.5:
            self.kill(how="in an API fault")
            self.wait_leads(self.current, self.start())
        if kind == "date":
            self.deployment.orders.skew_date(0)
        self.pause(1.0, 6.0)
        self.kill(how="after an API fault")

    def life_clock(self):
        """The host's clock is set while the daemon runs, now and then set right again; killed in it or after it."""
        clock = HostClock(self.current.folder)
        if not clock.library or not self.deployment.settings.clock_set:
            return self.life_random()
        since = self.start(**clock.environment())
        if not self.wait_leads(self.current, since):
            return self.kill()
        step = self.plan.clock_step(always=True)
        clock.set(step / self.deployment.clock.speed)
        self.tally.count("clock_steps", "while it runs")
        self.pause(1.0, 5.0)
        if self.chance.random() < 0.5:
            clock.set(0)
            self.pause(1.0, 4.0)
        if not self.current.running:
            self.trouble(f"ended with code {self.current.exit_code} when the clock was set by {step:.0f} s")
        self.kill(how="after the clock was set")

    def life_rights(self):
        """The rights to a topic, the group or the transactional id are taken away and given back."""
        deployment = self.deployment
        kind, name = self.chance.choice(((ResourceType.TOPIC, self.chance.choice(deployment.topics)),
                                         (ResourceType.TOPIC, deployment.progress_topic),
                                         (ResourceType.GROUP, deployment.name),
                                         (ResourceType.TRANSACTIONAL_ID, deployment.transactional_id)))
        since = self.start()
        if not self.wait_leads(self.current, since) or not self.bed.take_right(kind, name):
            return self.kill()
        self.tally.count("rights", kind.name)
        self.pause(0.5, 4.0)
        if self.chance.random() < 0.4:
            self.kill(how="without a right")
            self.start()
            self.pause(0.5, 2.0)
        self.give_back(kind, name)
        self.pause(1.0, 6.0)
        self.kill(how="after a right was given back")

    def give_back(self, kind, name: str):
        deadline = time.monotonic() + LEADS_SECONDS
        while not self.bed.give_right(kind, name):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the right to {name} cannot be given back")
            time.sleep(0.5)

    def life_backfill(self):
        """A backfill or a refresh, killed in it, and begun again by the next daemon or later."""
        since = self.start()
        if not self.wait_leads(self.current, since):
            return self.kill()
        asked = self.backfills.draw()
        command = self.current.command(*asked)
        self.tally.count("backfills", "refresh" if "--refresh" in asked else "before")
        self.pause(0.1, 2.5)
        self.kill(how="in a backfill")
        command.kill()
        if self.chance.random() < 0.5 and self.wait_leads(self.current, self.start()):
            command = self.current.command(*asked)
            try:
                if command.process.wait(self.chance.uniform(0.5, 6.0)) == 0:
                    self.backfills.done(asked)
            except subprocess.TimeoutExpired:  # killed in it again
                pass
            self.kill(how="in a backfill")
            command.kill()

    def life_partitions(self):
        """One of the data topics gets a partition more while a daemon leads."""
        topic = self.chance.choice(self.deployment.topics)
        since = self.start()
        if self.wait_leads(self.current, since) and self.bed.add_partition(topic):
            self.tally.count("partitions")
        self.pause(0.5, 3.0)
        self.kill(how="after a partition more")

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
