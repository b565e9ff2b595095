"""What befalls a daemon in one life: it is started, something happens to it or around it, and kill -9 ends it."""

import subprocess
import time

from confluent_kafka.admin import ResourceType

from . import network, points, progress_files
from .host_clock import HostClock

LEADS_SECONDS = 90  # brokers may be away


class Lives:
    """A driver's lives, one a method, named as plan.LIVES has them. The driver starts, waits and tells."""

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
        if not self.wait_leads(self.current, since):
            return self.kill()
        if not self.bed.take_right(kind, name):  # it may be taken all the same: only the answer is missing
            self.give_back(kind, name)
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
