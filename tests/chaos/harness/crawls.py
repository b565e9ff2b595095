"""Requests for next to nothing, one after the other: credits burnt. After trouble a window may shrink, but a good answer ends the
trouble, so that the next window is a usual one."""

import datetime
import urllib.parse
from collections import Counter

import orjson

NARROW = 600  # seconds: two intervals of 5m
# Single gaps are asked for one by one, too; live polls come in between.
MOST = 25


def crawls(lines) -> list:
    """(what was asked, how many good answers to narrow windows followed each other) where they are too many."""
    running, worst = Counter(), Counter()
    for line in lines:
        if not line.endswith(b"\n"):
            break
        answer = orjson.loads(line)
        group, width = _window(answer["request"])
        if group is None:
            continue
        good = answer["status"] == 200 and not answer.get("fault")
        running[group] = running[group] + 1 if good and width is not None and width <= NARROW else 0
        worst[group] = max(worst[group], running[group])
    return [(group, count) for group, count in worst.items() if count > MOST]


def _window(request: str) -> tuple:
    """(what is asked but for the dates, seconds asked for or None); (None, None): no series of 5m."""
    path, _, query = request.partition("?")
    if "/network/" not in path:
        return None, None
    asked = urllib.parse.parse_qs(query)
    if asked.get("interval", ["5m"]) != ["5m"]:
        return None, None
    begin, end = asked.pop("date_start", None), asked.pop("date_end", None)
    group = f"{path}?{urllib.parse.urlencode(sorted(asked.items()), doseq=True)}"
    if not begin or not end:
        return group, None
    span = datetime.datetime.fromisoformat(end[0]) - datetime.datetime.fromisoformat(begin[0])
    return group, span.total_seconds()
