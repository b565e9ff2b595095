"""The processes of the demo and of the end-to-end tests: API simulator, mock Kafka, daemon. All on 127.0.0.1; each has a log
file, ends with its parent, and is stopped by its pid."""

import ctypes
import os
import pathlib
import signal
import subprocess
import time

STOP_SECONDS = 15
START_SECONDS = 20


class PartError(Exception):
    """A part that did not start or ended by itself; shown as one line and the end of its log."""


class Clock:
    """A clock that runs `speed` times as fast as the real one, shown alike by the simulator and the daemon."""

    def __init__(self, shown: str, speed: float):
        self.real_anchor = time.time_ns() // 1000
        self.shown = shown
        self.speed = speed

    def simulator_options(self) -> list:
        return ["--clock-real-anchor", str(self.real_anchor), "--clock-start", self.shown,
                "--clock-speed", f"{self.speed:g}"]

    def yaml(self) -> str:
        return (f"testing:\n  clock:\n    real_anchor: {self.real_anchor}\n    shown: {self.shown}\n"
                f"    speed: {self.speed:g}\n")


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Part:
    def __init__(self, name: str, command: list, folder: pathlib.Path, environment: dict = None):
        self.name = name
        self.command = [str(word) for word in command]
        self.log = folder / f"{name}.log"
        self.environment = environment or {}
        self.process = None

    def start(self) -> "Part":
        if not pathlib.Path(self.command[0]).is_file():
            raise PartError(f"{self.command[0]} is not built yet")
        # A key or broker that the caller has set is meant for his own daemon, not for ours.
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("OPENELECTRICITY_", "KAFKA_BOOTSTRAP"))} | self.environment
        with open(self.log, "ab") as log:
            # In a session of its own: Ctrl-C reaches the parent alone, which then stops the parts in order.
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=environment, start_new_session=True, preexec_fn=die_with_parent)
        return self

    def check(self):
        if self.process.poll() is not None:
            raise PartError(f"{self.name} ended with code {self.process.returncode}:\n{self.log_tail()}")

    def wait_until(self, ready, seconds: float = START_SECONDS):
        """What `ready()` returns once that is something."""
        deadline = time.monotonic() + seconds
        while True:
            found = ready()
            if found:
                return found
            self.check()
            if time.monotonic() > deadline:
                raise PartError(f"{self.name} is not ready after {seconds:.0f} s:\n{self.log_tail()}")
            time.sleep(0.05)

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, and SIGKILL when that does not help; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def log_tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def start_simulator(binaries: pathlib.Path, folder: pathlib.Path, clock: Clock, key: str, *options: str):
    """(part, base URL); `key` has the ENTERPRISE plan: no daily credits."""
    port_file = folder / "simulator.port"
    port_file.unlink(missing_ok=True)
    command = [binaries / "openelectricity-simulator", "--listen", "127.0.0.1:0", "--port-file", port_file,
               "--key", f"{key}:ENTERPRISE", *clock.simulator_options(), *options]
    part = Part("simulator", command, folder).start()
    try:
        port = part.wait_until(lambda: port_file.exists() and port_file.read_text(encoding="ascii").strip())
    except PartError:
        part.stop()
        raise
    return part, f"http://127.0.0.1:{port}/v4"


def start_mock_kafka(binaries: pathlib.Path, folder: pathlib.Path):
    """(part, bootstrap)."""
    part = Part("mock-kafka", [binaries / "openelectricity-mock-kafka"], folder).start()

    def bootstrap():
        for line in part.log.read_text(encoding="utf-8").splitlines():
            if line.startswith("bootstrap "):
                return line.split()[1]
        return None

    try:
        return part, part.wait_until(bootstrap)
    except PartError:
        part.stop()
        raise


def start_daemon(binaries: pathlib.Path, folder: pathlib.Path, config: str) -> Part:
    """`openelectricity-stream run` with this YAML; it may not be ready yet."""
    file = folder / "openelectricity-stream.yaml"
    file.write_text(config, encoding="utf-8")
    file.chmod(0o600)
    return Part("openelectricity-stream", [binaries / "openelectricity-stream", "run", "--config", file], folder).start()
