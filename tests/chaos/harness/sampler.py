"""Reads every progress.json of a round again and again: what was ever there must have been committed (rule f)."""

import threading

from .progress_files import read_valid

EVERY = 0.05


class Sampler:
    def __init__(self, drivers: list):
        self._drivers = drivers
        self._stop = threading.Event()
        self._seen = {}
        self.samples = {driver.deployment.name: set() for driver in drivers}
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _run(self):
        while not self._stop.wait(EVERY):
            for driver in self._drivers:
                for daemon in list(driver.deployment.daemons):
                    self._look(driver.deployment, daemon.progress)

    def _look(self, deployment, path):
        try:
            status = path.stat()
        except OSError:
            return
        mark = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._seen.get(path) == mark:
            return
        self._seen[path] = mark
        body = read_valid(path)
        if body and body["topic"] == deployment.progress_topic:
            self.samples[deployment.name].add((body["sequence"], body["offset"]))
