"""What a campaign has done, kept in a folder after each round: an interrupted one goes on with the next round of its seed."""

import json
import os
import pathlib
import random

from .tally import Tally


class CampaignRecord:
    def __init__(self, folder: pathlib.Path = None):
        """`folder` None: not kept."""
        self._file = folder and folder / "campaign.json"
        self.tally = Tally()
        self.rounds = 0
        self._minutes_before = 0.0
        self._minutes_now = 0.0
        self._seed = None
        if self._file and self._file.exists():
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self._seed, self.rounds, self._minutes_before = kept["seed"], kept["rounds"], kept["minutes"]
            self.tally.load(kept["tally"])

    @property
    def minutes(self) -> float:
        """Of all its rounds, whenever they were."""
        return self._minutes_before + self._minutes_now

    def begin(self, wanted=None) -> int:
        """Its seed: that of its first beginning."""
        if self._seed is None:
            self._seed = random.randrange(1 << 30) if wanted is None else wanted
            self._keep()
        elif wanted not in (None, self._seed):
            raise SystemExit(f"{self._file} is of a campaign with seed {self._seed}, not {wanted}")
        return self._seed

    def round_done(self, minutes: float):
        """`minutes`: since this process began it."""
        self.rounds += 1
        self._minutes_now = minutes
        self._keep()

    def _keep(self):
        if not self._file:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"seed": self._seed, "rounds": self.rounds, "minutes": self.minutes,
                                     "tally": self.tally.dump()}, indent=1), encoding="utf-8")
        os.replace(fresh, self._file)
