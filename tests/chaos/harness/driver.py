"""One deployment's lives in a round: each daemon is started, something befalls it, and kill -9 ends it; then the next."""

import pathlib
import time

from . import network, points, progress_files
from .bed import Bed
from .deployment import Daemon, Deployment, Settings
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
        step = self.plan.clock_step()
        if step:
            self.tally.count("clock_steps")
        daemon.start(step, **environment)
        return since

    def kill(self, daemon: Daemon = None, how: str = "random"):
        daemon = daemon or self.current
        if not daemon.running and daemon.exit_code != -9:
            self.trouble(f"ended by itself with code {daemon.exit_code}")
        daemon.kill()
        self.tally.count("kills", how)

    def wait_leads(self, daemon: Daemon, since: int, seconds: float = LEADS_SECONDS) -> bool:
        if daemon.leads(seconds, since):
            return True
        if not daemon.running:
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

    # -- lives --------------------------------------------------------------------------------------------------------

    def live(self):
        getattr(self, f"life_{self.plan.next_life()}")()

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

    # -- the end ------------------------------------------------------------------------------------------------------

    def settle(self):
        """Everything heals; one last pass over the whole look-back, so that what was served is in Kafka."""
        daemon = self.current
        since = self.start(daemon)
        self.wait_leads(daemon, since)
        if daemon.stop() != 0:
            self.trouble("did not stop cleanly at the end")
        codes = []
        while len(codes) < 8 and codes[-1:] != [0]:  # the simulated API fails now and then
            codes.append(daemon.once())
        if codes[-1] != 0:
            self.trouble(f"run --once at the end: codes {codes}")
