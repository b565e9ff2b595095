"""A Debian of its own, booted by systemd-nspawn. It shares its host's network, so it finds Kafka and the simulator on 127.0.0.1.

What a machine writes goes into a folder above a base that all machines of a release share; both are mounted as one."""

import os
import pathlib
import shutil
import subprocess
import time

from kafka import cache_dir

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Seconds; all of them for a machine whose cores are busy with other things.
MAKE_SECONDS = 900
BOOT_SECONDS = 180
COMMAND_SECONDS = 300
STOP_SECONDS = 60


class MachineError(Exception):
    pass


def base_of(release: str, daemon_package: pathlib.Path) -> pathlib.Path:
    """Made once a release and kept in the cache: systemd, and what the package depends on, already downloaded."""
    base = cache_dir() / "system" / f"{release}-machine"
    if (base / "ready").exists():
        return base
    base.parent.mkdir(parents=True, exist_ok=True)
    script = ("rm -f /etc/apt/apt.conf.d/docker-clean; export DEBIAN_FRONTEND=noninteractive; apt-get update -q && "
              "apt-get install -q -y --no-install-recommends systemd systemd-sysv dbus ca-certificates procps && "
              "apt-get install -q -y --no-install-recommends --download-only /tmp/daemon.deb")
    machine = [ROOT / "deploy" / "fresh-machine.sh", "--release", release, "--in", base, "--"]
    subprocess.run([*machine, "true"], check=True, timeout=MAKE_SECONDS)
    shutil.copy(daemon_package, base / "tmp" / "daemon.deb")
    subprocess.run([*machine, "bash", "-c", script], check=True, timeout=MAKE_SECONDS)
    (base / "ready").touch()
    return base


class Machine:
    def __init__(self, base: pathlib.Path, folder: pathlib.Path):
        self.base = base
        self.folder = folder
        self.root = folder / "root"
        self.console = folder / "console.log"
        self.process = None
        self.leader = None

    def __enter__(self) -> "Machine":
        for name in ("root", "above", "work"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        options = f"lowerdir={self.base},upperdir={self.folder / 'above'},workdir={self.folder / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, self.root], check=True)
        try:
            self._boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _boot(self):
        with open(self.console, "ab") as console:
            self.process = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--directory", self.root, "--boot",
                 "--resolv-conf=off", "--machine", f"oes-{os.getpid()}"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True)
        self.until(self._is_up, BOOT_SECONDS)

    def _is_up(self) -> bool:
        if self.process.poll() is not None:
            raise MachineError(f"the machine ended at its boot:\n{self.console.read_text(errors='replace')[-2000:]}")
        self.leader = self._first_process()
        if not self.leader:
            return False
        state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    def _first_process(self):
        """Its systemd: the child of nspawn's that is process 1 in there."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            status = pathlib.Path(f"/proc/{child}/status").read_text()
            ids = next(line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))
            if ids[-1] == "1" and os.readlink(f"/proc/{child}/exe").endswith("systemd"):
                return child
        return None

    def run(self, *command, check: bool = True, stdin: str = None, seconds: float = COMMAND_SECONDS):
        """A command in the machine, as root; its text on both outputs together."""
        done = subprocess.run(
            ["nsenter", "--target", self.leader, "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--root", "--wdns=/",
             "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8",
             "DEBIAN_FRONTEND=noninteractive", *map(str, command)],
            input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=seconds, check=False)
        if check and done.returncode != 0:
            raise MachineError(f"{' '.join(map(str, command))}: code {done.returncode}\n{done.stdout[-3000:]}")
        return done

    def install(self, *packages: pathlib.Path, options: tuple = ()) -> str:
        """As an operator does it: apt, with what the packages depend on."""
        names = [f"/tmp/{package.name}" for package in packages]
        for package, name in zip(packages, names):
            self.put(name, package.read_bytes())
        return self.run("apt-get", "install", "-q", "-y", "--no-install-recommends", *options, *names).stdout

    def put(self, path: str, content, mode: int = 0o644, owner: str = "root:root"):
        data = content.encode() if isinstance(content, str) else content
        # Through the machine's own mounts: a tmpfs of its own lies over /tmp and /run.
        target = pathlib.Path(f"/proc/{self.leader}/root{path}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.run("chmod", f"{mode:o}", path)
        self.run("chown", owner, path)

    def hosts_number(self, pid: int) -> int:
        """The host's number of a process of the machine's."""
        inside = os.readlink(f"/proc/{self.leader}/ns/pid")
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                ids = next(line.split()[1:] for line in status.read_text().splitlines() if line.startswith("NSpid:"))
                if ids[-1] == str(pid) and os.readlink(status.parent / "ns" / "pid") == inside:
                    return int(ids[0])
            except OSError:  # it ended meanwhile
                continue
        raise MachineError(f"no process {pid}")

    def property(self, unit: str, name: str) -> str:
        return self.run("systemctl", "show", "--property", name, "--value", unit).stdout.strip()

    def journal(self, unit: str = "openelectricity-stream.service", lines: int = 200) -> str:
        return self.run("journalctl", "--no-pager", "--quiet", "--unit", unit, "--lines", lines).stdout

    def until(self, true, seconds: float = 60, told=None):
        """What `true()` returns once that is something; `told()` says more where it stays away."""
        deadline = time.monotonic() + seconds
        while True:
            found = true()
            if found:
                return found
            if time.monotonic() > deadline:
                raise MachineError(f"not within {seconds:.0f} s\n{told() if told else ''}")
            time.sleep(0.2)

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            if self.leader:
                self.run("systemctl", "poweroff", check=False)
            try:
                self.process.wait(STOP_SECONDS if self.leader else 1)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        subprocess.run(["umount", "--recursive", "--lazy", self.root], check=False)
        shutil.rmtree(self.folder / "above", ignore_errors=True)
        shutil.rmtree(self.folder / "work", ignore_errors=True)
