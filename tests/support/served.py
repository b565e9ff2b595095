"""What the simulator served (its --served-log): the source of truth of a checker."""

import datetime
import json
import pathlib

# Labels of an answer's columns → columns of a record.
COLUMNS = {"region": "network_region", "network_region": "network_region", "fueltech_group": "fueltech_group",
           "unit_code": "unit_code"}


def instant(label: str) -> int:
    """Seconds since 1970 of a label with an offset."""
    return round(datetime.datetime.fromisoformat(label).timestamp())


def _labels(series: dict) -> list:
    if "labels" in series:
        return [instant(label) for label in series["labels"]]
    first = instant(series["first"])
    return [first + place * series["step"] for place in range(len(series["values"]))]


def points(log: pathlib.Path) -> dict:
    """(network, metric, unit, region, fueltech group, instant) → the set of value texts served; null is None."""
    found = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        answer = json.loads(line)
        if answer["status"] != 200 or answer.get("cut"):
            continue
        for block in answer.get("blocks") or []:
            for series in block["series"]:
                named = {COLUMNS[name]: value for name, value in series["columns"].items() if name in COLUMNS}
                for at, value in zip(_labels(series), series["values"]):
                    key = (block["network_code"], block["metric"], block["unit"], named.get("network_region"),
                           named.get("fueltech_group"), at)
                    found.setdefault(key, set()).add(value)
    return found
