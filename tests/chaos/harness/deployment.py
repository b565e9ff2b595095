"""One deployment under test: its own simulator, its own topics, one to three daemons with a progress_path each."""

import datetime
import pathlib
import re
import signal
import subprocess
import time

from . import SUPPORT  # noqa: F401  (sys.path)
from .bed import DAEMON, Bed
from .private_disk import PrivateDisk
from .setups import Setup
from .simulator_orders import SimulatorOrders
from .streams import USUAL
from daemon_config import config
from parts import BINARIES, Clock, Part, start_simulator
from rights import CLIENT

KEY = "chaos-test-key-0123456789"
START = "2026-03-10T02:00:00Z"


def instant(text: str) -> float:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Settings:
    """What differs between deployments of a campaign and of a directed scenario."""

    def __init__(self, **given):
        self.speed = 600.0
        self.streams = USUAL
        self.delivery = "exactly_once"
        self.kafka = {}        # more of its section
        self.gap_retry = "1d"
        self.registry = ""     # where the schemas of Avro are
        self.compacting = False
        self.clock_set = False  # the host's clock may be set while a daemon runs
        self.transaction_timeout = "3s"
        self.message_timeout = "2s"
        self.properties = {}
        self.faults = "0.02,status,cut,html,badjson,reset"
        self.simulator = ()
        self.small_disk = True
        self.environment = {}
        for name, value in given.items():
            if not hasattr(self, name):
                raise TypeError(name)
            setattr(self, name, value)

    def config(self, name: str, folder: pathlib.Path, **where) -> str:
        """What a daemon is told; progress lies in `folder`."""
        usual = {"session_timeout": "1s", "transaction_timeout": self.transaction_timeout,
                 "message_timeout": self.message_timeout,
                 "properties": {"client.id": name, "reconnect.backoff.max.ms": "500", **CLIENT, **self.properties}}
        if self.registry:
            where["schema_registry"] = {"url": self.registry, "timeout": "3s"}
        return config(name, folder, delivery=self.delivery, kafka={**usual, **self.kafka},
                      api={"api_key": KEY, "connect_timeout": "2s", "first_byte_timeout": "5s"},
                      budget={"requests_per_second": 1000}, schedule={"gap_retry": self.gap_retry},
                      streams={stream.name: stream.options(name) for stream in self.streams}, **where)

    def drawn(self, setup: Setup) -> "Settings":
        """The same with a drawn configuration."""
        return Settings(**{**vars(self), "streams": setup.streams, "kafka": setup.kafka(), "gap_retry": setup.gap_retry,
                           "simulator": setup.simulator(), "compacting": setup.compacting,
                           "clock_set": setup.clock_set, "registry": self.registry if setup.avro else ""})


