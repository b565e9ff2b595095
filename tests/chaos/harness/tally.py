"""What was done and found, over all deployments of all rounds."""

import threading
from collections import Counter


class Tally:
    def __init__(self):
        self._lock = threading.Lock()
        self.done = Counter()     # kills, zombies, …
        self.details = Counter()  # kinds and points, for the curious
        self.found = Counter()    # records, lost, repeated, broken rules
        self.troubles = []        # (deployment, what): an exit, a wait or a rule that should not have been
        self.failures = []        # (deployment or round, what) of the harness itself: what it left is not judged

    def dump(self) -> dict:
        with self._lock:
            return {"done": dict(self.done), "details": dict(self.details), "found": dict(self.found),
                    "troubles": [list(one) for one in self.troubles], "failures": [list(one) for one in self.failures]}

    def load(self, kept: dict):
        self.done, self.details, self.found = (Counter(kept[name]) for name in ("done", "details", "found"))
        self.troubles = [tuple(one) for one in kept["troubles"]]
        self.failures = [tuple(one) for one in kept.get("failures", [])]  # a campaign of an older harness has none

    def rewind(self, before: dict):
        """To what it dumped before a round that came to no end, and that is begun again; what was found in it stays."""
        with self._lock:
            self.done, self.details = Counter(before["done"]), Counter(before["details"])
            for figure in ("records", "late"):
                self.found[figure] = before["found"].get(figure, 0)

    def count(self, what: str, detail: str = ""):
        with self._lock:
            self.done[what] += 1
            if detail:
                self.details[f"{what}: {detail}"] += 1

    def trouble(self, deployment: str, what: str):
        with self._lock:
            self.troubles.append((deployment, what))

    def failed(self, where: str, what: str):
        with self._lock:
            self.failures.append((where, what))

    def has_trouble(self, deployment: str) -> bool:
        return any(name == deployment for name, _ in self.troubles)

    def take(self, deployment: str, report: dict, broken: dict):
        with self._lock:
            self.found["records"] += report["records"]
            self.found["late"] += report["late"]
            for rule, cases in broken.items():
                self.found[rule] += len(cases)
                self.troubles.append((deployment, f"{rule}: {len(cases)}, e.g. {cases[:3]}"))

    def summary(self, seed: int) -> dict:
        return {**{name: self.done[name] for name in ("kills", "zombies", "broker_kills", "network_faults", "file_faults")},
                **{name: self.found[name] for name in ("records", "lost", "repeated")},
                "harness": len(self.failures), "seed": seed}
