"""A real schema registry (Apicurio, in memory) on 127.0.0.1, by Confluent's API: it can be paused, and emptied by a restart."""

import fcntl
import json
import pathlib
import shutil
import signal
import subprocess
import tarfile
import tempfile
import urllib.error
import urllib.request

from kafka import KafkaError, cache_dir, free_port
from parts import Part

VERSION = "2.6.13.Final"
READY_SECONDS = 180


def fetch() -> pathlib.Path:
    """The folder with the runner's jar; downloaded once, through Maven."""
    home = cache_dir() / f"apicurio-{VERSION}"
    if home.is_dir():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    with open(home.parent / ".lock-apicurio", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if home.is_dir():
            return home
        if not shutil.which("mvn"):
            raise KafkaError("mvn (Maven) is missing: deploy/install-deps.sh --tests installs it")
        with tempfile.TemporaryDirectory(dir=home.parent, prefix=".apicurio-") as work:
            artifact = f"io.apicurio:apicurio-registry-app:{VERSION}:tar.gz:all"
            subprocess.run(["mvn", "-q", "-B", "-Dstyle.color=never", "dependency:copy", f"-Dartifact={artifact}",
                            f"-DoutputDirectory={work}"], stdin=subprocess.DEVNULL, cwd=work, timeout=900, check=True)
            with tarfile.open(next(pathlib.Path(work).glob("*.tar.gz"))) as archive:
                archive.extractall(pathlib.Path(work) / "home")
            (pathlib.Path(work) / "home").rename(home)
    return home


class RegistryClient:
    """Questions to a registry that runs somewhere."""

    def __init__(self, url: str):
        self.url = url

    def ask(self, path: str, body=None, method: str = None) -> dict:
        request = urllib.request.Request(self.url + path, data=None if body is None else json.dumps(body).encode(), method=method,
                                         headers={"Content-Type": "application/vnd.schemaregistry.v1+json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def subjects(self) -> list:
        return self.ask("/subjects")

    def register(self, subject: str, schema: dict) -> int:
        return self.ask(f"/subjects/{subject}/versions", {"schema": json.dumps(schema)}, "POST")["id"]

    def rule(self, compatibility: str):
        """Of all subjects; Apicurio has none by itself."""
        self.ask("/config", {"compatibility": compatibility}, "PUT")

    def schema(self, number: int) -> dict:
        return json.loads(self.ask(f"/schemas/ids/{number}")["schema"])

    def versions(self, subject: str) -> list:
        try:
            return self.ask(f"/subjects/{subject}/versions")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return []
            raise


class Registry(RegistryClient):
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.port = free_port()
        self.part = None
        super().__init__(f"http://127.0.0.1:{self.port}/apis/ccompat/v7")

    def start(self) -> "Registry":
        jar = next(fetch().glob("*-runner.jar"))
        self.part = Part("registry", [shutil.which("java"), "-Xmx256m", "-XX:TieredStopAtLevel=1", f"-Dquarkus.http.port={self.port}",
                                      "-Dquarkus.http.host=127.0.0.1", "-jar", jar], self.folder).start()
        self.part.wait_until(self.answers, READY_SECONDS)
        return self

    def __enter__(self) -> "Registry":
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def answers(self) -> bool:
        try:
            return isinstance(self.subjects(), list)
        except OSError:
            return False

    def stop(self):
        if self.part:
            self.part.process.send_signal(signal.SIGCONT)
            self.part.kill()
            self.part = None

    def empty(self):
        """What it held is gone: ids begin anew."""
        self.stop()
        self.start()

    def pause(self):
        self.part.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.part.process.send_signal(signal.SIGCONT)