class Daemon:
    """One member of a deployment; its process comes and goes, its folder stays."""

    def __init__(self, owner: "Deployment", number: int):
        self.owner = owner
        self.folder = owner.folder / f"daemon-{number}"
        self.disk = PrivateDisk(self.folder / "progress", small=owner.settings.small_disk)
        self.config = self.folder / "config.yaml"
        self.part = None

    def start(self, step_seconds: float = 0, **environment) -> "Daemon":
        """`step_seconds`: the daemon's clock is wrong by so much."""
        self.config.write_text(self.owner.config(self.disk.path, step_seconds), encoding="utf-8")
        self.config.chmod(0o600)
        self.part = Part("daemon", [DAEMON, "run", "--config", self.config], self.folder,
                         {**self.owner.settings.environment, **environment}).start()
        return self

    def once(self, seconds: float = 180):
        """`run --once`: every stream to the edge, each from its whole look-back, then the exit code; None: not in time."""
        self.config.write_text(self.owner.config(self.disk.path, 0), encoding="utf-8")
        part = Part("daemon", [DAEMON, "run", "--once", "--config", self.config], self.folder,
                    self.owner.settings.environment).start()
        try:
            return part.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            part.stop()

    def command(self, *arguments: str) -> Part:
        """A command of an operator, with this daemon's configuration; it asks the daemon where one runs."""
        return Part("command", [DAEMON, *arguments, "--config", self.config], self.folder, self.owner.settings.environment).start()

    @property
    def pid(self) -> int:
        return self.part.process.pid

    @property
    def running(self) -> bool:
        return self.part is not None and self.part.process.poll() is None

    @property
    def exit_code(self):
        return None if self.part is None else self.part.process.poll()

    @property
    def progress(self) -> pathlib.Path:
        return self.disk.path / "progress.json"

    def match(self) -> str:
        """How its own connections (not the progress reader's) are told from all others at the proxy."""
        return f"-{self.pid}-"

    def kill(self):
        if self.part:
            self.part.kill()

    def stop(self) -> int:
        return self.part.stop() if self.part else 0

    # One that has refused is gone: nobody hears.
    def freeze(self):
        self.part.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.part.process.send_signal(signal.SIGCONT)

    def frozen(self) -> bool:
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
                return stat.read().rsplit(")", 1)[1].split()[0] == "T"
        except OSError:
            return False

    def log_text(self, since: int = 0) -> str:
        try:
            with open(self.folder / "daemon.log", encoding="utf-8", errors="replace") as log:
                log.seek(since)
                return log.read()
        except OSError:
            return ""

    def log_size(self) -> int:
        try:
            return (self.folder / "daemon.log").stat().st_size
        except OSError:
            return 0

    def wait_log(self, text: str, seconds: float, since: int = 0) -> bool:
        """false: not said in time, or the process ended without saying it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            over = not self.running
            if re.search(text, self.log_text(since)):
                return True
            if over:
                return False
            time.sleep(0.03)
        return False

    def leads(self, seconds: float, since: int) -> bool:
        return self.wait_log("leading: reading and publishing", seconds, since)


class Deployment:
    def __init__(self, bed: Bed, folder: pathlib.Path, name: str, seed: int, settings: Settings = None):
        self.bed = bed
        self.name = name
        self.seed = seed
        self.settings = settings or Settings()
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self.served = self.folder / "served"
        self.clock = Clock(START, self.settings.speed)
        self.simulator, self.api = start_simulator(
            BINARIES, self.folder, self.clock, KEY, "--seed", str(seed % 1000000), "--rate-limit", "off",
            "--served-log", str(self.served), *(("--faults", self.settings.faults) if self.settings.faults else ()),
            *self.settings.simulator)
        self.orders = SimulatorOrders(self.api)
        self.daemons = [Daemon(self, 1)]

    @property
    def daemon(self) -> Daemon:
        return self.daemons[0]

    def member(self, number: int) -> Daemon:
        while len(self.daemons) < number:
            self.daemons.append(Daemon(self, len(self.daemons) + 1))
        return self.daemons[number - 1]

    def config(self, progress: pathlib.Path, step_seconds: float) -> str:
        clock = Clock(self.clock.shown, self.clock.speed)
        # A step of the shown time, made by an anchor that is earlier or later in real time.
        clock.real_anchor = self.clock.real_anchor - round(step_seconds / self.clock.speed * 1e6)
        return self.settings.config(self.name, progress.parent, base_url=self.api, bootstrap=self.bed.proxied, clock=clock)

    def calm(self):
        """The API is good, and its time runs as the real one does, so that its edge can be reached and stays reached.
        Daemons started from now on go by it."""
        self.orders.be_good()
        anchor = self.orders.set_speed(1)
        self.clock.real_anchor, self.clock.shown, self.clock.speed = anchor["real_anchor_us"], anchor["start"], 1

    @staticmethod
    def clock_start() -> float:
        return instant(START)

    def clock_now(self) -> float:
        """What the simulator shows, as seconds since 1970."""
        return instant(self.clock.shown) + (time.time() - self.clock.real_anchor / 1e6) * self.clock.speed

    @property
    def topics(self) -> list:
        return sorted({f"{self.name}.{stream.topic}" for stream in self.settings.streams})

    @property
    def progress_topic(self) -> str:
        return f"openelectricity.progress.{self.name}"

    @property
    def transactional_id(self) -> str:
        return f"openelectricity.{self.name}"

    @property
    def shapes(self) -> dict:
        return {member: shape for stream in self.settings.streams for member, shape in stream.members().items()}

    def close(self):
        for daemon in self.daemons:
            if daemon.running:
                if daemon.frozen():
                    daemon.thaw()
                daemon.kill()
            daemon.disk.close()
        self.simulator.stop()
