"""What the replaced PySpark source did, told anew from its behaviour: batch after batch it asks for the next hours, puts all metrics
of a time and series into one row, writes a row of nulls where anything goes wrong, and moves on all the same, looking at no clock."""

import datetime
import json
import urllib.error
import urllib.parse
import urllib.request

from published import COLUMNS_22

NEM = datetime.timezone(datetime.timedelta(hours=10))


class OldReader:
    """`options`: of the old source. Times are on NEM's clock, without an offset, as it had them."""

    def __init__(self, options: dict, position: datetime.datetime):
        self.options = options
        self.position = position
        self.fails = lambda start: False  # which batches the network spoils

    def ask(self, start: datetime.datetime, end: datetime.datetime) -> list:
        """Rows as dicts of the 22 columns."""
        query = [*(("metrics", metric) for metric in self.options["metrics"]), ("interval", self.options.get("interval", "5m")),
                 ("primary_grouping", self.options["primary_grouping"]), ("date_start", start.isoformat()), ("date_end", end.isoformat())]
        url = f"{self.options['base_url']}/data/network/NEM?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.options['api_key']}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            blocks = json.load(answer)["data"]
        rows = {}
        for block in blocks:
            for series in block["results"]:
                for label, value in series["data"]:
                    place = (label, series["columns"].get("region"))
                    rows.setdefault(place, {"interval": datetime.datetime.fromisoformat(label), "network_code": "NEM",
                                            "network_region": place[1]})[block["metric"]] = value
        return list(rows.values())

    def batch(self) -> list:
        """Tuples in the order of the 22 columns; the position is behind them now."""
        start, end = self.position, self.position + datetime.timedelta(hours=float(self.options.get("batch_size_hours", 1)))
        try:
            if self.fails(start):
                raise OSError("spoilt")
            rows = self.ask(start, end)
        except (OSError, KeyError, ValueError):  # urllib's errors are OSErrors
            rows = [{}]
        self.position = end
        return [tuple(row.get(name) for name in COLUMNS_22) for row in rows]

    def save(self, folder):
        (folder / "progress.json").write_text(json.dumps({"timestamp": self.position.isoformat()}), encoding="utf-8")
