"""Backfills, refreshes and what is left of them: asked of the daemon while kills go on, finished before the checker looks."""

import datetime

from .deployment import Deployment

DAY = 86400


def _text(instant: float) -> str:
    return datetime.datetime.fromtimestamp(instant, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:00Z")


class Backfills:
    def __init__(self, deployment: Deployment, chance):
        self._deployment, self._chance = deployment, chance
        self.unfinished = []

    def draw(self) -> list:
        """Arguments of one: a stretch before the stream's start, or one that it has published, refreshed."""
        stream = self._chance.choice(self._deployment.settings.streams)
        now, start = self._deployment.clock_now(), self._deployment.clock_start()
        refresh = self._chance.random() < 0.4
        hours = self._chance.choice((1, 3, 6, 24))
        latest = now - 6 * 3600 if refresh else start - 3600
        end = latest - self._chance.uniform(0, DAY / 4)
        begin = end - hours * 3600
        grid = 3600
        asked = ["backfill", "--stream", stream.name, "--from", _text(begin - begin % grid), "--to", _text(end - end % grid),
                 "--yes", *(("--refresh",) if refresh else ())]
        if asked not in self.unfinished:
            self.unfinished.append(asked)
        return asked

    def done(self, asked: list):
        if asked in self.unfinished:
            self.unfinished.remove(asked)
