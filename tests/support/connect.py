"""A worker of Kafka Connect in one process, with connectors as files of properties; and a PostgreSQL of its own to write to."""

import fcntl
import os
import pathlib
import pwd
import shutil
import subprocess

from kafka import KafkaError, cache_dir, free_port
from parts import ROOT, Part

EXAMPLES = ROOT / "examples" / "connect"
VERSION = "3.9.1"
FAILED = "Task threw an uncaught and unrecoverable exception"


def fetch() -> pathlib.Path:
    """What fetch.sh makes; once."""
    home = cache_dir() / f"connect-{VERSION}"
    home.parent.mkdir(parents=True, exist_ok=True)
    with open(home.parent / ".lock-connect", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            subprocess.run([EXAMPLES / "fetch.sh", home], stdin=subprocess.DEVNULL, timeout=900, check=True)
            (home / "ready").touch()
    return home


def properties(example: str, /, **said: str) -> str:
    """A file of the examples with other values for what it says; a name with `__` for dots."""
    lines = (EXAMPLES / example).read_text(encoding="utf-8").splitlines()
    for key, value in said.items():
        key = key.replace("__", ".")
        place = [number for number, line in enumerate(lines) if line.startswith(key + "=")]
        assert len(place) == 1, f"{example} says {key} {len(place)} times"
        lines[place[0]] = f"{key}={value}"
    return "\n".join(lines) + "\n"


class Connect:
    """Ended with a `with`."""

    def __init__(self, folder: pathlib.Path, bootstrap: str, connectors: dict):
        """`connectors`: name of the file → its text."""
        self.folder = folder
        home = fetch()
        texts = {"worker.properties": properties("worker.properties", bootstrap__servers=bootstrap, plugin__path=str(home / "plugins"),
                                                 offset__storage__file__filename=str(folder / "offsets"))
                 + f"listeners=http://127.0.0.1:{free_port()}\n", **connectors}
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.part = Part("connect", [shutil.which("java"), "-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", f"{home}/worker/*",
                                     "org.apache.kafka.connect.cli.ConnectStandalone", *(folder / name for name in texts)], folder)

    def wait_until(self, ready, seconds: float = 240):
        def whether():
            said = self.part.log.read_text(encoding="utf-8", errors="replace")
            assert FAILED not in said, said[said.index(FAILED):][:3000]
            return ready()
        self.part.wait_until(whether, seconds)

    def __enter__(self) -> "Connect":
        self.part.start()
        return self

    def __exit__(self, *_):
        self.part.kill()


class Postgres:
    """Debian's, as a user of its own, on 127.0.0.1 without a password. Ended with a `with`."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.port = free_port()
        self.url = f"jdbc:postgresql://127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> "Postgres":
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            raise KafkaError("PostgreSQL is missing: deploy/install-deps.sh --tests installs it")
        self.binaries = found[-1].parent
        # It refuses to run as root, who runs these tests at times; the folder above is root's alone.
        self.data = pathlib.Path(f"/tmp/oes-postgres-{os.getpid()}-{self.port}")
        self.data.mkdir(mode=0o700)
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.data, user.pw_uid, user.pw_gid)
        self._as_its_user("initdb", "-D", self.data, "-U", "electricity", "-A", "trust", "--no-sync")
        self._as_its_user("pg_ctl", "-D", self.data, "-w", "-t", "120", "-l", self.data / "log", "-o",
                          f"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -p {self.port}", "start")
        return self

    def _as_its_user(self, program: str, *arguments):
        command = [str(word) for word in (self.binaries / program, *arguments)]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              timeout=180, check=False)
        if done.returncode != 0:
            raise KafkaError(f"{program}: {done.stderr[-500:]}")

    def rows(self, query: str) -> list:
        """Each row as a list of texts; None where a field is null. Empty while the table is not there."""
        done = subprocess.run([self.binaries / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "electricity", "-d", "postgres", "-A",
                               "-t", "-q", "-F", "\t", "-P", "null=\\N", "-c", query], capture_output=True, text=True, timeout=60,
                              check=False)
        if "does not exist" in done.stderr:
            return []
        assert done.returncode == 0, done.stderr
        return [[None if field == "\\N" else field for field in line.split("\t")] for line in done.stdout.splitlines()]

    def __exit__(self, *_):
        self._as_its_user("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.data)
